// Files of the stages of generation 2, which builds edit and this overlay does not read: a change gets a line at boot, so that
// it is not missed in silence.

import type { Door } from "../../os/os.ts";
import { OsError } from "../../report.ts";
import type { Reporter } from "../../reporter.ts";

type IgnoredOs = { readonly door: Pick<Door, "find"> };

export const STAGES_OF_EARLIER = "/etc/s6/init";

/** What the tarball has in the place of each stage of generation 2, so that builds that edit them go on. */
export const STAGE_STUB =
  "# Not used: the stages are in process 1. What is changed here is told of at boot, and ignored.\n";
export const STAGES: readonly string[] = ["init-stage1", "init-stage2", "init-stage3"];

export function tellOfChangedStages(os: IgnoredOs, report: Reporter): void {
  try {
    const stages = changedStages(os);
    if (stages.length === 0) return;
    report(
      "warning",
      "s6-init",
      `${stages.map((name) => `${STAGES_OF_EARLIER}/${name}`).join(", ")} was changed, which has no effect: ` +
        "settings and S6_STAGE2_HOOK do what such changes are usually for",
    );
  } catch (error) {
    // On another file system, or not to be inspected: the user that put it there knows of it.
    if (!(error instanceof OsError)) throw error;
  }
}

/** An image edits one of them: that one is of another size, or of a later time than the one before or behind it. */
function changedStages({ door }: IgnoredOs): string[] {
  const found = STAGES.map((name) => ({ name, status: door.find(`${STAGES_OF_EARLIER}/${name}`) }));
  const times = found.flatMap(({ status }) => status === undefined ? [] : [status.modified]);
  const first = times.reduce((least, time) => time < least ? time : least, times[0] ?? 0n);
  return found.filter(({ status }) =>
    status !== undefined && (status.size !== STAGE_STUB.length || status.modified !== first)
  ).map(({ name }) => name);
}
