// Stage 1: the place where the overlay keeps its state, the environment store, a scan directory that holds the services of
// our own. A failure here ends the container: nothing would work without them.

import type { ByteString } from "../../bytes.ts";
import { readEnvdir, wholeContent } from "../../envdir.ts";
import { Environment } from "../../environment.ts";
import type { Os } from "../../os/os.ts";
import { isErrno, OsError, textOf } from "../../report.ts";
import type { Reporter } from "../../reporter.ts";
import { type RemovePorts, removeTree } from "../../tree.ts";
import { type BuiltInOs, layServices } from "./built_in_services.ts";
import { storeEnvironment } from "../contenv.ts";
import { type LaterNamesOs, provideLaterNames } from "./later_names.ts";
import { PATHS } from "../paths.ts";
import { containerPath, type Precedence, treePath } from "./search_path.ts";
import { type Elsewhere, prepareState, type StateOs } from "./state_directory.ts";

type Stage1Os =
  & BuiltInOs
  & StateOs
  & RemovePorts
  & LaterNamesOs
  & Pick<Os, "makeDirectory" | "listDirectory" | "writeFile" | "readFile" | "currentDirectory">;

/** The container's environment as its programs will see it: with our commands in PATH, and the working directory. */
export function containerEnvironment(
  given: Environment,
  workingDirectory: ByteString,
  first: Precedence,
): Environment {
  return given.with([["PATH", containerPath(given.get("PATH"), first)], ["CWD", workingDirectory]]);
}

interface StateWishes {
  /** The environment is passed on, not stored. */
  readonly keepEnvironment: boolean;
  /** Whose programs the supervision tree finds first. */
  readonly first: Precedence;
  /** Takes warnings. */
  readonly report: Reporter;
  readonly elsewhere: Elsewhere;
}

/** Of an earlier run of the container, that is: this one has yet to come to what they say. */
const MARKS: readonly ByteString[] = [PATHS.later, PATHS.startedServices, PATHS.finished];

/** Makes the state directory, and in it whatever the later stages rely on. */
export function makeState(
  os: Stage1Os,
  environment: Environment,
  { keepEnvironment, first, report, elsewhere }: StateWishes,
): void {
  prepareState(os, report, elsewhere, () => {
    for (const name of os.listDirectory(PATHS.state)) {
      const path = `${PATHS.state}/${name}`;
      if (name.startsWith("env-") || MARKS.includes(path)) removeTree(os, path);
    }
    removeTree(os, PATHS.containerEnvironment);
    if (!keepEnvironment) storeEnvironment(os, environment, report);
    for (const path of [PATHS.stage1, PATHS.stage2, PATHS.stage3]) os.makeDirectory(path, 0o755);
    os.writeFile(`${PATHS.stage1}/PATH`, treePath(first), 0o644);
    provideLaterNames(os, report);
    removeTree(os, PATHS.notifySockets);
    os.makeDirectory(PATHS.notifySockets, 0o711);
    removeTree(os, PATHS.services);
    os.makeDirectory(PATHS.services, 0o755);
    layServices(os);
  });
}

type Reader = Pick<Os, "readFile" | "listDirectory">;
/** The environment of the supervision tree. */
export function treeEnvironment(
  os: Reader,
  container: Environment,
  keepEnvironment: boolean,
  report: Reporter,
): Environment {
  return keepEnvironment ? container : merged(os, Environment.empty, PATHS.stage1, report);
}

/**
 * An environment with the variables of a directory put in. A directory that is missing adds nothing, and neither does
 * what cannot be read, which is reported.
 */
export function merged(os: Reader, environment: Environment, directory: ByteString, report: Reporter): Environment {
  const tell = (error: unknown): void => {
    if (!(error instanceof OsError)) throw error;
    if (!isErrno(error, "ENOENT", "ENOTDIR")) report("warning", "s6-init", `${textOf(error)}: it is left out`);
  };
  const reader = {
    listDirectory: (path: ByteString): ByteString[] => {
      try {
        return os.listDirectory(path);
      } catch (error) {
        tell(error);
        return [];
      }
    },
    readFile: (path: ByteString): ByteString => os.readFile(path),
  };
  return environment.with(readEnvdir(reader, directory, wholeContent, tell));
}

/** The environment of what stage 2 runs: that of the tree, with the additions of the image and of this start. */
export function stage2Environment(own: Reader, image: Reader, tree: Environment, report: Reporter): Environment {
  return merged(own, merged(image, tree, PATHS.stage2Extension, report), PATHS.stage2, report);
}
