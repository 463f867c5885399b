// What a build makes: a small launcher, small chunks, and a tarball that is the same each time and harms no image.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { HOST } from "../../scripts/base.ts";
import { LARGEST_CHUNK } from "../../scripts/bundle.ts";
import { isInstalled, output } from "../../scripts/command.ts";
import { compileLauncher } from "../../scripts/launcher.ts";
import { entriesOf, PREFIX } from "../../scripts/tree.ts";
import { PLAIN_TARBALL, TARBALL } from "../surroundings/tarball.ts";

const LARGEST_LAUNCHER = 20 * 1024;

Deno.test("the launcher is a small static executable", async () => {
  const path = "dist/local/launcher";
  ok((await Deno.stat(path)).size < LARGEST_LAUNCHER);
  const header = await output(["readelf", "-l", path]);
  ok(!header.includes("INTERP") && !header.includes("DYNAMIC"), header);
});

Deno.test({
  name: "the launcher is one for the other architecture as well, without a library that has what a compiler calls",
  ignore: HOST !== "amd64" || !isInstalled("aarch64-linux-gnu-gcc"),
  fn: async () => {
    const directory = await Deno.makeTempDir();
    for (const kind of ["stock", "compiled"] as const) {
      await compileLauncher("aarch64", kind, PREFIX, `${directory}/launcher`);
      match(await output(["readelf", "-h", `${directory}/launcher`]), /Machine: +AArch64/);
    }
    await Deno.remove(directory, { recursive: true });
  },
});

Deno.test("every chunk is small enough to start quickly", () => {
  for (const { name } of Deno.readDirSync("dist/local/js")) {
    const { size } = Deno.statSync(`dist/local/js/${name}`);
    ok(size < LARGEST_CHUNK, `${name} has ${size} bytes, the most is ${LARGEST_CHUNK}`);
  }
});

const CHUNKS = "dist/local/js";
/** Chunks with the modules of process 1. */
const OF_PROCESS_1 = /^(preparation|supervision)-/;
/** What people and probes ask for often. */
const ASKED_OFTEN = ["control", "explain", "healthy", "logs", "status", "timeline"];

