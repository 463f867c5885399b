// Every program of a folder of cli/, called wrongly and in places where nothing works: it ends with the exit code of
// the original, says so in lines of its own form, and never shows a stack.

import { ok } from "node:assert/strict";
import { byteString } from "../lib/bytes.ts";
import { applets } from "../cli/index.ts";

const OURS = new URL("../dist/local/command", import.meta.url).pathname;
const TIME_LIMIT = 20_000;
const AT_ONCE = navigator.hardwareConcurrency;

/** What is swept: the folder of the applets, and where the originals lie. */
const FOLDERS: Readonly<Record<string, string>> = { execline: "/usr/lib/execline/bin", portable: "/nowhere" };

/**
 * Programs that would do what some words ask for, to the machine that the tests run on. These get no word with a slash, as
 * of a right command line only names in the working directory may be left.
 */
const HARMFUL = new Set(
  "s6-chmod s6-chown s6-dumpenv s6-hiercopy s6-ln s6-mkdir s6-mkfifo s6-rename s6-rmrf s6-touch s6-update-symlinks seekablepipe"
    .split(" "),
);

/** Programs that do right to wait for ever, unless they are called wrongly. */
const WAITING = new Set(["s6-pause"]);

/** Shell words that change the surroundings and become the program. */
const SURROUNDINGS: Readonly<Record<string, string>> = {
  "as usual": 'exec "$@"',
  "standard input closed": 'exec "$@" <&-',
  "standard output closed": 'exec "$@" >&-',
  "standard error closed": 'exec "$@" 2>&-',
  "all closed": 'exec "$@" <&- >&- 2>&-',
  "no environment": 'exec env -i "$@"',
  "no directory": 'mkdir gone && cd gone && rmdir ../gone && exec "$@"',
  "a full disk": 'exec "$@" >/dev/full',
  "nowhere to write at all": 'exec "$@" >/dev/full 2>/dev/full',
};

/** Words that are right for few programs. */
const WORDS: readonly (readonly string[])[] = [
  [],
  ["-z"],
  ["--help"],
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
];

/** For all surroundings only these: what some programs do well, and what none does. */
const FEW: readonly (readonly string[])[] = [["--"], ["v", " printf", " a", "", "printf", "b"]];

// Frames of execline, so that programs that need one get further.
const ENVIRONMENT = { PATH: "/usr/bin:/bin", "#": "2", "0": "s", "1": "a", "2": "" };

interface End {
  readonly code: number;
  readonly stderr: string;
}

async function run(program: string, surroundings: string, words: readonly string[]): Promise<End> {
  const cwd = await Deno.makeTempDir({ prefix: "sweep-" });
  const args = ["/bin/sh", "-c", SURROUNDINGS[surroundings]!, "sh", program, ...words];
  const child = new Deno.Command("setsid", {
    args,
    cwd,
    clearEnv: true,
    env: ENVIRONMENT,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const timer = setTimeout(() => Deno.kill(-child.pid, "SIGKILL"), TIME_LIMIT);
  const { code, stderr } = await child.output();
  clearTimeout(timer);
  await Deno.remove(cwd, { recursive: true });
  return { code, stderr: byteString(stderr) };
}

/** What is wrong with an end, if anything. */
function fault({ code, stderr }: End, original: End | undefined): string | undefined {
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

async function sweep(name: string, originals: string): Promise<string[]> {
  const original = `${originals}/${name}`;
  const haveOriginal = await Deno.stat(original).then(() => true, () => false);
  const faults: string[] = [];
  for (const surroundings of Object.keys(SURROUNDINGS)) {
    for (const words of surroundings === "as usual" ? [...FEW, ...WORDS] : FEW) {
      if (HARMFUL.has(name) && words.some((word) => word.includes("/"))) continue;
      if (WAITING.has(name) && !words.some((word) => /^-+[^-]/.test(word))) continue;
      const [ours, theirs] = await Promise.all([
        run(`${OURS}/${name}`, surroundings, words),
        haveOriginal ? run(original, surroundings, words) : undefined,
      ]);
      const found = fault(ours, theirs);
      if (found !== undefined) faults.push(`${name} ${JSON.stringify(words)}, ${surroundings}: ${found}`);
    }
  }
  return faults;
}

const swept = Object.entries(applets).flatMap(([name, load]) => {
  const folder = Object.keys(FOLDERS).find((folder) => load.toString().includes(`"./${folder}/`));
  return folder === undefined ? [] : [{ name, originals: FOLDERS[folder]! }];
});

const running: (Promise<string[]> | undefined)[] = [];

for (const [at, { name }] of swept.entries()) {
  Deno.test({
    name: `${name} says in one line what is wrong, wherever it is called`,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      for (let ahead = at; ahead < Math.min(swept.length, at + AT_ONCE); ahead++) {
        const result = running[ahead] ??= sweep(swept[ahead]!.name, swept[ahead]!.originals);
        result.catch(() => {}); // reported by the test of that program
      }
      const faults = await running[at]!;
      ok(faults.length === 0, faults.join("\n"));
    },
  });
}
