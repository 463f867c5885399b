// What programs tell people, as it comes out of the built program: --help, man pages, completion of command lines.

import { deepEqual, equal } from "node:assert/strict";
import { forBash } from "../cli/completion/bash.ts";
import { commandLines } from "../cli/completion/command_lines.ts";
import { forFish } from "../cli/completion/fish.ts";
import { type CommandLines, operandsIn, placesIn, shapeOfSubcommand } from "../cli/completion/operands.ts";
import { SHELLS } from "../cli/completion/shells.ts";
import { forZsh } from "../cli/completion/zsh.ts";
import type { Applet } from "../cli/applet.ts";
import { NO_OPTIONS } from "../cli/getopt.ts";
import { helpText } from "../cli/help.ts";
import { applets } from "../cli/index.ts";
import { manPage } from "../cli/man.ts";
import { subcommandPages } from "../cli/operator/subcommand_pages.ts";
import { subcommands } from "../cli/operator/subcommands.ts";
import { FAMILIES, familyOf, type Page, pageOf, pagesOf } from "../cli/pages.ts";
import { isInstalled } from "../scripts/command.ts";

const LOCAL = new URL("../dist/local/", import.meta.url).pathname;
const names = Object.keys(applets).filter((name) => name !== "init");

interface End {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(argv: readonly string[], input = "", cwd = "/"): Promise<End> {
  const [program, ...args] = argv;
  const PATH = `${LOCAL}command:/usr/bin:/bin`;
  const streams = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
  const child = new Deno.Command(program!, { args, cwd, clearEnv: true, env: { PATH }, ...streams }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input)).then(() => writer.close()).catch(() => {});
  const { code, stdout, stderr } = await child.output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

/** Does it for each, a few at a time. */
async function each<T>(list: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...list];
  const worker = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: navigator.hardwareConcurrency }, worker));
}

/** A program for which the word --help is an operand as good as any. */
function takesAnything({ options, least }: Applet): boolean {
  return options === NO_OPTIONS && least <= 1;
}

Deno.test("--help alone prints the help, unless it is an operand", async () => {
  await each(names, async (name) => {
    const applet = await applets[name]!();
    if (takesAnything(applet)) return;
    const { code, stdout, stderr } = await run([`${LOCAL}command/${name}`, "--help"]);
    deepEqual({ name, code, stderr }, { name, code: 0, stderr: "" });
    equal(stdout, helpText(pageOf(applet)));
  });
});

Deno.test("where --help is an operand, it is taken for one", async () => {
  const ends = {
    "s6-true": { code: 0, stdout: "" },
    "s6-false": { code: 1, stdout: "" },
    "s6-test": { code: 0, stdout: "" },
    "eltest": { code: 0, stdout: "" },
    "s6-cat": { code: 0, stdout: "in" },
    "s6-fghack": { code: 111, stdout: "" },
    "printcontenv": { code: 1, stdout: "" },
  };
  for (const [name, expected] of Object.entries(ends)) {
    const { code, stdout } = await run([`${LOCAL}command/${name}`, "--help"], "in");
    deepEqual({ name, code, stdout }, { name, ...expected });
  }
});

Deno.test("help is not asked for by a word among others, nor by another spelling", async () => {
  for (const words of [["--help", "x"], ["x", "--help"], ["--helpx"], ["--help="], ["-help"], ["--", "--help"]]) {
    const { code, stdout } = await run(["s6-svstat", ...words]);
    deepEqual([words, code !== 0, stdout], [words, true, ""]);
  }
});

Deno.test("help comes out of a chain, and of a block, as of the program alone", async () => {
  const alone = await run([`${LOCAL}command/s6-setlock`, "--help"]);
  for (
    const script of [
      "umask 022 s6-setlock --help",
      "foreground { s6-setlock --help }",
      "background -d { true } s6-setlock --help",
    ]
  ) {
    deepEqual(await run([`${LOCAL}command/execlineb`, "-Pc", script]), alone, script);
  }
  const utility = await run([`${LOCAL}command/s6-mkdir`, "--help"]);
  deepEqual(await run([`${LOCAL}command/execlineb`, "-Pc", "if { s6-mkdir --help }"]), utility);
  deepEqual(await run([`${LOCAL}command/execlineb`, "-Pc", "foreground { umask 022 s6-mkdir --help }"]), utility);
});

Deno.test("help that cannot be written is a failure", async () => {
  const { code, stderr } = await run(["sh", "-c", "s6-svc --help >/dev/full"]);
  deepEqual({ code, stderr }, {
    code: 111,
    stderr: "s6-svc: fatal: unable to write to stdout: No space left on device\n",
  });
});

