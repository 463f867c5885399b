// What an image has for other generations of the overlay and this one ignores: it gets a line at boot, so that it is
// not missed in silence.

import type { ByteString } from "../../bytes.ts";
import type { Door, Os } from "../../os/os.ts";
import { ifThere, OsError } from "../../report.ts";
import type { Reporter } from "../../reporter.ts";
import { MOST_ENTRIES } from "./user_directories.ts";

type IgnoredOs = Pick<Os, "close"> & { readonly door: Pick<Door, "hold" | "find" | "list" | "readHead"> };

/** Sources of services of generation 3. */
export const SOURCES = "/etc/s6-overlay/s6-rc.d";
export const STAGES_OF_EARLIER = "/etc/s6/init";

/** What the tarball has in the place of each stage of generation 2, so that builds that edit them go on. */
export const STAGE_STUB =
  "# Not used: the stages are in process 1. What is changed here is told of at boot, and ignored.\n";
export const STAGES: readonly string[] = ["init-stage1", "init-stage2", "init-stage3"];

/** Tells of what is ignored. False if services are. */
export function tellOfIgnored(os: IgnoredOs, report: Reporter): boolean {
  try {
    const stages = changedStages(os);
    if (stages.length > 0) {
      report(
        "warning",
        "s6-init",
        `${stages.map((name) => `${STAGES_OF_EARLIER}/${name}`).join(", ")} was changed, which has no effect: ` +
          "settings and S6_STAGE2_HOOK do what such changes are usually for",
      );
    }
    const services = ignoredServices(os);
    if (services === 0) return true;
    report(
      "warning",
      "s6-init",
      `${SOURCES}: ${services === 1 ? "one service is" : `${services} services are`} ignored, as services ` +
        "of generation 3 are not supported yet: /etc/services.d and /etc/cont-init.d are",
    );
    return false;
  } catch (error) {
    // On another file system, or not to be inspected: the user that put it there knows of it.
    if (error instanceof OsError) return true;
    throw error;
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

/** How much is read of what says of which type a source is. */
export const TYPE_SIZE = 64;

/** True if it says that the source is a bundle: a name for others. */
export function isBundle(type: ByteString): boolean {
  return /^bundle\s*$/.test(type);
}

function ignoredServices(os: IgnoredOs): number {
  const { door } = os;
  const directory = ifThere(() => door.hold(SOURCES, undefined, { mounts: "refuse" }), "ENOTDIR");
  if (directory === undefined) return 0;
  try {
    const isSource = (name: ByteString): boolean =>
      !name.startsWith(".") && door.find(`${name}/type`, directory) !== undefined &&
      !isBundle(door.readHead(`${name}/type`, TYPE_SIZE, directory));
    return door.list(".", MOST_ENTRIES, directory).filter(isSource).length;
  } finally {
    os.close(directory);
  }
}
