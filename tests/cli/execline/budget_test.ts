// Chains that are made to take time or memory: process 1 gives them up by what it counts, and a process of its own gets
// what the original gets, or a clear error.

import { equal, ok } from "node:assert/strict";
import { type Bounds, Budget, BudgetExceeded } from "../../../lib/image/budget.ts";
import { LinkError } from "../../../lib/image/follow.ts";
import { Failure, OsError } from "../../../lib/report.ts";
import { type ChainWorld, evaluated } from "./chains.ts";

const KUBERNETES = Array.from({ length: 35_000 }, (_, at) => `SERVICE_${at}=tcp://10.0.0.1:${at}`);
const TENS = '"0 1 2 3 4 5 6 7 8 9"';

interface Row extends ChainWorld {
  readonly name: string;
  readonly argv: readonly string[];
  /** What there is too much of for process 1: a figure of the budget, or the errno that the file is refused with. */
  readonly refused: keyof Bounds | "EFBIG";
  /** Without a budget: the words that are left to run, the exit code of a failure; undefined if it never ends. */
  readonly plain: number | { readonly code: number } | undefined;
}

function script(text: string): Pick<Row, "argv" | "files"> {
  return { argv: ["execlineb", "/s"], files: { "/s": text } };
}

const MANY = "w ".repeat(17_000);

const ROWS: readonly Row[] = [
  {
    name: "eight lists of ten in one word",
    ...script(`define -s X ${TENS} true ${"${X}".repeat(8)}`),
    refused: "words",
    plain: { code: 126 },
  },
  {
    name: "eight lists in one word whose product is nothing",
    ...script(`define -s E "" define -s X ${TENS} true ${"${X}".repeat(5)} ${"${X}".repeat(8)}$E`),
    refused: "words",
    plain: 100_001,
  },
  { name: "a script that runs itself", ...script("execlineb -P /s"), refused: "links", plain: undefined },
  {
    name: "a script that runs itself, with a frame each time",
    ...script("execlineb /s a b c d e f g h i j"),
    refused: "steps",
    plain: undefined,
  },
  {
    name: "a script that runs itself in an environment of 35,000 variables",
    ...script("export A a execlineb /s"),
    environment: KUBERNETES,
    refused: "steps",
    plain: undefined,
  },
  {
    name: "a script that runs itself with twice the words",
    ...script("execlineb -S0 /s x $@ $@"),
    refused: "words",
    plain: { code: 126 },
  },
  {
    name: "a script that runs itself with a word of twice the length",
    ...script("execlineb -S1 /s xx$1$1"),
    refused: "word",
    plain: { code: 126 },
  },
  {
    name: "100,000 nested blocks",
    argv: ["execlineb", "-c", `foreground ${"{ ".repeat(100_000)}${"} ".repeat(100_000)}`],
    refused: "script",
    plain: { code: 126 },
  },
  {
    name: "1,000 nested blocks",
    ...script(`true ${"{ ".repeat(1000)}${"} ".repeat(1000)}`),
    refused: "depth",
    plain: 1001,
  },
  { name: "a script of 10 MB", ...script("true #" + "x".repeat(10_000_000)), refused: "EFBIG", plain: 1 },
  {
    name: "a script of 10 MB of words",
    ...script("true " + "word ".repeat(2e6)),
    refused: "EFBIG",
    plain: { code: 126 },
  },
  { name: "17,000 words", ...script(`true ${MANY}`), refused: "words", plain: 17_001 },
  {
    name: "a value that splits into 17,000 words",
    argv: ["define", "-s", "X", MANY, "true"],
    refused: "words",
    plain: 1,
  },
  {
    name: "a value that is 17,000 netstrings",
    argv: ["define", "-s", "-d", "", "X", "0:,".repeat(17_000), "true"],
    refused: "words",
    plain: 1,
  },
  {
    name: "a word of 200 KB",
    argv: ["define", "X", "x".repeat(2000), "true", "$X".repeat(100)],
    refused: "word",
    plain: 2,
  },
  { name: "513 links", ...script(`${"cd / ".repeat(512)}true`), refused: "links", plain: 1 },
  {
    name: "links that copy many words",
    ...script(`${"cd / ".repeat(500)}true ${"w ".repeat(14_000)}`),
    refused: "steps",
    plain: 14_001,
  },
  {
    name: "parameters that are said to be a million",
    argv: ["shift", "true"],
    environment: ["#=1000000", "0=s", "1=a"],
    refused: "steps",
    plain: 1,
  },
  {
    name: "an expression with 30,000 nested groups",
    argv: ["case", "a", ` ${"(".repeat(30_000)}a${")".repeat(30_000)}`, "  true", " ", "", "false"],
    refused: "steps",
    plain: 1,
  },
  {
    name: "an expression with 30,000 groups that are not closed",
    argv: ["case", "a", ` ${"(".repeat(60_000)}`, "  true", " ", "", "false"],
    refused: "steps",
    plain: { code: 100 },
  },
  {
    name: "repetitions of repetitions",
    argv: ["case", "a", " a{255}{255}", "  true", " ", "", "false"],
    refused: "steps",
    plain: 1,
  },
  {
    name: "repetitions of repetitions of repetitions",
    argv: ["case", "a", " a{255}{255}{255}", "  true", " ", "", "false"],
    refused: "steps",
    plain: { code: 100 },
  },
  {
    name: "a long text and an expression with many ways to match",
    argv: ["case", "a".repeat(60_000), " (a|b|c|d|e|f)*(a*)*z", "  true", " ", "", "false"],
    refused: "steps",
    plain: 1,
  },
  {
    name: "groups of a long text",
    argv: ["case", "-N", "a".repeat(1000), ` ${"(a*)".repeat(200)}`, "  true", " ", "", "false"],
    refused: "steps",
    plain: 1,
  },
  {
    name: "back-references with many ways to match",
    argv: ["case", "a".repeat(5000), " (a*)*(a|aa)*\\2c", "  true", " ", "", "false"],
    refused: "steps",
    plain: { code: 111 },
  },
  {
    name: "a pattern of 20,000 asterisks",
    argv: ["case", "-s", "a".repeat(1000), ` ${"*a".repeat(20_000)}`, "  true", " ", "", "false"],
    refused: "steps",
    plain: 1,
  },
  {
    name: "a pattern of brackets that are not closed",
    argv: ["elglob", "X", "[".repeat(120_000), "true", "$X"],
    refused: "steps",
    plain: 2,
  },
  {
    name: "a directory of 60,000 files",
    argv: ["elglob", "X", "/d/*", "true", "$X"],
    files: { "/d/": Array.from({ length: 60_000 }, (_, at) => `${at}`) },
    refused: "steps",
    plain: 60_001,
  },
  {
    name: "a variable in a file of 200 KB",
    argv: ["s6-envdir", "/d", "true"],
    files: { "/d": ["A"], "/d/A": "x".repeat(200_000) },
    refused: "EFBIG",
    plain: 1,
  },
  {
    name: "variables of 7 MB",
    argv: ["s6-envdir", "-L", "/d", "true"],
    files: {
      "/d": Array.from({ length: 70 }, (_, at) => `V${at}`),
      ...Object.fromEntries(Array.from({ length: 70 }, (_, at) => [`/d/V${at}`, "x".repeat(100_000)])),
    },
    refused: "expansion",
    plain: 1,
  },
  {
    name: "a directory of 1,000 variables",
    argv: ["s6-envdir", "/d", "true"],
    files: {
      "/d": Array.from({ length: 1000 }, (_, at) => `V${at}`),
      ...Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`/d/V${at}`, "x"])),
    },
    refused: "steps",
    plain: 1,
  },
  {
    name: "a script of 200 KB that becomes another one",
    argv: ["execlineb", "/s"],
    files: { "/s": `#${"x".repeat(200_000)}\nexeclineb /t`, "/t": `#${"x".repeat(220_000)}\ntrue` },
    refused: "steps",
    plain: 1,
  },
  {
    name: "two alternatives in an environment of 35,000 variables",
    ...script("tryexec { nosuch } tryexec { nosuch } true"),
    environment: KUBERNETES,
    refused: "steps",
    plain: 1,
  },
];

