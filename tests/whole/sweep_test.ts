// Every program, called wrongly and in places where nothing works: it ends with the exit code of the original, says so
// in lines of its own form, and never shows a stack. Needs root, for namespaces that nothing gets out of.

import { deepEqual, ok } from "node:assert/strict";
import { ANSWERABLE } from "../../cli/answerable.ts";
import { applets } from "../../cli/index.ts";
import { familyOf } from "../../cli/pages.ts";
import { byteString } from "../../lib/bytes.ts";
import { amount } from "../random/amount.ts";
import { staticProgram } from "../surroundings/static_program.ts";
import { isFile } from "../../scripts/command.ts";
import { type BelowInit, SURROUNDINGS, sweep, type SweptCall, type SweptEnd, type SweptSurroundings } from "./sweep.ts";

const HOME = new URL("../../dist/local", import.meta.url).pathname;
const INIT = `${HOME}/init`;
const AT_ONCE = navigator.hardwareConcurrency;

/** Where the originals of a family lie. */
const ORIGINALS: Readonly<Record<string, string>> = { execline: "/usr/lib/execline/bin", s6: "/usr/bin" };

type Words = readonly (readonly string[])[];

interface Wordings {
  /** Words that are right for few programs. */
  readonly usual: Words;
  /** For all surroundings only these, which some programs do well. */
  readonly anywhere: Words;
}

const EXECLINE: Wordings = {
  usual: [
    [],
    ["--"],
    ["-z"],
    [""],
    ["-"],
    ["0"],
    ["0", "0", "nope"],
    ["1", "2", "3", "4"],
    [" nope", "", "nope"],
    [" true", "", " true", "", " true", "", "true"],
    ["v", " true", "", "true"],
    ["a=b", "c", "true"],
    ["/", "true"],
    ["99999999999999999999", "true"],
  ],
  anywhere: [["v", " printf", " a", "", "printf", "b"]],
};

const OTHERS: Wordings = {
  usual: [[], ["-!"], [""], ["-"], ["nope"], [".", "."], ["nope", "nope", "nope"], ["99999999999999999999", "true"]],
  anywhere: [["0", "printf", "a"]],
};

/** Besides, where something is wrong with the directory. */
const HERE = ["."];

/** Programs that would stay are only called so that they end. */
const STAYING: Readonly<Record<string, Words>> = {
  "s6-ipcserver": [["-!"], ["nope"]],
  "s6-logwatch": [["-!"], ["nope"]],
  "s6-pause": [["-!"], ["-p", "x"]],
  "s6-supervise": [["-!"], ["nope"]],
  "s6-svscan": [["-!"], ["nope"]],
};

/** It is for process 1 of a container, and tested there. */
const LEFT_OUT = ["init"];

/**
 * Besides the usual ones each program is called in this many of the surroundings, in turn; SWEEP=all is for all of
 * them.
 */
const ONE_IN = Deno.env.get("SWEEP") === "all" ? 1 : 24;
/** Before a commit a program makes only each third of its calls, its neighbours others. */
const WORDS_ONE_IN = amount(1, 6);
/** Of its calls a program makes this share below our /init, with answers and without; SWEEP=all is for all of them. */
const BELOW_ONE_IN = Deno.env.get("SWEEP") === "all" ? 1 : 6;

function placeOf(name: string): number {
  return Object.keys(applets).sort().indexOf(name);
}

function surroundingsOf(name: string): SweptSurroundings[] {
  return (Object.keys(SURROUNDINGS) as SweptSurroundings[])
    .filter((_, at) => at === 0 || (at + placeOf(name)) % ONE_IN === 0);
}

/** What a program is called with, and where. */
type Call = Omit<SweptCall, "program">;

function callsOf(name: string): Call[] {
  const staying = STAYING[name];
  const { usual, anywhere } = staying === undefined
    ? familyOf(name) === "execline" ? EXECLINE : OTHERS
    : { usual: [], anywhere: staying };
  return surroundingsOf(name).flatMap((surroundings) => {
    const more = surroundings === "as usual" ? [...usual, HERE] : surroundings.includes("directory") ? [HERE] : [];
    return [...anywhere, ...staying === undefined ? more : []].map((words) => ({ surroundings, words }));
  }).filter((_, at) => (at + placeOf(name)) % WORDS_ONE_IN === 0);
}

