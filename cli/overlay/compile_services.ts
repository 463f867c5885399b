// What a child of process 1 does for an image of generation 3: it compiles the image's definitions into the database of the
// boot, makes the live directory and links the longruns into the scan directory, all of them down. Those whose turn comes
// first it lays first, and process 1 starts them while it lays the others.

import type { ByteString } from "../../lib/bytes.ts";
import type { Reporter } from "../../lib/reporter.ts";
import { layConditions, readConditions } from "../../lib/overlay/rc/conditions_directory.ts";
import { type DefinitionPlaces } from "../../lib/overlay/rc/generation.ts";
import { imageDefinitions } from "../../lib/overlay/rc/image_definitions.ts";
import { CONDITIONS, DATABASE, SCAN_DIRECTORY } from "../../lib/overlay/rc/places.ts";
import { PATHS } from "../../lib/overlay/paths.ts";
import { cureOfPassedOver, interpreterPassedOver, passedOverInWords } from "../../lib/overlay/rc/script_in_up.ts";
import { HOLDER_RIGHTS } from "../../lib/overlay/variable_names.ts";
import { TOP } from "../../lib/overlay/rc/built_in_definitions.ts";
import { LAID } from "../../lib/overlay/rc/laying.ts";
import { type Compiled, compileDefinitions } from "../../lib/rc/compile.ts";
import { writeLongrun, writeTables } from "../../lib/rc/compiled_database.ts";
import { type Definition, DefinitionFailure, WRONG_DEFINITION } from "../../lib/rc/definition.ts";
import { withListings } from "../../lib/rc/listed_names.ts";
import { linkDown, type LivePlan, makeLiveDirectory, stranded } from "../../lib/rc/live_making.ts";
import { LIVE_DIRECTORY } from "../../lib/rc/places.ts";
import { type Progress, VERBOSITY } from "../../lib/rc/progress.ts";
import { startOrder } from "../../lib/rc/start_order.ts";
import { linkTree } from "../../lib/link_tree.ts";
import { EXIT, Failure, ifThere, isErrno, OsError, textOf, unlessRefused } from "../../lib/report.ts";
import { removeTree } from "../../lib/tree.ts";
import type { Context } from "../applet.ts";

const SUBJECT = "s6-rc-compile";
const RUN = "/run";
const WISHES = { waits: false, user: undefined, rights: HOLDER_RIGHTS };
/**
 * How many longruns there are when process 1 is told for the first time; each time later there are twice as many. Scripts may
 * look for the service directories of others, which the original has made before it starts any: few images have more.
 */
const FIRST_TOLD = 64;

/** @returns the exit code */
export function compileServices(
  context: Context,
  report: Reporter,
  places: DefinitionPlaces,
  verbosity: number,
): number {
  try {
    make(context, report, places, (from, level, text) => {
      if (from <= verbosity && level !== "tracing") report(level, SUBJECT, text);
    });
    return 0;
  } catch (error) {
    if (!(error instanceof Failure || error instanceof OsError)) throw error;
    report("fatal", SUBJECT, textOf(error));
    const cure = cureOf(error);
    if (cure !== undefined) report("info", SUBJECT, cure);
    return error instanceof DefinitionFailure ? WRONG_DEFINITION : EXIT.system;
  }
}

function cureOf(error: Failure | OsError): ByteString | undefined {
  if (error instanceof DefinitionFailure) return error.cure;
  return isErrno(error, "EACCES", "EPERM", "EROFS")
    ? `services of generation 3 need a ${RUN} that this user can write to: a tmpfs does, as docker run --tmpfs ${RUN}:exec makes it`
    : undefined;
}

interface LayingPorts {
  readonly os: ReturnType<typeof withListings<Context["os"]>>;
  readonly report: Reporter;
  readonly progress: Progress;
}

/** What process 1 is told, whatever it reads. */
const TOLD = new Uint8Array(1);

