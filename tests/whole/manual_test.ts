// What programs tell people, as it comes out of the built program: --help and man pages.

import { deepEqual, equal } from "node:assert/strict";
import type { Applet } from "../../cli/applet.ts";
import { NO_OPTIONS } from "../../cli/getopt.ts";
import { helpText } from "../../cli/help.ts";
import { applets } from "../../cli/index.ts";
import { manPage } from "../../cli/man.ts";
import { subcommandPages } from "../../cli/operator/subcommand_pages.ts";
import { subcommands } from "../../cli/operator/subcommands.ts";
import { FAMILIES, familyOf, type Page, pageOf, pagesOf } from "../../cli/pages.ts";
import { isInstalled } from "../../scripts/command.ts";
import { LOCAL, runLocal } from "../surroundings/local_program.ts";

const names = Object.keys(applets).filter((name) => name !== "init");

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
    const { code, stdout, stderr } = await runLocal([`${LOCAL}command/${name}`, "--help"]);
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
    const { code, stdout } = await runLocal([`${LOCAL}command/${name}`, "--help"], "in");
    deepEqual({ name, code, stdout }, { name, ...expected });
  }
});

Deno.test("help is not asked for by a word among others, nor by another spelling", async () => {
  for (const words of [["--help", "x"], ["x", "--help"], ["--helpx"], ["--help="], ["-help"], ["--", "--help"]]) {
    const { code, stdout } = await runLocal(["s6-svstat", ...words]);
    deepEqual([words, code !== 0, stdout], [words, true, ""]);
  }
});

Deno.test("help comes out of a chain, and of a block, as of the program alone", async () => {
  const alone = await runLocal([`${LOCAL}command/s6-setlock`, "--help"]);
  for (
    const script of [
      "umask 022 s6-setlock --help",
      "foreground { s6-setlock --help }",
      "background -d { true } s6-setlock --help",
    ]
  ) {
    deepEqual(await runLocal([`${LOCAL}command/execlineb`, "-Pc", script]), alone, script);
  }
  const utility = await runLocal([`${LOCAL}command/s6-mkdir`, "--help"]);
  deepEqual(await runLocal([`${LOCAL}command/execlineb`, "-Pc", "if { s6-mkdir --help }"]), utility);
  deepEqual(await runLocal([`${LOCAL}command/execlineb`, "-Pc", "foreground { umask 022 s6-mkdir --help }"]), utility);
});

Deno.test("help that cannot be written is a failure", async () => {
  const { code, stderr } = await runLocal(["sh", "-c", "s6-svc --help >/dev/full"]);
  deepEqual({ code, stderr }, {
    code: 111,
    stderr: "s6-svc: fatal: unable to write to stdout: No space left on device\n",
  });
});

Deno.test("s6-overlay help knows every program and every subcommand, and says so of one that is none", async () => {
  const { code, stdout } = await runLocal(["s6-overlay", "help"]);
  equal(code, 0);
  const told = [...stdout.matchAll(/^ {2}(\S+) /gm)].map(([, name]) => name!);
  deepEqual(told.sort(), [...Object.keys(subcommands), ...Object.keys(applets)].sort());
  equal((await runLocal(["s6-overlay", "help", "s6-svc"])).stdout, (await runLocal(["s6-svc", "--help"])).stdout);
  equal((await runLocal(["s6-overlay", "help", "execlineb"])).code, 0);
  equal((await runLocal(["s6-overlay", "help", "nope"])).code, 1);
  equal((await runLocal(["s6-overlay", "help", "-m"])).code, 100);
  equal((await runLocal(["s6-overlay", "help", "-c", "nope"])).code, 100);
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
    deepEqual(await runLocal(["s6-overlay", name, "--help"]), expected);
    deepEqual(await runLocal(["s6-overlay", "help", name]), expected);
  }
});

Deno.test("the man page of a subcommand has a name of one word", async () => {
  const { stdout } = await runLocal(["s6-overlay", "help", "-m", "healthy"]);
  equal(stdout, manPage(ofSubcommands.find(({ name }) => name === "s6-overlay healthy")!, familyOf("s6-overlay")));
  equal(stdout.split("\n")[0]!.split(" ").slice(0, 3).join(" "), ".TH S6-OVERLAY-HEALTHY 1");
});

Deno.test("the built program prints the same man page as its source", async () => {
  const page = pages.find(({ name }) => name === "s6-softlimit")!;
  equal((await runLocal(["s6-overlay", "help", "-m", "s6-softlimit"])).stdout, manPage(page, "s6"));
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
        const { stdout, stderr } = await runLocal([tool!, ...words, ...pages.map(fileOf)], "", directory);
        equal(stdout + stderr, "");
      } finally {
        await Deno.remove(directory, { recursive: true });
      }
    },
  });
}