/** Where the original is not followed, and why. */
const EXCEPTIONS: readonly (readonly [name: string, surroundings: SweptSurroundings, reason: string])[] = [
  ["s6-setlock", "standard output closed", "the original lets the program print into the lock file"],
];

/** Exit codes of versions later than the original here, for what that says there. */
const LATER_CODES: Readonly<Record<string, { readonly says: RegExp; readonly code: number }>> = {
  // From s6 2.14 on.
  "s6-svc": { says: /supervisor not listening/, code: 102 },
  // In 2.15 the descriptor to notify is looked for before the supervisor is.
  "s6-notifyoncheck": { says: /s6-supervise not running/, code: 111 },
};

function asLater(name: string, original: SweptEnd | undefined): SweptEnd | undefined {
  const later = LATER_CODES[name];
  return original !== undefined && later?.says.test(original.stderr) ? { ...original, code: later.code } : original;
}

/** What is wrong with an end, if anything. */
function fault({ code, stderr }: SweptEnd, original: SweptEnd | undefined): string | undefined {
  // What a program that is not ours says is its own affair.
  const lines = stderr.split("\n").slice(0, -1).filter((line) => !line.startsWith("printf: "));
  if (/internal error|^ +at |file:\/\//m.test(stderr)) return `it shows its inside: ${stderr}`;
  if (lines.some((line) => !/^[a-z0-9-]+: (?:fatal|usage|warning): ./.test(line))) return `it says ${stderr}`;
  if (lines.filter((line) => !line.includes(": warning: ")).length > 1) return `it says more than one line: ${stderr}`;
  if (code === 137 && original?.code !== 137) return "it had to be killed";
  if (original !== undefined && code !== original.code) {
    return `exit code ${code}, the original has ${original.code}: ours ${stderr}the original ${original.stderr}`;
  }
  return undefined;
}

/** How it ends otherwise where process 1 answers. */
function difference(alone: SweptEnd | undefined, answered: SweptEnd | undefined): string | undefined {
  if (answered?.code === alone?.code && answered?.stderr === alone?.stderr) return undefined;
  return `where process 1 answers it ends with ${answered?.code}: ${answered?.stderr}` +
    `by itself with ${alone?.code}: ${alone?.stderr}`;
}

function ours(name: string): string {
  return `${HOME}/command/${name}`;
}

function originalOf(name: string): string | undefined {
  const path = `${ORIGINALS[familyOf(name)]}/${name}`;
  return isFile(path) ? path : undefined;
}

/** A call of each of these programs, with how it ends. */
type Ends = ReadonlyMap<string, readonly SweptEnd[]>;

/** Makes calls of several programs in one place, as making it takes longer than a call. */
async function endsOf(
  calls: readonly (readonly [program: string, calls: readonly Call[]])[],
  below?: BelowInit,
): Promise<Ends> {
  const ends = await sweep(HOME, calls.flatMap(([program, some]) => some.map((call) => ({ program, ...call }))), below);
  let at = 0;
  return new Map(calls.map(([program, some]) => [program, ends.slice(at, at += some.length)]));
}

/** What is wrong with these programs, by their names. */
async function faultsOf(names: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const calls = names.flatMap((name) =>
    [ours(name), originalOf(name)].flatMap((path) => path === undefined ? [] : [[path, callsOf(name)] as const])
  );
  const [ends, below] = await Promise.all([endsOf(calls), faultsBelow(names.filter((name) => ANSWERABLE.has(name)))]);
  return new Map(names.map((name) => {
    const theirs = ends.get(originalOf(name) ?? "");
    const faults = callsOf(name).flatMap((call, at) => {
      const excepted = EXCEPTIONS.some((exception) => exception[0] === name && exception[1] === call.surroundings);
      const found = fault(ends.get(ours(name))![at]!, excepted ? undefined : asLater(name, theirs?.[at]));
      return found === undefined ? [] : [told(name, call, found)];
    });
    return [name, [...faults, ...below.get(name) ?? []]];
  }));
}

/** Some of the calls where process 1 is our /init: whether it answers makes no difference. */
async function faultsBelow(names: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const some = (name: string): Call[] => callsOf(name).filter((_, at) => (at + placeOf(name)) % BELOW_ONE_IN === 0);
  const calls = names.map((name) => [ours(name), some(name)] as const);
  if (calls.every(([, none]) => none.length === 0)) return new Map();
  const [answered, unanswered] = await Promise.all(
    [true, false].map((answers) => endsOf(calls, { init: INIT, answers })),
  );
  return new Map(names.map((name) => {
    const faults = some(name).flatMap((call, at) => {
      const found = difference(unanswered!.get(ours(name))![at], answered!.get(ours(name))![at]);
      return found === undefined ? [] : [told(name, call, found)];
    });
    return [name, faults];
  }));
}

function told(name: string, { words, surroundings }: Call, found: string): string {
  return `${name} ${JSON.stringify(words)}, ${surroundings}: ${found}`;
}

const swept = Object.keys(applets).filter((name) => !LEFT_OUT.includes(name));
/** Programs that are called in one place. */
const SHARE = 10;
const running: (Promise<ReadonlyMap<string, readonly string[]>> | undefined)[] = [];

/** Faults of the share, while the next ones are looked for. */
function faultsOfShare(share: number): Promise<ReadonlyMap<string, readonly string[]>> {
  for (let ahead = share; ahead < Math.min(Math.ceil(swept.length / SHARE), share + AT_ONCE); ahead++) {
    const result = running[ahead] ??= faultsOf(swept.slice(ahead * SHARE, (ahead + 1) * SHARE));
    result.catch(() => {}); // reported by the tests of those programs
  }
  return running[share]!;
}

for (const [at, name] of swept.entries()) {
  Deno.test({
    name: `${name} says in one line what is wrong, wherever it is called`,
    ignore: Deno.uid() !== 0,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      const faults = (await faultsOfShare(Math.floor(at / SHARE))).get(name)!;
      ok(faults.length === 0, faults.join("\n"));
    },
  });
}

