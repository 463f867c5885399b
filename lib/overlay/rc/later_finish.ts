// cont-finish.d at the end of a container of generation 3. It is the way down of legacy-cont-init, which s6-rc may have gone by
// hand: a mark says so, and has the scripts run once.

import type { ByteString } from "../../bytes.ts";
import { OsError, textOf } from "../../report.ts";
import type { Reporter } from "../../reporter.ts";
import { sourceOf } from "../boot/profile.ts";
import type { Printer } from "../logging/outputs.ts";
import { ownFiles, type OwnFilesOs } from "../own_files.ts";
import { PATHS } from "../paths.ts";
import type { Settings } from "../settings.ts";
import type { FinishManner } from "../stop/finish_manner.ts";
import { STEPS } from "./built_in_definitions.ts";

interface FinishPorts {
  readonly os: OwnFilesOs;
  readonly settings: Pick<Settings, "get">;
  readonly report: Reporter;
}

/** What the end is silent about in this generation. */
export const NOTHING_SAID: Printer = { line: () => {}, write: () => {} };

/**
 * Lines as in generation 3.
 * @param isDue nothing has run the scripts yet
 */
export function laterFinish({ settings, report }: FinishPorts, isDue: boolean): FinishManner {
  const path = (name: ByteString): ByteString => `${sourceOf(settings)}/cont-finish.d/${name}`;
  return {
    variables: [["RC_NAME", STEPS.initialize]],
    isDue,
    begin: () => {},
    running: (name) => report("info", "cont-finish", `running ${path(name)}`),
    ran: (name, how) => report("info", "cont-finish", `${path(name)} ${how}`),
    done: () => {},
  };
}

/** From now on s6-rc does not run the scripts; true if it has not done so already. */
export function claimFinish({ os, report }: FinishPorts): boolean {
  const own = ownFiles(os);
  try {
    if (own.find(PATHS.finished) !== undefined) return false;
    own.writeFile(PATHS.finished, "", 0o644);
  } catch (error) {
    if (!(error instanceof OsError)) throw error;
    report("warning", "s6-rc", textOf(error));
  }
  return true;
}
