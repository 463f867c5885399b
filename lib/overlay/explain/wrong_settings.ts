// Settings that have no effect, or not the one that was meant: what the overlay has warned of when it read them, and
// what it would warn of now, as a journal forgets.

import type { ByteString } from "../../bytes.ts";
import { unlessRefused } from "../../report.ts";
import { EnvironmentStore, type StoreOs } from "../environment_store.ts";
import type { JournalEntry } from "../journal/snapshot.ts";
import { NAMES_BEGIN_WITH, Settings } from "../settings.ts";
import { SignalRoutes } from "../signals/signal_routes.ts";
import { tellOfUnknown } from "../unknown_settings.ts";

const OF_SETTING = new RegExp(`^${NAMES_BEGIN_WITH}[A-Za-z0-9_#.]+(?:="| is not )`);

/** One line each, those of the journal first. */
export function wrongSettings(journal: readonly JournalEntry[], os: StoreOs): ByteString[] {
  const lines = new Set<ByteString>();
  for (const { event, text } of journal) if (event === "warning" && OF_SETTING.test(text)) lines.add(text);
  // Where the environment was kept there is no store.
  const environment = unlessRefused(() => new EnvironmentStore(os).read(() => {}));
  if (environment === undefined) return [...lines];
  const warn = (line: ByteString): void => void lines.add(line);
  const settings = new Settings((variable) => environment.get(variable), warn);
  settings.check();
  new SignalRoutes(settings, warn).check(environment);
  tellOfUnknown(environment, warn);
  return [...lines];
}
