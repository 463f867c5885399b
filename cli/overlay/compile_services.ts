// What a child of process 1 does for an image of generation 3: it compiles the image's definitions into the database of the
// boot, makes the live directory and links the longruns into the scan directory, all of them down.

import type { ByteString } from "../../lib/bytes.ts";
import type { Reporter } from "../../lib/reporter.ts";
import { layConditions, readConditions } from "../../lib/overlay/rc/conditions_directory.ts";
import { type DefinitionPlaces } from "../../lib/overlay/rc/generation.ts";
import { imageDefinitions } from "../../lib/overlay/rc/image_definitions.ts";
import { CONDITIONS, DATABASE, SCAN_DIRECTORY } from "../../lib/overlay/rc/places.ts";
import { PATHS } from "../../lib/overlay/paths.ts";
import { HOLDER_RIGHTS } from "../../lib/overlay/variable_names.ts";
import { compileDefinitions } from "../../lib/rc/compile.ts";
import { writeCompiled } from "../../lib/rc/compiled_database.ts";
import { DefinitionFailure } from "../../lib/rc/definition.ts";
import { withListings } from "../../lib/rc/listed_names.ts";
import { linkAll, makeLiveDirectory, stranded } from "../../lib/rc/live_making.ts";
import { LIVE_DIRECTORY } from "../../lib/rc/places.ts";
import type { Progress } from "../../lib/rc/progress.ts";
import { linkTree } from "../../lib/link_tree.ts";
import { Failure, ifThere, isErrno, OsError, textOf } from "../../lib/report.ts";
import { removeTree } from "../../lib/tree.ts";
import type { Context } from "../applet.ts";

const SUBJECT = "s6-rc-compile";
const RUN = "/run";
const WISHES = { waits: false, user: undefined, rights: HOLDER_RIGHTS };

/** @returns the exit code */
export function compileServices(
  context: Context,
  report: Reporter,
  places: DefinitionPlaces,
  verbosity: number,
): number {
  try {
    make(context, places, (from, level, text) => {
      if (from <= verbosity && level !== "tracing") report(level, SUBJECT, text);
    });
    return 0;
  } catch (error) {
    if (!(error instanceof Failure || error instanceof OsError)) throw error;
    report("fatal", SUBJECT, textOf(error));
    const cure = cureOf(error);
    if (cure !== undefined) report("info", SUBJECT, cure);
    return 1;
  }
}

function cureOf(error: Failure | OsError): ByteString | undefined {
  if (error instanceof DefinitionFailure) return error.cure;
  return isErrno(error, "EACCES", "EPERM", "EROFS")
    ? `services of generation 3 need a ${RUN} that this user can write to: a tmpfs does, as docker run --tmpfs ${RUN}:exec makes it`
    : undefined;
}

function make(context: Context, places: DefinitionPlaces, progress: Progress): void {
  const os = withListings(context.os);
  os.setUmask(0o022);
  const definitions = imageDefinitions(os, places, progress);
  const conditions = readConditions(os, definitions);
  const compiled = compileDefinitions(definitions, progress);
  removeEarlier(context);
  layConditions(os, conditions);
  const fresh = `${DATABASE}.new`;
  writeCompiled(os, fresh, compiled, WISHES, progress);
  os.rename(fresh, DATABASE);
  const scanDirectory = os.find(SCAN_DIRECTORY) === undefined ? PATHS.services : SCAN_DIRECTORY;
  const plan = { live: LIVE_DIRECTORY, scanDirectory, prefix: "", database: DATABASE };
  const path = makeLiveDirectory(os, plan, compiled.graph.services.length, linkTree);
  linkAll(os, path, plan);
}

/** A container that is started again has what it had; and one may have been taken for generation 2 at first. */
function removeEarlier({ os }: Context): void {
  removeTree(os, DATABASE);
  removeTree(os, `${DATABASE}.new`);
  removeTree(os, CONDITIONS);
  for (const path of stranded(os, LIVE_DIRECTORY)) removeTree(os, path);
  if (ifThere(() => os.lstat(LIVE_DIRECTORY))?.kind === "directory") removeTree(os, LIVE_DIRECTORY);
}
