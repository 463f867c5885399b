// The house rules about files, their words and their imports, held; that they see what they should, too.

import { deepEqual, equal } from "node:assert/strict";
import { type Applet, utility } from "../cli/applet.ts";
import { ANSWERABLE } from "../cli/answerable.ts";
import { COMPUTING_PROGRAMS } from "../cli/computing.ts";
import { applets, families } from "../cli/index.ts";
import { FAMILIES, familyOf } from "../cli/pages.ts";
import {
  type Arrow,
  arrowsOf,
  faultsOfArrows,
  faultsOfCircles,
  faultsOfCommits,
  faultsOfExports,
  faultsOfFamilies,
  faultsOfFiles,
  faultsOfNames,
  faultsOfRegistry,
  newCommits,
  sourceFiles,
} from "../scripts/house.ts";
import { testsOf } from "../scripts/test.ts";
import { faultsOfManual } from "../scripts/manual.ts";
import { faultsOfWords, writtenFiles } from "../scripts/plain_words.ts";
import { WAIVERS } from "../scripts/waivers.ts";

const ROOT = decodeURIComponent(new URL("..", import.meta.url).pathname);

Deno.test("files are short, named after what they do, and say what they are for", async () => {
  deepEqual(faultsOfFiles(await sourceFiles(ROOT)), []);
});

Deno.test("imports go strictly downward from room to room", async () => {
  const arrows = await arrowsOf(ROOT, await sourceFiles(ROOT));
  equal(arrows.length > 100, true, "the graph was read");
  deepEqual(faultsOfArrows(arrows), []);
});

Deno.test("no family of programs borrows from another", async () => {
  deepEqual(faultsOfFamilies(await arrowsOf(ROOT, await sourceFiles(ROOT)), FAMILIES), []);
});

Deno.test("an import from another family is seen, but not from what is for all", () => {
  const arrow = (from: string, to: string): Arrow => ({ from, to, typeOnly: true, isDynamic: true });
  const own = [arrow("cli/s6/svc.ts", "cli/s6/svwait.ts"), arrow("cli/index.ts", "cli/s6/svc.ts")];
  const common = [arrow("cli/s6/svc.ts", "cli/applet.ts"), arrow("cli/s6/svc.ts", "lib/tree.ts")];
  const borrowed = arrow("cli/s6/svlink.ts", "cli/portable/file.ts");
  deepEqual(faultsOfFamilies([...own, ...common, borrowed], ["portable", "s6"]), [
    "cli/s6/svlink.ts borrows from cli/portable/file.ts",
  ]);
});

Deno.test("no circle of imports, not even of types", async () => {
  deepEqual(faultsOfCircles(await arrowsOf(ROOT, await sourceFiles(ROOT))), []);
});

Deno.test("a circle is seen", () => {
  const arrow = (from: string, to: string): Arrow => ({ from, to, typeOnly: true, isDynamic: false });
  deepEqual(faultsOfCircles([arrow("a", "b"), arrow("a", "c"), arrow("b", "c")]), []);
  deepEqual(faultsOfCircles([arrow("a", "b"), arrow("b", "c"), arrow("c", "b")]), ["b imports c imports b"]);
});

Deno.test("new commits have a short subject with a scope, and a body that says why", async () => {
  deepEqual(faultsOfCommits(await newCommits(ROOT)), []);
});

Deno.test("a commit that says too little, or too much in one line, is seen", () => {
  const long = `log: ${"x".repeat(68)}`;
  deepEqual(faultsOfCommits(["log: cut lines\n\nThey were not.\n"]), []);
  deepEqual(faultsOfCommits(["log: cut lines\n", "Cut lines\n\nThey were not.\n", `${long}\n\nThey were not.\n`]), [
    '"log: cut lines" does not say why, behind an empty line',
    '"Cut lines" does not begin with a scope',
    `"${long}" has a subject of 73 characters; 72 are the most`,
  ]);
});

