// What there is to say of the container as a whole: what it does, since when, what it waits for, why it stops.

import type { ByteString } from "../../bytes.ts";
import { printable } from "../../printable.ts";
import type { ContainerSnapshot, Moment } from "../journal/snapshot.ts";
import { containerInWords } from "../journal/state_words.ts";
import { durationInWords } from "../durations.ts";

/** "container: running without a command, for 5 min 3 s", and more behind a semicolon. */
export function headline(
  { state, since, cause, stopEnds, awaited, notStarted }: ContainerSnapshot,
  now: Moment,
): ByteString {
  const span = (from: Moment, to: Moment): string => durationInWords(to.after - from.after);
  const parts: ByteString[] = [`container: ${containerInWords(state)}, for ${span(since, now)}`];
  if (cause !== null) parts.push(`cause: ${cause}`);
  if (stopEnds !== null) parts.push(`it has ${span(now, stopEnds)} left`);
  if (awaited !== null) {
    const most = awaited.until === null ? "without limit" : `for ${span(now, awaited.until)} more at most`;
    parts.push(`it waits for ${awaited.names.join(", ")} ${most}`);
  }
  const [first, ...others] = notStarted;
  if (first !== undefined) {
    const more = others.length === 0 ? "" : `, and ${others.length} more`;
    parts.push(`the boot has not started ${first.name}, which ${first.why}${more}`);
  }
  return printable(parts.join("; "));
}
