// What keeps run from being executed: diagnoses from its file and from what that needs.

import type { ByteString } from "../../bytes.ts";
import { libraryOf } from "../../image/elf.ts";
import { parseShebang } from "../../image/shebang.ts";
import { PATHS } from "../paths.ts";
import {
  couldNotRun,
  type Diagnosed,
  type Diagnosis,
  type Facts,
  isMissing,
  type ProgramFile,
  type RunFile,
} from "./facts.ts";

/** A diagnosis of a file that could not be executed. */
interface FileDiagnosis extends Omit<Diagnosis, "find"> {
  readonly find: (run: RunFile) => Diagnosed | undefined;
}

function ofRun(name: string, says: string, find: FileDiagnosis["find"]): FileDiagnosis {
  return { name, says, find };
}

/** A diagnosis of run itself, or of the interpreter that it names. */
function ofProgram(
  name: string,
  says: string,
  find: (program: ProgramFile, what: string) => Diagnosed | undefined,
): FileDiagnosis {
  return ofRun(name, says, (run) => {
    const found = run.kind === "file" ? find(run, "run") : undefined;
    if (found !== undefined || run.interpreter === undefined) return found;
    return find(run.interpreter, `the interpreter ${run.interpreter.path} of run`);
  });
}

const MISSING = "interpreter-missing";
/** A file of a longrun, in the live directory of s6-rc. */
const LIVE_SERVICE = /\/s6-rc(?::[^/]*)?\/servicedirs\/([^/]+\/.+)$/;
const BYTE_ORDER_MARK = "\xef\xbb\xbf";
const FOR_SCRIPTS = "begin run with a line that names its interpreter, such as #!/bin/sh or #!/usr/bin/with-contenv sh";

const FILE_DIAGNOSES: readonly FileDiagnosis[] = [
  ofRun("run-missing", "there is no file run, or it is a link that leads nowhere", ({ kind, leadsTo, path }) => {
    if (kind !== "missing") return undefined;
    if (leadsTo !== undefined) {
      return { why: `run is a link to ${leadsTo}, which does not exist`, cure: `put ${leadsTo} into the image` };
    }
    return {
      why: `there is no ${path}`,
      cure: `put the program that is to be supervised, or a script, at ${inImage(path)}`,
    };
  }),
  ofRun(
    "run-is-no-file",
    "run is a directory, or another thing that cannot be executed",
    ({ kind }) =>
      kind === "file" || kind === "missing" ? undefined : {
        why: `run is a ${kind}`,
        cure: "run must be a program or a script: put the file itself in its place",
      },
  ),
  ofRun(
    "run-empty",
    "run is an empty file",
    ({ size, kind }) => kind !== "file" || size > 0 ? undefined : { why: "run is empty", cure: FOR_SCRIPTS },
  ),
  ofRun("byte-order-mark", "run begins with a byte order mark", ({ head }) =>
    head.startsWith(BYTE_ORDER_MARK)
      ? {
        why: "run begins with a byte order mark, so that its #! line is not seen",
        cure: "save it as UTF-8 without one",
      }
      : undefined),
  ofRun(
    "crlf",
    "run has the line ends of another system",
    ({ head }) =>
      /^#![^\n]*\r(?:\n|$)/.test(head)
        ? { why: "run has CRLF line ends", cure: "convert it, for example with dos2unix" }
        : undefined,
  ),
  ofRun("no-shebang", "run is a script whose first line names no interpreter", ({ kind, head }) => {
    if (kind !== "file" || head === "" || head.startsWith("\x7fELF") || parseShebang(head)) return undefined;
    return { why: "run has no #! line that names its interpreter", cure: FOR_SCRIPTS };
  }),
  ofRun(MISSING, "the interpreter that run names is not in the image", ({ interpreter, lookedUp }) => {
    // What the overlay knows by an earlier name is started though it is not there.
    if (interpreter?.kind !== "missing") return undefined;
    // Where there is no env the overlay runs what it names.
    if (lookedUp?.isThere === false) return nameNotFound(lookedUp);
    const { path } = interpreter;
    return {
      why: `the interpreter ${path} of run does not exist`,
      cure: `install ${path}, or begin run with an interpreter that the image has, such as #!/bin/sh`,
    };
  }),
  ofProgram(
    "exec-format",
    "a program is for another architecture",
    ({ foreignMachine }, what) =>
      foreignMachine === undefined ? undefined : {
        why: `${what} is a program for ${foreignMachine}, which does not run here`,
        cure: "take the one for this machine's architecture (docker build --platform, COPY --from)",
      },
  ),
  ofProgram("loader-missing", "a program was built for another system", ({ missingLoader }, what) => {
    if (missingLoader === undefined) return undefined;
    const library = libraryOf(missingLoader);
    return {
      why: `${what} is there, but the loader ${missingLoader} that it needs is not in the image: it was built for ` +
        (library === undefined ? "another system" : `a system with ${library}`),
      cure: "take a program that was built for this image's system, or a static one",
    };
  }),
  ofProgram("permission", "a file is not executable for the user it runs as", notExecutable),
  ofProgram("noexec", "a program lies on a file system that is mounted noexec", ({ noexec, head, path }, what) => {
    // A script on such a file system is run all the same: its interpreter is what has to be executed.
    if (noexec === undefined || !head.startsWith("\x7fELF")) return undefined;
    return {
      why: `${what} is a program on ${noexec}, which is mounted noexec`,
      cure: `put the program elsewhere and have run execute it, or mount ${noexec} with exec (${inImage(path)})`,
    };
  }),
];

