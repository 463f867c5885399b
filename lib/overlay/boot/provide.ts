// The user's files as stage 2 has them provided: by process 1 itself where they lie on the root file system, in slices between
// other events; by a child where they do not.

import type { ByteString } from "../../bytes.ts";
import type { Environment } from "../../environment.ts";
import { OsError, textOf } from "../../report.ts";
import type { Reporter } from "../../reporter.ts";
import { throughDoor } from "./copied_files.ts";
import { haveDone, isElsewhere, type Task } from "./elsewhere.ts";
import { PATHS } from "../paths.ts";
import type { ScriptPorts } from "../scripts.ts";
import { inSlices, type Steps } from "../steps.ts";
import { holdUserDirectory, withHeld } from "./user_directories.ts";
import { makeAvailable, type UserFilesOs } from "./user_files.ts";
import { ensureModes } from "./user_modes.ts";
import { type Provided, provideServices } from "./user_services.ts";

interface ProvidePorts extends ScriptPorts {
  readonly os: ScriptPorts["os"] & UserFilesOs;
  /** The environment of the supervision tree. */
  readonly tree: Environment;
}

/** Makes the directories in `source` available. False if that has failed, which is reported. */
export function* provideUserFiles(ports: ProvidePorts, source: ByteString, copy: boolean): Steps<boolean> {
  const os = throughDoor(ports.os);
  const work = (report: Reporter): Generator<void> => makeAvailable(os, source, copy, report);
  return yield* hereOrThere(ports, work, "provide", [source, copy ? "copy" : "link"]);
}

/** Gives them the modes that running them needs. */
export function* provideModes(ports: ProvidePorts): Steps<void> {
  // deno-lint-ignore require-yield
  const work = function* (report: Reporter): Generator<void> {
    ensureModes(ports.os, report);
  };
  yield* hereOrThere(ports, work, "modes", []);
}

/** Does the work here, or, where it comes to something that is not to be read here, has a child do all of it. */
function* hereOrThere(
  ports: ProvidePorts,
  work: (report: Reporter) => Generator<void>,
  task: Task,
  words: readonly ByteString[],
): Steps<boolean> {
  const reports: Parameters<Reporter>[] = [];
  try {
    yield* inSlices(ports.reactor, work((...report) => reports.push(report)));
    return true;
  } catch (error) {
    if (isElsewhere(error)) {
      reports.length = 0;
      return yield* haveDone(ports, "s6-init", task, words, ports.tree);
    }
    if (!(error instanceof OsError)) throw error;
    reports.push(["fatal", "s6-init", textOf(error)]);
    return false;
  } finally {
    reports.forEach((report) => ports.report(...report));
  }
}

/**
 * Copies services to where they run, and returns the names of those that are there.
 * @param source where the user's directories are, for messages
 */
export function* provideUserServices(
  ports: ProvidePorts,
  source: ByteString,
  names: readonly ByteString[],
): Steps<ByteString[]> {
  const there = yield* copyServices(ports, source, names);
  if (there.elsewhere.length === 0) return [...there.names];
  yield* haveDone(ports, "services.d", "services", [source, ...there.elsewhere], ports.tree);
  return [...there.names, ...there.elsewhere.filter((name) => isService(ports.os, name))];
}

function* copyServices(
  { os, reactor, report }: ProvidePorts,
  source: ByteString,
  names: readonly ByteString[],
): Steps<Provided> {
  const nothing = { names: [], elsewhere: [] };
  try {
    const held = holdUserDirectory(os, "services.d");
    if (held === undefined) return nothing;
    try {
      const work = provideServices(throughDoor(os), held, `${source}/services.d`, names, report);
      return yield* inSlices(reactor, work);
    } finally {
      os.close(held.fd);
    }
  } catch (error) {
    if (isElsewhere(error)) return { names: [], elsewhere: names };
    if (!(error instanceof OsError)) throw error;
    report("warning", "services.d", textOf(error));
    return nothing;
  }
}

/** True for a service that is in the scan directory. */
function isService(os: UserFilesOs, name: ByteString): boolean {
  return hasEntry(os, name, ".");
}

/** True if a service in the scan directory has a file of that name, on the file system of the scan directory. */
export function hasEntry(os: UserFilesOs, service: ByteString, entry: ByteString): boolean {
  return withHeld(os, { fd: os.door.hold(PATHS.services), path: PATHS.services }, ({ fd }) => {
    try {
      return os.door.find(`${service}/${entry}`, fd) !== undefined;
    } catch (error) {
      if (error instanceof OsError) return false;
      throw error;
    }
  });
}