Deno.test("s6-overlay help knows every program and every subcommand, and says so of one that is none", async () => {
  const { code, stdout } = await run(["s6-overlay", "help"]);
  equal(code, 0);
  const told = [...stdout.matchAll(/^ {2}(\S+) /gm)].map(([, name]) => name!);
  deepEqual(told.sort(), [...Object.keys(subcommands), ...Object.keys(applets)].sort());
  equal((await run(["s6-overlay", "help", "s6-svc"])).stdout, (await run(["s6-svc", "--help"])).stdout);
  equal((await run(["s6-overlay", "help", "execlineb"])).code, 0);
  equal((await run(["s6-overlay", "help", "nope"])).code, 1);
  equal((await run(["s6-overlay", "help", "-m"])).code, 100);
  equal((await run(["s6-overlay", "help", "-c", "nope"])).code, 100);
});

Deno.test("a start reads nothing that is for people", async () => {
  const chunks = [...Deno.readDirSync(`${LOCAL}js`)].map(({ name }) => name).filter((name) =>
    !name.startsWith("_pages_")
  );
  const code = chunks.map((name) => Deno.readTextFileSync(`${LOCAL}js/${name}`)).join("\n");
  for (const name of names) {
    const { summary, options, notes } = pageOf(await applets[name]!());
    const texts = [summary, ...options.map(({ meaning }) => meaning), ...notes].filter((text) => text.length > 12);
    deepEqual(texts.filter((text) => code.includes(text)), [], name);
  }
});

const ofSubcommands = await subcommandPages();
const pages = (await Promise.all(FAMILIES.map(pagesOf))).flat().concat(ofSubcommands);

Deno.test("the help of a subcommand is printed by itself and by s6-overlay help", async () => {
  for (const page of ofSubcommands) {
    const expected = { code: 0, stdout: helpText(page), stderr: "" };
    const name = page.name.replace("s6-overlay ", "");
    deepEqual(await run(["s6-overlay", name, "--help"]), expected);
    deepEqual(await run(["s6-overlay", "help", name]), expected);
  }
});

Deno.test("the man page of a subcommand has a name of one word", async () => {
  const { stdout } = await run(["s6-overlay", "help", "-m", "healthy"]);
  equal(stdout, manPage(ofSubcommands.find(({ name }) => name === "s6-overlay healthy")!, familyOf("s6-overlay")));
  equal(stdout.split("\n")[0]!.split(" ").slice(0, 3).join(" "), ".TH S6-OVERLAY-HEALTHY 1");
});

Deno.test("the built program prints the same man page as its source", async () => {
  const page = pages.find(({ name }) => name === "s6-softlimit")!;
  equal((await run(["s6-overlay", "help", "-m", "s6-softlimit"])).stdout, manPage(page, "s6"));
});

const fileOf = ({ name }: Page): string => name.replaceAll(" ", "-");

for (const [tool, ...words] of [["mandoc", "-T", "lint", "-W", "style"], ["groff", "-man", "-ww", "-z"]]) {
  Deno.test({
    name: `${tool} has nothing to say against the man pages`,
    ignore: !isInstalled(tool!),
    fn: async () => {
      const directory = await Deno.makeTempDir();
      try {
        for (const page of pages) await Deno.writeTextFile(`${directory}/${fileOf(page)}`, manPage(page, "family"));
        const { stdout, stderr } = await run([tool!, ...words, ...pages.map(fileOf)], "", directory);
        equal(stdout + stderr, "");
      } finally {
        await Deno.remove(directory, { recursive: true });
      }
    },
  });
}

Deno.test("the operands are read from a usage line", () => {
  deepEqual(operandsIn("[ -wu | -wU ] [ -T timeout ] [ -abq ] servicedir"), ["servicedir"]);
  deepEqual(operandsIn("[ -E envdir [ -e var ... ] ] [ -r a[/b] ] user logdir dir"), ["user", "logdir", "dir"]);
  deepEqual(operandsIn("[ -n k ] [ file... ]"), ["file..."]);
  deepEqual(operandsIn("[ -q ] [ -- ] script"), ["script"]);
});

Deno.test("the operands of a subcommand are read by place, and what may come again has a place of its own", () => {
  deepEqual(placesIn("[ --no-wait | -t milliseconds ] service... | all"), [["service...", "all"], ["service..."]]);
  deepEqual(placesIn("signal service..."), [["signal"], ["service..."]]);
  deepEqual(placesIn("[ -m ] [ subcommand | program ] | -c shell"), [["subcommand", "program"]]);
  deepEqual(placesIn("[ env | user ]"), [["env", "user"]]);
});

/** A subcommand as there is none yet: a long option takes a value, and an operand is a file. */
const RECORD = shapeOfSubcommand({
  name: "s6-overlay record",
  kind: "utility",
  usage: "[ --since moment | --into root ] file",
  summary: "it isn't there",
  options: [
    { letter: "-since", value: "moment", meaning: "from then on" },
    { letter: "-into", value: "root", meaning: "there" },
  ],
  exits: {},
  notes: [],
});

const known = await commandLines();
const lines: CommandLines = { ...known, subcommands: [...known.subcommands, RECORD] };
const SCRIPTS = { bash: forBash(lines), zsh: forZsh(lines), fish: forFish(lines) };