Deno.test("the tests of a room are its unit tests, its rows and its containers", () => {
  const paths = ["tests/lib/log/a_test.ts", "tests/lib/log/host.ts", "tests/cases/s6/log.ts", "tests/cases/s6/svc.ts"];
  const more = [
    "tests/containers/logging_test.ts",
    "tests/containers/life_test.ts",
    "tests/lib/overlay/logging/log_fifo_test.ts",
  ];
  deepEqual(testsOf("log", [...paths, ...more]), {
    units: ["tests/lib/log/a_test.ts", "tests/lib/overlay/logging/log_fifo_test.ts"],
    rows: ["s6/log"],
    containers: ["tests/containers/logging_test.ts"],
  });
});

Deno.test("comments, prose and names of tests are in plain technical English", async () => {
  const files = await writtenFiles(ROOT);
  equal(["README.md", "cli/launcher/ask.c", "mod.ts"].every((path) => files.some((file) => file.path === path)), true);
  deepEqual(faultsOfWords(files), []);
});

Deno.test("a phrase that was taken out is seen in comments and prose, but not in texts or printed tables", () => {
  const text =
    '/** Reads so\n * many bytes. */\nconst url = "http://so many";\n\nconst a = /"/; // for ever\n// Who\n// Whoever\n';
  deepEqual(faultsOfWords([{ path: "a.ts", text }]), [
    'a.ts:1 says "so many": there is a plainer word',
    'a.ts:5 says "for ever": there is a plainer word',
    'a.ts:7 says "Whoever": there is a plainer word',
  ]);
  deepEqual(faultsOfWords([{ path: "a.h", text: 'char a = \'"\'; /* whoever */\nchar *b = "// whoever";\n' }]), [
    'a.h:1 says "whoever": there is a plainer word',
  ]);
  const prose = "# One\n\n<!-- table -->\n| so many |\n<!-- end of table -->\n\nThis goes\non and on.\n";
  deepEqual(faultsOfWords([{ path: "a.md", text: prose }]), ['a.md:8 says "on and on": there is a plainer word']);
  deepEqual(faultsOfWords([{ path: "b.md", text: `<!-- Printed by \`deno task docs\` -->\n${prose}` }]), []);
});

Deno.test("a phrase that was taken out is seen in the name of a test, and of a row", () => {
  const call = ["Deno", "test"].join(".");
  const key = ["na", "me:"].join("");
  const text = `${call}(\n  "it is told of",\n);\n${call}({ ${key} \`for ever\` });\nequal("so many");\n`;
  deepEqual(faultsOfWords([{ path: "tests/a_test.ts", text }]), [
    'tests/a_test.ts:2 says "told of": there is a plainer word',
    'tests/a_test.ts:4 says "for ever": there is a plainer word',
  ]);
  deepEqual(faultsOfWords([{ path: "lib/a.ts", text }]), []);
});

Deno.test("one name, one meaning: nothing is exported twice", async () => {
  deepEqual(faultsOfNames(await sourceFiles(ROOT)), []);
});

Deno.test("a name that is exported twice is seen, but not in a text", () => {
  const file = (path: string, text: string) => ({ path, text });
  const once = file("a.ts", "// A\nexport const one = `\nexport class Two {}\n`;\nexport function three(): void {}\n");
  deepEqual(faultsOfNames([once, file("b.ts", "// B\nexport class Two {}\nexport const cases = [];\n")]), []);
  deepEqual(faultsOfNames([once, file("b.ts", "// B\nexport interface three {}\n")]), [
    "three is exported by a.ts and b.ts",
  ]);
});

Deno.test("what is exported is used by another file, and what is not is seen", async () => {
  deepEqual(faultsOfExports(await sourceFiles(ROOT)), []);
  const text = "export const one = 1;\nexport interface Two {}\n";
  const files = [{ path: "a.ts", text }, { path: "b.ts", text: 'import { one } from "./a.ts";\n' }];
  deepEqual(faultsOfExports(files), ["a.ts: Two is exported, and no other file names it"]);
});