async function failure(argv: readonly string[], budget: Budget, world: ChainWorld): Promise<unknown> {
  try {
    await evaluated(argv, budget, world);
    return undefined;
  } catch (error) {
    return error instanceof LinkError ? error.cause : error;
  }
}

for (const { name, argv, refused, plain, ...world } of ROWS) {
  Deno.test(`process 1 gives up ${name}`, async () => {
    const error = await failure(argv, Budget.ofProcess1(), world);
    if (refused === "EFBIG") ok(error instanceof OsError && error.errno === "EFBIG", String(error));
    else ok(error instanceof BudgetExceeded && error.what === refused, String(error));
  });
  if (plain === undefined) continue;
  Deno.test(`a process of its own has to do with ${name}`, async () => {
    if (typeof plain === "number") {
      const { end } = await evaluated(argv, Budget.unlimited, world);
      equal(end.image.argv.length, plain);
      return;
    }
    const error = await failure(argv, Budget.unlimited, world);
    ok(error instanceof Failure, String(error));
    equal(error.code, plain.code);
  });
}

Deno.test("a file that is too large is not read", async () => {
  const disk = { files: { "/s": "true #" + "x".repeat(10_000_000) } };
  await failure(["execlineb", "/s"], Budget.ofProcess1(), disk);
  equal((await evaluated(["execlineb", "/s"], Budget.unlimited, disk)).read > 10_000_000, true);
});

const USUAL: readonly { readonly name: string; readonly most: number; readonly world: ChainWorld }[] = [
  { name: "a usual script", most: 1500, world: {} },
  { name: "a usual script in an environment of 35,000 variables", most: 20_000, world: { environment: KUBERNETES } },
];

for (const { name, most, world } of USUAL) {
  Deno.test(`${name} takes less than ${most} of 100,000 steps`, async () => {
    const text = `
      importas -D 8080 PORT PORT
      define -s FLAGS "-a -b -c"
      multisubstitute { define NAME web importas -D /srv HOME HOME elgetpositionals }
      export LISTEN 0.0.0.0:$PORT
      unexport PORT
      cd $HOME
      umask 022
      redirfd -r 0 /dev/null
      fdmove -c 2 1
      emptyenv -c
      execlineb -c "shift s6-env A=b true $@ more"
      true $FLAGS $NAME $1`;
    const budget = Budget.ofProcess1();
    const files = { "/s": text };
    const { end } = await evaluated(["execlineb", "/s", "x", "y"], budget, { ...world, files });
    equal(end.kind === "program" && end.paths[0], "/bin/true");
    ok(100_000 - budget.stepsLeft < most, `${100_000 - budget.stepsLeft}`);
  });
}
