// The operations of a plan: what a new process is to do to itself before it becomes its program. One table says how each
// is laid out; the launcher's header is printed from it (scripts/launcher.ts), so that a new operation does not compile
// until the player knows it, and a new step not until it comes down to operations (lib/image/plan.ts).

import type { ByteString } from "../bytes.ts";
import type { Limits } from "./operands.ts";
import type { Step } from "./step.ts";

/** A step that is an operation as it is. */
type PlainStep = Exclude<Step, { readonly do: "credentials" | "pidNamespace" | "copy" | "move" }>;

/**
 * How a command is run. run: to its end. capture: the same, and what it prints is read. leave: it goes on beside us.
 * readFrom and writeTo: the same, with a pipe from its standard output to our standard input, or the other way round.
 * readAside: the same, with a pipe from its standard output to a descriptor that is ours alone.
 */
export const WAYS = ["run", "capture", "leave", "readFrom", "writeTo", "readAside"] as const;
export type Way = (typeof WAYS)[number];

/** One operation. `by` is the program that asked for it, named when it fails. */
export type Operation =
  | PlainStep
  | { readonly by: string }
    & (
      | { readonly do: "groups"; readonly groups: readonly number[] }
      | { readonly do: "groupId"; readonly id: number }
      /** `denied`, where given, is what to say if the process may not do it. */
      | { readonly do: "userId"; readonly id: number; readonly denied?: string | undefined }
      /** `lent`: `from` is a descriptor of the process that starts the player. */
      | { readonly do: "copy" | "move"; readonly from: number; readonly to: number; readonly lent?: boolean }
      /** RLIMIT_NOFILE as the program is to have it. One that cannot be set is left as it is. */
      | { readonly do: "openFiles"; readonly limits: Limits }
      /** For the OOM killer, -1000 to 1000. One that cannot be set is left as it is. */
      | { readonly do: "oomScore"; readonly score: number }
      /** The signal mask and the disposition of SIGPIPE as the program is to have them: signals reach it from here on. */
      | { readonly do: "signals"; readonly blocked: bigint; readonly pipeIgnored: boolean }
      /**
       * Writes all of the text at once to a fifo that has a reader. Where it has none, the caller goes on as the
       * program that it was called as.
       */
      | { readonly do: "send"; readonly path: ByteString; readonly text: ByteString }
      /** All of the text to a descriptor. Where it cannot be written to standard error, there is nowhere to say so. */
      | { readonly do: "print"; readonly fd: number; readonly text: ByteString }
      /**
       * The given number of operations that follow are for a child. Its end is waited for, and the result put behind
       * those that are kept, the given number from the first on. One that is left counts as ended with its pid, once
       * its program runs; with readAside, with our descriptor. `apart`: its parent has ended, and it is not our child.
       */
      | {
        readonly do: "child";
        readonly operations: number;
        readonly keep: number;
        readonly way: Way;
        readonly apart: boolean;
      }
      /** Reads a portion of what is there to be read: the text of one more result, empty at the end. */
      | { readonly do: "read"; readonly fd: number; readonly keep: number }
      /** Puts a text where it can be read, and no more behind it: one more result with the descriptor, which is ours alone. */
      | { readonly do: "supply"; readonly text: ByteString; readonly keep: number }
      /** Waits for the end of a child that was left: one more result. */
      | { readonly do: "wait"; readonly pid: number; readonly keep: number }
      /** Asks once more, with the given number of the results so far: what this command comes down to then. */
      | {
        readonly do: "ask";
        readonly argv: readonly ByteString[];
        readonly env: readonly ByteString[];
        readonly keep: number;
      }
      /** The end, with this code. */
      | { readonly do: "exit"; readonly code: number }
      /** The program that was asked for would run now: it is reported, and what fails from here on is its own failure. */
      | { readonly do: "running" }
      /**
       * Becomes the first of these files that can be executed, as execvp tries them. `name` is what the caller called it.
       * With `mayFail` the operations that follow are carried out where there is none.
       */
      | {
        readonly do: "execute";
        readonly name: ByteString;
        readonly candidates: readonly ByteString[];
        readonly argv: readonly ByteString[];
        /** NAME=value words. */
        readonly env: readonly ByteString[];
        readonly mayFail: boolean;
      }
    );