Deno.test("the registry is sorted, true and complete", async () => {
  const paths = (await sourceFiles(ROOT)).map(({ path }) => path).filter((path) => /^cli\/.+\//.test(path));
  const modules = await Promise.all(paths.map(async (path) => ({ path, exports: await import(`../${path}`) })));
  deepEqual(await faultsOfRegistry(families, modules), []);
});

Deno.test("a program that is not what or where it is listed is seen", async () => {
  const [a, b, c] = ["a", "b", "c"].map((name) => ({ name, usage: "", kind: "chain" }));
  const load = (applet: typeof a) => () => Promise.resolve(applet!);
  const modules = [{ path: "cli/one/a.ts", exports: { a, b, c, other: "a" } }];
  deepEqual(await faultsOfRegistry({ one: { a: load(a), b: load(b), c: load(c) } }, modules), []);
  deepEqual(await faultsOfRegistry({ two: { b: load(b), a: load(a) }, one: { d: load(b) } }, modules), [
    "cli/index.ts: one is not in its place",
    "cli/index.ts: a is not in its place",
    "cli/index.ts: d loads b",
    "cli/index.ts: d is listed twice",
    "cli/one/a.ts declares a of the family two",
    "cli/one/a.ts declares c, which is not listed",
  ]);
});

Deno.test("the list of programs that can be answered is that of chains, replies and courses", async () => {
  const names = Object.keys(applets).sort();
  const all = await Promise.all(names.map(async (name) => [name, await applets[name]!()] as const));
  const can = all.filter(([, { kind, ...applet }]) => kind === "chain" || "reply" in applet || "course" in applet);
  deepEqual(can.map(([name]) => name), [...ANSWERABLE]);
});

Deno.test("the list of programs that compute is that of those whose declaration says so", async () => {
  const all = await Promise.all(Object.values(applets).map((load) => load()));
  const compute = all.filter((applet) => applet.kind !== "chain" && applet.computes).map(({ name }) => name);
  deepEqual(compute.sort(), [...COMPUTING_PROGRAMS].sort());
});

/** The families whose programs tell all their options. */
const TOLD = ["execline", "linux", "overlay", "portable", "s6", "s6_rc"];

Deno.test("every option of every program has its meaning", async () => {
  const told = await Promise.all(
    Object.keys(applets).filter((name) => TOLD.includes(familyOf(name))).map((name) => applets[name]!()),
  );
  deepEqual(told.flatMap(faultsOfManual), []);
});

Deno.test("a meaning that is missing, or none, is seen", () => {
  const faults = (change: Partial<Applet>): string[] =>
    faultsOfManual({
      ...utility({ name: "a", usage: "", summary: "do it", options: "xyz:", ignored: "z", least: 0, run: () => 0 }),
      ...change,
    } as Applet);
  deepEqual(faults({}), ["a: -x has no meaning", "a: -y has no meaning"]);
  deepEqual(faults({ help: { x: "one", y: "two" } }), []);
  deepEqual(faults({ help: { x: "one", y: "two", w: "three" } }), ["a: -w is no option"]);
  deepEqual(faults({ help: { x: "one.", y: "two" } }), ['a: "one." is no phrase in plain ASCII']);
  deepEqual(faults({ help: { x: "one", y: "two" }, notes: ["three"] }), ['a: "three" is no sentence in plain ASCII']);
});

Deno.test("the public face needs no permission: it touches nothing of the system", async () => {
  const args = ["run", "--no-prompt", "--no-lock", `${ROOT}mod.ts`];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  equal(success, true, new TextDecoder().decode(stderr));
});

Deno.test("every waiver is for a file that exists", async () => {
  const paths = new Set((await sourceFiles(ROOT)).map(({ path }) => path));
  deepEqual(WAIVERS.filter(({ file }) => !paths.has(file)), []);
});

Deno.test("a wrong arrow is seen", () => {
  const arrow = (from: string, to: string, typeOnly = false): string[] =>
    faultsOfArrows([{ from, to, typeOnly, isDynamic: false }]);
  deepEqual(arrow("cli/s6/svc.ts", "lib/supervise/control.ts"), []);
  deepEqual(arrow("lib/log/logger.ts", "lib/os/os.ts", true), []);
  deepEqual(arrow("cli/main.ts", "lib/os/linux.ts"), []);
  deepEqual(arrow("lib/log/logger.ts", "lib/os/file.ts"), ["lib/log/logger.ts may not import lib/os/file.ts"]);
  deepEqual(arrow("lib/log/logger.ts", "lib/event/publish.ts").length, 1);
  deepEqual(arrow("lib/image/image.ts", "cli/applet.ts", true).length, 1);
  deepEqual(arrow("lib/bytes.ts", "node:fs").length, 1);
  deepEqual(arrow("lib/bytes.ts", "scripts/build.ts").length, 1);
});