function make(context: Context, report: Reporter, places: DefinitionPlaces, progress: Progress): void {
  const os = withListings(context.os);
  os.setUmask(0o022);
  const definitions = imageDefinitions(os, places, progress);
  const conditions = readConditions(os, definitions);
  const compiled = compileDefinitions(definitions, progress);
  removeEarlier(context);
  layConditions(os, conditions);
  const fresh = `${DATABASE}.new`;
  writeTables(os, fresh, compiled, WISHES, progress);
  os.rename(fresh, DATABASE);
  const scanDirectory = os.find(SCAN_DIRECTORY) === undefined ? PATHS.services : SCAN_DIRECTORY;
  const plan = { live: LIVE_DIRECTORY, scanDirectory, prefix: "", database: DATABASE };
  const path = makeLiveDirectory(os, plan, compiled.graph.services.length, linkTree);
  linkInternal(os, path, plan);
  layLongruns({ os, report, progress }, compiled, path, plan);
  // Last, as services start meanwhile.
  tellOfScripts(os, report, definitions);
}

/** Those that would do something else than they say. Such a file is no error to s6-rc. */
function tellOfScripts(os: LayingPorts["os"], report: Reporter, definitions: readonly Definition[]): void {
  for (const { kind, directory } of definitions) {
    for (const name of kind === "oneshot" ? ["up", "down"] : []) {
      const path = `${directory}/${name}`;
      if (os.lacks(path)) continue;
      const interpreter = interpreterPassedOver(unlessRefused(() => os.readFile(path)) ?? "");
      if (interpreter === undefined) continue;
      report("warning", SUBJECT, `${path}: ${passedOverInWords(interpreter)}: ${cureOfPassedOver(name)}`);
    }
  }
}

/** The services of s6-rc itself. Without them there is no boot, and nothing is left that s6-rc would work on. */
function linkInternal(os: LayingPorts["os"], path: ByteString, plan: LivePlan): void {
  const links = [plan.live];
  try {
    for (const name of os.listDirectory(`${path}/servicedirs`)) {
      linkDown(os, path, plan, name);
      links.push(`${plan.scanDirectory}/${name}`);
    }
  } catch (error) {
    for (const link of links) unlessRefused(() => os.unlink(link));
    for (const tree of [path, DATABASE]) unlessRefused(() => removeTree(os, tree));
    throw error;
  }
}

/** One whose directory cannot be laid has none, and fails when its turn comes; the others have theirs. */
function layLongruns(ports: LayingPorts, compiled: Compiled, path: ByteString, plan: LivePlan): void {
  const { os, progress } = ports;
  progress(VERBOSITY.services, "info", `writing ${DATABASE}/servicedirs`);
  let tellAt = FIRST_TOLD;
  let laid = 0;
  for (const number of startOrder(compiled.graph, TOP)) {
    const { name } = compiled.graph.services[number]!;
    if (compiled.directories[number] === undefined) continue;
    const places = [DATABASE, path].map((place) => `${place}/servicedirs/${name}`) as [ByteString, ByteString];
    try {
      writeLongrun(os, DATABASE, compiled, number, progress);
      linkTree(os, ...places);
      linkDown(os, path, plan, name);
    } catch (error) {
      if (!(error instanceof Failure || error instanceof OsError)) throw error;
      ports.report("warning", SUBJECT, `service ${name} has no service directory: ${textOf(error)}`);
      for (const place of places) unlessRefused(() => removeTree(os, place));
    }
    if (++laid < tellAt) continue;
    os.writeAll(LAID, TOLD);
    tellAt *= 2;
  }
}

/** A container that is started again has what it had; and one may have been taken for generation 2 at first. */
function removeEarlier({ os }: Context): void {
  removeTree(os, DATABASE);
  removeTree(os, `${DATABASE}.new`);
  removeTree(os, CONDITIONS);
  for (const path of stranded(os, LIVE_DIRECTORY)) removeTree(os, path);
  if (ifThere(() => os.lstat(LIVE_DIRECTORY))?.kind === "directory") removeTree(os, LIVE_DIRECTORY);
}