export const RUN_DIAGNOSES: readonly Diagnosis[] = FILE_DIAGNOSES.map(({ name, says, find }) => ({
  name,
  says,
  find: (facts) => {
    const found = facts.run === undefined || !couldNotRun(facts) ? undefined : find(facts.run);
    return found ?? (name === MISSING ? notLookedUp(facts) : undefined);
  },
}));

/**
 * The same diagnoses of a program that is not run of a service, and could not be executed.
 * @param name what it is called in them
 */
export function diagnoseProgram(program: RunFile, name: ByteString): Diagnosed | undefined {
  // Not what is behind a slash: the rest of a path.
  const named = (text: ByteString): ByteString => text.replaceAll(/(?<![\w/.-])run\b/g, name);
  for (const { find } of FILE_DIAGNOSES) {
    const found = find(program);
    if (found !== undefined) return { why: named(found.why), cure: named(found.cure) };
  }
  return undefined;
}

/** What with-contenv or env was to start. */
function notLookedUp({ service, run }: Facts): Diagnosed | undefined {
  if (run?.lookedUp === undefined || run.lookedUp.isThere || !isMissing(service) || service.lastExit?.code !== 127) {
    return undefined;
  }
  return nameNotFound(run.lookedUp);
}

function nameNotFound({ by, name }: NonNullable<RunFile["lookedUp"]>): Diagnosed {
  return {
    why: `the first line of run has ${by} start ${name}, which is not in the image`,
    cure: `install ${name}, or name another interpreter there: #!${by} sh`,
  };
}

/** Services run in copies, which the next boot makes anew: what is to be changed is the image's own file. */
function inImage(path: ByteString): ByteString {
  const place = `${PATHS.services}/`;
  if (path.startsWith(place)) return `${path} and, in the image, /etc/services.d/${path.slice(place.length)}`;
  const [, defined] = LIVE_SERVICE.exec(path) ?? [];
  return defined === undefined ? path : `${path} and, in the image, /etc/s6-overlay/s6-rc.d/${defined}`;
}

function notExecutable({ kind, mayExecute, mode, uid, path }: ProgramFile, what: string): Diagnosed | undefined {
  if (kind !== "file" || mayExecute || (mode & 0o111) === 0o111) return undefined;
  if ((mode & 0o111) === 0) return { why: `${what} is not executable`, cure: `chmod +x ${inImage(path)}` };
  return {
    why: `${what} belongs to user ${uid} and has mode ${mode.toString(8).padStart(4, "0")}: it is not executable here`,
    cure: `chmod 755 ${inImage(path)}; root without the capability DAC_OVERRIDE is like any other user`,
  };
}
