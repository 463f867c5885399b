// The two services that every database has: the one that runs oneshots' scripts, and the one that keeps the pipes between
// producers and consumers. What other programs of s6-rc look for is as in the original.

import type { ByteString } from "../bytes.ts";
import type { RightNames } from "../fdholder/rights.ts";
import type { Longrun } from "./graph.ts";
import { ONESHOT_RUNNER, PIPE_HOLDER } from "./places.ts";

/** Where scripts find the programs: a link of each lies there, in every image. */
const PROGRAMS = "/command/";
const INTERPRETER = `#!${PROGRAMS}execlineb`;

/** The socket of either, in its service directory. */
export const INTERNAL_SOCKET = "s";
/** The consumers that the holder has pipes for from its start on, in its service directory. */
export const AUTOFILLED = "data/autofilled";
/** The descriptor on which each tells that it is ready. */
export const RUNNER_NOTIFICATION = 3;
export const HOLDER_NOTIFICATION = 1;

/** A file of a service directory: its text, or what it is a link to; programs can be executed. */
export type GeneratedFile =
  | { readonly kind: "file" | "program"; readonly text: ByteString }
  | { readonly kind: "link"; readonly to: ByteString };

export interface InternalWishes {
  /** The scripts' runner waits for the lock of the database. */
  readonly waits: boolean;
  /** Whom the holder runs as; undefined for who starts it. */
  readonly user: ByteString | undefined;
  readonly rights: RightNames;
}

/** Files by their paths in the service directory. */
export type GeneratedFiles = Readonly<Record<string, GeneratedFile>>;

const file = (text: ByteString): GeneratedFile => ({ kind: "file", text });
const program = (...lines: ByteString[]): GeneratedFile & { readonly kind: "program" } => ({
  kind: "program",
  text: lines.map((line) => `${line}\n`).join(""),
});
const link = (to: ByteString): GeneratedFile => ({ kind: "link", to });

/** Root, and who runs the service, may talk to it. */
const RULES: GeneratedFiles = {
  "data/rules/gid/0/allow": file(""),
  "data/rules/uid/0/allow": file(""),
  "data/rules/uid/self": link("0"),
};

/** What serves the socket on standard input. It tells on standard output that it does. */
function oneshotServer(waits: boolean): readonly ByteString[] {
  return [
    `${PROGRAMS}s6-ipcserverd -1 --`,
    `${PROGRAMS}s6-ipcserver-access -v0 -E -l0 -i data/rules --`,
    `${PROGRAMS}s6-sudod -t 30000 --`,
    `${PROGRAMS}s6-rc-oneshot-run -l ../.. ${waits ? "-b " : ""}--`,
  ];
}

function oneshotRunner(waits: boolean): GeneratedFiles {
  return {
    "notification-fd": file(`${RUNNER_NOTIFICATION}\n`),
    ...RULES,
    run: program(
      `${INTERPRETER} -s1`,
      `${PROGRAMS}fdmove -c 2 1`,
      `${PROGRAMS}fdmove 1 3`,
      `${PROGRAMS}s6-ipcserver-socketbinder -- ${INTERNAL_SOCKET}`,
      ...oneshotServer(waits),
    ),
  };
}

/**
 * The words that become the runner with its socket as standard input, where the script is one that is made here: undefined
 * for any other.
 */
export function runnerWords(run: ByteString): readonly ByteString[] | undefined {
  const waits = [false, true].find((waits) => {
    const made = oneshotRunner(waits).run;
    return made?.kind === "program" && made.text === run;
  });
  return waits === undefined ? undefined : oneshotServer(waits).join(" ").split(" ");
}

/** What a client of the holder may do, by the names that its rules have for it. */
function holderRights(names: RightNames): GeneratedFiles {
  const environment = "data/rules/uid/0/env";
  return {
    [`${environment}/${names.list}`]: file("\n"),
    [`${environment}/${names.store}`]: file("^pipe:s6rc-\n"),
    [`${environment}/${names.retrieve}`]: link(names.store),
    [`${environment}/${names.setDump}`]: file("\n"),
    [`${environment}/${names.getDump}`]: file("\n"),
    "data/rules/gid/0/env": link("../../uid/0/env"),
  };
}