for (const shell of ["bash", "zsh", "fish"] as const) {
  Deno.test({
    name: `${shell} takes the completion for it`,
    ignore: !isInstalled(shell),
    fn: async () => {
      deepEqual(await run([shell, "-n"], SCRIPTS[shell]), { code: 0, stdout: "", stderr: "" });
      const { code, stdout } = await run(["s6-overlay", "help", "-c", shell]);
      equal(code, 0);
      equal(stdout, await SHELLS[shell](known));
      equal(stdout.includes(" s6-svc "), true);
    },
  });
}

/** What a shell offers for the last of the words, in a directory with some services. */
async function offered(shell: "bash" | "fish", words: readonly string[]): Promise<string[]> {
  const directory = await Deno.makeTempDir();
  try {
    for (const name of ["services/web", "services/worker", "services/.s6-svscan", "here"]) {
      await Deno.mkdir(`${directory}/${name}`, { recursive: true });
    }
    await Deno.writeTextFile(`${directory}/file`, "");
    await Deno.writeTextFile(`${directory}/services/without`, "");
    await Deno.writeTextFile(
      `${directory}/script`,
      SCRIPTS[shell].replaceAll("/var/run/s6/services", `${directory}/services`),
    );
    const line = words.join(" ");
    const ask = shell === "fish" ? `complete -C "${line}" | string replace -r '\\t.*' ''` : `
      COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}
      _s6_overlay; printf '%s\n' "\${COMPREPLY[@]}"`;
    const { stdout } = await run([shell, "-c", `source ./script\n${ask}`], "", directory);
    return stdout.replaceAll(`${directory}/`, "").split("\n").filter(Boolean).sort();
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

const OFFERS: readonly (readonly [words: string, ...offers: string[]])[] = [
  ["s6-svc -d we", "services/web"],
  ["s6-svc -d ", "here", "services", "services/web", "services/worker"],
  ["s6-svc -T 100 wo", "services/worker"],
  ["s6-svc -dT 100 wo", "services/worker"],
  ["s6-svc -T100 -u -- wo", "services/worker"],
  ["s6-svwait -u services/web wo", "services/worker"],
  ["s6-svscanctl -a se", "services"],
  ["s6-svstat web wo"],
  ["s6-svc -T "],
  ["s6-setuidgid nobod", "nobody"],
  ["s6-instance-maker -u nobod", "nobody"],
  ["s6-setlock fi", "file"],
  ["s6-setuidgid nobody s6-svsta", "s6-svstat"],
  ["s6-envdir he", "here"],
  ["s6-svdt -", "-S", "-n", "-s"],
  ["s6-overlay he", "healthy", "help"],
  ["s6-overlay explain ", "web", "worker"],
  ["s6-overlay healthy web --ready -t 5 wo", "worker"],
  ["s6-overlay help heal", "healthy"],
  ["s6-overlay help s6-svst", "s6-svstat"],
  ["s6-overlay help backt", "backtick"],
  ["s6-overlay help -c ", "bash", "fish", "zsh"],
  ["s6-overlay help s6-svc s6-sv"],
  ["s6-overlay lint ", "here", "services"],
  ["s6-overlay path s", "scandir", "state"],
  ["s6-overlay path u", "user"],
  ["s6-overlay restart --no-wait -- ", "all", "web", "worker"],
  ["s6-overlay signal US", "USR1", "USR2"],
  ["s6-overlay signal HUP w", "web", "worker"],
  ["s6-overlay start a", "all"],
  ["s6-overlay start web ", "web", "worker"],
  ["s6-overlay status -", "--watch", "-j"],
  ["s6-overlay status web --w", "--watch"],
  ["s6-overlay timeline --svg -o fi", "file"],
  ["s6-overlay version "],
  ["s6-overlay nope "],
  ["s6-overlay record --", "--into", "--since"],
  ["s6-overlay record --into ", "here", "services"],
  ["s6-overlay record --since now fi", "file"],
];

/** What fish says of a directory, and of a command that there is. */
function asInBash(offer: string): string {
  return offer.replace(/\/$/, "");
}

for (const shell of ["bash", "fish"] as const) {
  Deno.test({
    name: `${shell} completes options, subcommands, services and other operands`,
    ignore: !isInstalled(shell),
    fn: async () => {
      for (const [line, ...offers] of OFFERS) {
        const found = (await offered(shell, line.split(" "))).map(asInBash);
        deepEqual([line, ...found], [line, ...offers]);
      }
    },
  });
}

Deno.test("bash completes the command behind a program that goes on with one", async () => {
  // As the package bash-completion has it.
  const stub = '_command_offset() { COMPREPLY=("from $1"); }';
  const script =
    `${SCRIPTS.bash}\n${stub}\nCOMP_WORDS=(s6-setlock -n file s6-svc -d ''); COMP_CWORD=5\n_s6_overlay; echo "$COMPREPLY"`;
  equal((await run(["bash"], script)).stdout, "from 3\n");
});