Deno.test("the calls of a sweep are made where they seem to be made", { ignore: Deno.uid() !== 0 }, async () => {
  const call = (surroundings: SweptSurroundings, script: string): SweptCall => ({
    program: "/bin/sh",
    surroundings,
    words: ["-c", script],
  });
  const ends = await sweep(HOME, [
    call("as usual", "touch here; exit 3"),
    call("as usual", "touch /here /usr/here /dev/here"),
    call("as usual", "kill -KILL -1"),
    call("as usual", "echo told >&2; exit 4"),
    call("all closed", "read line; echo a"),
    call("no environment", "exit $(env | grep -c ^0=)"),
    call("a full disk", "echo a"),
    call("no directory", "touch here"),
    call("a directory that cannot be written", "touch here"),
    call("a directory that cannot be read", "ls ."),
    call("a directory that cannot be read", "touch here"),
  ]);
  deepEqual(ends.map(({ code }) => code), [3, 1, 137, 4, 1, 0, 1, 1, 1, 2, 1]);
  deepEqual(ends[3]!.stderr, "told\n");
});

Deno.test("process 1 answers the calls of a sweep below it", { ignore: Deno.uid() !== 0 }, async () => {
  const words = ["-c", "test -S /run/s6/questions"];
  const [end] = await sweep(HOME, [{ program: "/bin/sh", surroundings: "as usual", words }], {
    init: INIT,
    answers: true,
  });
  deepEqual(end, { code: 0, stderr: "" });
});

Deno.test("a call that hangs is killed with all of its group, and one that ends in time ends as it does", async () => {
  const limited = await staticProgram("limited");
  const end = async (...words: readonly string[]): Promise<unknown> => {
    const { code, stdout, stderr } = await new Deno.Command(limited, { args: ["1", "a=b", ...words] }).output();
    return { code, stdout: byteString(stdout), stderr: byteString(stderr) };
  };
  deepEqual(await end("--", "sh", "-c", 'sleep 1000 & echo "$a"; kill -STOP $$'), {
    code: 137,
    stdout: "b\n",
    stderr: "",
  });
  deepEqual(await end("--", "sh", "-c", "exit 7"), { code: 7, stdout: "", stderr: "" });
  deepEqual(await end("--", "sh", "-c", "kill -TERM $$"), { code: 143, stdout: "", stderr: "" });
  const stderr = "limited: unable to run ./nope: No such file or directory\n";
  deepEqual(await end("--", "./nope"), { code: 127, stdout: "", stderr });
  deepEqual(await end("true"), { code: 125, stdout: "", stderr: "" });
});