/** Before its pipes are in it, the holder is not ready: what fills it begins anew if it fails. */
const FILLING = [
  "pipeline -dw --",
  "{",
  "  if --",
  "  {",
  "    forstdin -x0 -- i",
  "      exit 0",
  "  }",
  "  if -nt --",
  "  {",
  "    redirfd -r 0 ./data/autofilled",
  `    s6-ipcclient -l0 -- ${INTERNAL_SOCKET}`,
  "    s6-rc-fdholder-filler -1 --",
  "  }",
  "  s6-svc -t .",
  "}",
] as const;

function pipeHolder(consumers: readonly ByteString[], { user, rights }: InternalWishes): GeneratedFiles {
  return {
    "notification-fd": file(`${HOLDER_NOTIFICATION}\n`),
    ...RULES,
    ...holderRights(rights),
    [AUTOFILLED]: file(consumers.map((name) => `${name}\n`).join("")),
    run: holderRun(consumers.length, user),
  };
}

function holderRun(consumers: number, user: ByteString | undefined): GeneratedFile & { readonly kind: "program" } {
  const isUser = user === undefined ? [] : [`${PROGRAMS}s6-envuidgid -i -- "${quoted(user)}"`];
  const options = `${mostDescriptors(consumers)} ${user === undefined ? "" : "-U "}-i data/rules`;
  return program(
    `${INTERPRETER} -s1`,
    ...FILLING.map((line) => line.replace(/^( *)(?=[a-z])/, `$1${PROGRAMS}`)),
    ...isUser,
    `${PROGRAMS}s6-fdholder-daemon -1 -n ${options} -- ${INTERNAL_SOCKET}`,
  );
}

/**
 * The words that become the holder with its socket as standard input and the pipes of that many consumers as its environment
 * tells (s6-fdholderd -k), where the script is one that is made here, for the user that starts it: undefined for any
 * other.
 */
export function holderWords(run: ByteString, consumers: number): readonly ByteString[] | undefined {
  if (holderRun(consumers, undefined).text !== run) return undefined;
  return [`${PROGRAMS}s6-fdholderd`, "-k", "-n", `${mostDescriptors(consumers)}`, "-i", "data/rules"];
}

/** Two for each consumer; where they are many, some more for what else may be stored. */
function mostDescriptors(consumers: number): number {
  const needed = 2 * consumers;
  return needed < 240 ? 256 : needed + (needed >> 4) + 2;
}

/** The directories of both services, by name. */
export function internalServices(
  longruns: readonly Longrun[],
  wishes: InternalWishes,
): readonly (readonly [ByteString, GeneratedFiles])[] {
  const consumers = longruns.filter(({ producers }) => producers.length > 0).map(({ name }) => name);
  return [[ONESHOT_RUNNER, oneshotRunner(wishes.waits)], [PIPE_HOLDER, pipeHolder(consumers, wishes)]];
}

/** The holder's socket, from the directory of another service. */
export const HOLDER_FROM_SERVICE = `../${PIPE_HOLDER}/${INTERNAL_SOCKET}`;

/** In a pipeline, a service's own run or finish runs under this: its input and output are the held pipes. */
export function pipedProgram(longrun: Longrun, consumer: ByteString | undefined, own: ByteString): GeneratedFile {
  const retrieve = (end: "r" | "w", name: ByteString): ByteString =>
    `${PROGRAMS}s6-fdholder-retrieve ${HOLDER_FROM_SERVICE} "pipe:s6rc-${end}-${quoted(name)}"`;
  const input = longrun.producers.length > 0 ? [retrieve("r", longrun.name)] : [];
  const output = consumer === undefined
    ? []
    : [`${PROGRAMS}fdmove 1 0`, retrieve("w", consumer), `${PROGRAMS}fdswap 0 1`];
  return program(`${INTERPRETER} -S0`, ...input, ...output, `./${own} $@`);
}

/** What stands between double quotes in a script of execline. */
export function quoted(word: ByteString): ByteString {
  return word.replace(/["\\]/g, "\\$&");
}