/** The chunks that are read for one, by their names. */
function chunksFor(name: string, names: readonly string[]): ReadonlySet<string> {
  const found = new Set(names.filter((each) => each.replace(/-[\w-]{8}\.js$/, "") === name));
  for (const chunk of found) {
    const [, imports] = /System\.register\((\[[^\]]*\])/.exec(Deno.readTextFileSync(`${CHUNKS}/${chunk}`)) ?? [];
    for (const path of JSON.parse(imports ?? "[]") as string[]) found.add(path.replace(/^\.\//, ""));
  }
  return found;
}

Deno.test("subcommands that only ask process 1 do not load what it is made of", () => {
  const names = [...Deno.readDirSync(CHUNKS)].map(({ name }) => name);
  ok([...chunksFor("supervise", names)].some((name) => OF_PROCESS_1.test(name)), "supervisors do");
  for (const subcommand of ASKED_OFTEN) {
    const chunks = [...chunksFor(subcommand, names)];
    ok(chunks.length > 1, subcommand);
    deepEqual(chunks.filter((name) => OF_PROCESS_1.test(name)), [], subcommand);
  }
});

Deno.test("the tarball has its sum beside it", async () => {
  const { stdout } = await new Deno.Command("sha256sum", { args: [TARBALL] }).output();
  const digest = new TextDecoder().decode(stdout).slice(0, 64);
  const name = TARBALL.slice(TARBALL.lastIndexOf("/") + 1);
  equal(await Deno.readTextFile(`${TARBALL}.sha256`), `${digest}  ${name}\n`);
});

Deno.test("the tarball holds nothing in /sbin and /lib, one file in /bin, and no directory that images may have as a link", async () => {
  const listed = (await output(["tar", "-tzf", TARBALL])).trim().split("\n");
  equal(listed[0], "./bin/.s6-overlay");
  const names = (await output(["tar", "-tf", PLAIN_TARBALL])).trim().split("\n");
  deepEqual(listed.slice(1), names);
  deepEqual(names.filter((name) => /^(bin|sbin|lib|lib64|var|run)(\/|$)/.test(name)), []);
  deepEqual(names.filter((name) => /^(usr|usr\/bin|usr\/lib|etc)\/$/.test(name)), []);
  deepEqual(
    [...names],
    [...names].map((name) => name.replace(/\/$/, "")).sort().map((name) =>
      names.find((each) => each.replace(/\/$/, "") === name)
    ),
  );
});

Deno.test("everything in the tarball belongs to root, only root may write it, and nothing is setuid", async () => {
  const lines = (await output(["tar", "--numeric-owner", "-tvzf", TARBALL])).trim().split("\n");
  for (const line of lines) {
    const [mode, owner] = line.split(/\s+/);
    equal(owner, "0/0", line);
    if (!mode!.startsWith("l")) ok(!/^.....w|^........w|s/i.test(mode!), line);
  }
});

Deno.test({
  name: "programs that wait, and those that compute, go on from a checkpoint with flags of their own",
  ignore: HOST !== "amd64",
  fn: async () => {
    const lines = (await output(["tar", "-tvzf", TARBALL])).trim().split("\n");
    const found = lines.flatMap((line) => /^-.* \S*\/(checkpoint\S*)$/.exec(line)?.[1] ?? []);
    // Stock deno takes those for want of a compiler when it starts.
    const isCompiled = !lines.some((line) => line.includes("/js/"));
    deepEqual(found, [
      "checkpoint",
      "checkpoint-computing",
      ...(isCompiled ? ["checkpoint-without-compiler"] : []),
    ]);
  },
});

Deno.test("the program uses our own loader and libraries, and starts at a fixed address", async () => {
  const directory = await Deno.makeTempDir();
  const program = `${await extracted(directory)}${PREFIX}/program`;
  const headers = await output(["readelf", "-hldW", program]);
  match(headers, /Type: +EXEC/);
  match(headers, new RegExp(`program interpreter: ${PREFIX}/lib/ld-linux`));
  match(headers, new RegExp(`Library rpath: \\[${PREFIX}/lib\\]`));
  // What was done for that address is not in the file a second time, as something to be done.
  const left = 'readelf -rW "$1" | grep -cE "R_(X86_64|AARCH64)_RELATIV" || :';
  equal((await output(["sh", "-c", left, "sh", program])).trim(), "0");
  await Deno.remove(directory, { recursive: true });
});

Deno.test("the tarball has the licenses of all it is made of, each with the names of its authors", async () => {
  const directory = await Deno.makeTempDir();
  const licenses = `${await extracted(directory)}${PREFIX}/licenses`;
  const page = await Deno.readTextFile(`${licenses}/README`);
  const texts = [...page.matchAll(/^ {2}text: +(\S+)$/gm)].map(([, file]) => file!);
  deepEqual(
    [...Deno.readDirSync(licenses)].map(({ name }) => name).sort(),
    [
      "GPL-3.0",
      "LGPL-2.1",
      "README",
      ...texts,
    ].sort(),
  );
  for (const file of texts) {
    match(await Deno.readTextFile(`${licenses}/${file}`), /^ *Copyright (?:\(c\) )?[0-9]/mi, file);
  }
  for (const { name } of Deno.readDirSync(`${licenses}/../lib`)) ok(page.includes(name), name);
  await Deno.remove(directory, { recursive: true });
});

Deno.test("the same input gives the same bytes", async () => {
  const first = await Deno.readTextFile(`${TARBALL}.sha256`);
  const directory = await Deno.makeTempDir();
  const compiled = entriesOf(await extracted(directory)).every((entry) => !entry.includes("/js/"));
  const base = compiled ? "compiled" : "stock";
  await output([Deno.execPath(), "run", "-A", "scripts/build.ts", "--arch", HOST, "--base", base, "--out", directory]);
  equal(await Deno.readTextFile(`${directory}/s6-overlay-${HOST}.tar.gz.sha256`), first);
  await Deno.remove(directory, { recursive: true });
});

async function extracted(directory: string): Promise<string> {
  await Deno.mkdir(`${directory}/tree`);
  await output(["tar", "-xzf", TARBALL, "-C", `${directory}/tree`]);
  return `${directory}/tree`;
}