/** A number takes 8 bytes; texts, words and numbers are the place of what they hold, the latter two with a count. */
type Field = "number" | "text" | "words" | "numbers";

/** The fields of each operation, in their order. Its code is its place in this table, from 1 on. */
export const LAYOUT: { readonly [Name in Operation["do"]]: Readonly<Record<string, Field>> } = {
  foreground: { fd: "number" },
  directory: { path: "text" },
  umask: { mask: "number" },
  groups: { groups: "numbers" },
  groupId: { id: "number" },
  userId: { id: "number" },
  limit: { resource: "number", which: "number", value: "number" },
  session: {},
  group: { group: "number" },
  open: { fd: "number", path: "text", flags: "number", mode: "number", blocking: "number" },
  copy: { from: "number", to: "number" },
  move: { from: "number", to: "number" },
  close: { fd: "number" },
  lock: { fd: "number", path: "text" },
  openFiles: { soft: "number", hard: "number" },
  oomScore: { score: "text" },
  signals: { blocked: "number", pipe_ignored: "number" },
  running: {},
  send: { path: "text", bytes: "number", text: "text" },
  print: { fd: "number", bytes: "number", text: "text" },
  child: { operations: "number", keep: "number", way: "number", apart: "number" },
  read: { fd: "number", keep: "number" },
  supply: { bytes: "number", text: "text", keep: "number" },
  wait: { pid: "number", keep: "number" },
  ask: { argv: "words", env: "words", keep: "number" },
  exit: { exit_code: "number" },
  execute: { may_fail: "number", candidates: "words", argv: "words", env: "words" },
};

/** What each operation attempts, and on what, as an error says it. */
export function attemptOf(operation: Operation): readonly [action: string, object: ByteString] {
  switch (operation.do) {
    case "foreground":
      return ["take the terminal on descriptor", `${operation.fd}`];
    case "directory":
      return ["chdir to", operation.path];
    case "umask":
      return ["set the umask", ""];
    case "groups":
      return ["set supplementary groups", ""];
    case "groupId":
      return ["set group id", `${operation.id}`];
    case "userId":
      return ["set user id", `${operation.id}`];
    case "limit":
    case "openFiles":
      return ["set limits", ""];
    case "session":
      return ["start a session", ""];
    case "group":
      return ["set process group", ""];
    case "open":
      return ["open", operation.path];
    case "copy":
    case "move":
      return [`${operation.do} descriptor`, `${operation.from} to ${operation.to}`];
    case "close":
      return ["close descriptor", `${operation.fd}`];
    case "lock":
      return ["lock", operation.path];
    case "oomScore":
      return ["set the score for the OOM killer", ""];
    case "signals":
      return ["set the signal mask", ""];
    case "running":
      return ["report", ""];
    case "send":
    case "print":
      return ["write to", targetOf(operation)];
    case "child":
    case "read":
    case "supply":
    case "wait":
    case "ask":
    case "exit":
      return commandAttempt(operation);
    case "execute":
      return ["exec", operation.name];
  }
}

function targetOf(operation: Operation & { readonly do: "send" | "print" }): ByteString {
  if (operation.do === "send") return operation.path;
  return operation.fd === 1 ? "stdout" : `descriptor ${operation.fd}`;
}

function commandAttempt(
  operation: Operation & { do: "child" | "read" | "supply" | "wait" | "ask" | "exit" },
): [string, ByteString] {
  switch (operation.do) {
    case "child":
      return ["start", "a child"];
    case "read":
      return ["read", `descriptor ${operation.fd}`];
    case "supply":
      return ["make", "a pipe"];
    case "wait":
      return ["wait for", `process ${operation.pid}`];
    case "ask":
      return ["go on with", operation.argv[0] ?? ""];
    case "exit":
      return ["exit", ""];
  }
}
