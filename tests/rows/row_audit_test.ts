// Nothing that these programs can be asked for, or asked wrongly, is without a row.

import { deepEqual, equal } from "node:assert/strict";
import type { Applet } from "../../cli/applet.ts";
import { applets } from "../../cli/index.ts";
import { commandNames, sharedNames } from "../../scripts/names.ts";
import type { Case } from "./harness.ts";
import { missingLogRows } from "./log_audit.ts";
import { callShapeOf, missingRows } from "./row_audit.ts";

const FOLDERS = ["execline", "linux", "portable"];

/** The programs of other families that set the state of a process and go on. */
const PROCESS_STATE =
  ("s6-applyuidgid s6-background-watch s6-envdir s6-envuidgid s6-fghack s6-ioconnect s6-setlock s6-setsid s6-setuidgid " +
    "s6-softlimit s6-dumpenv s6-env s6-nice s6-pause s6-printenv justc-envdir with-contenv with-contenv-legacy " +
    "with-retries").split(" ");

/** The applets whose modules lie in a folder of cli/. */
async function appletsOf(folder: string): Promise<Map<string, Applet>> {
  const found = new Map<string, Applet>();
  for (const [name, load] of Object.entries(applets)) {
    if (load.toString().includes(`./${folder}/`)) found.set(name, await load());
  }
  return found;
}

async function rowsIn(name: string, files = /./): Promise<Case[]> {
  const folder = new URL(`../cases/${name}/`, import.meta.url);
  const rows: Case[] = [];
  for (const { name } of Deno.readDirSync(folder)) {
    if (!files.test(name)) continue;
    const { cases } = await import(new URL(name, folder).href) as { cases: readonly Case[] };
    rows.push(...cases);
  }
  return rows;
}

for (const folder of FOLDERS) {
  Deno.test(`every option and every mistake of every program of ${folder} has a row`, async () => {
    const missing = missingRows(await rowsIn(folder), await appletsOf(folder));
    equal(missing.length, 0, `no row has:\n${missing.join("\n")}`);
  });
}

Deno.test("every option, every directive and every message of s6-log has a row", async () => {
  const missing = await missingLogRows(await rowsIn("s6", /^log/));
  equal(missing.length, 0, `no row has:\n${missing.join("\n")}`);
});

Deno.test("a row about s6-log that is missing is named", async () => {
  const missing = await missingLogRows([{ name: "", argv: ["sh", "-c", "start -qd 3 'n5' pa ./d; s6-log T 1"] }]);
  deepEqual(
    missing.filter((text) => /^(option|directive)/.test(text)).map((text) => text.at(-1)).join(""),
    "vbplt2+-fsSlrRE^!?te=/",
  );
});

Deno.test("so has every one of each program that sets the state of a process", async () => {
  const folders = ["s6", "overlay", "portable"];
  const rows = (await Promise.all(folders.map((folder) => rowsIn(folder)))).flat();
  const some = await Promise.all(PROCESS_STATE.map(async (name) => [name, await applets[name]!()] as const));
  const missing = missingRows(rows, new Map(some));
  equal(missing.length, 0, `no row has:\n${missing.join("\n")}`);
});

Deno.test("the shape of a command line is read from its usage", () => {
  deepEqual(callShapeOf("[ -i | -D default ] [ -u ] key var prog..."), { operands: 2, blocks: 0, rest: true });
  deepEqual(callShapeOf("{ a... } { b... } [ remainder... ]"), { operands: 0, blocks: 2, rest: true });
  deepEqual(callShapeOf("[ -x ] { signal { cmdline } ... } prog..."), { operands: 0, blocks: 1, rest: true });
  deepEqual(callShapeOf("-[ r | w ] [ -n ] fd file prog..."), { operands: 2, blocks: 0, rest: true });
});

Deno.test("a row that is missing is named", async () => {
  const some = new Map([...await appletsOf("execline")].filter(([name]) => name === "heredoc"));
  const rows: Case[] = [
    { name: "", argv: ["heredoc", "0", "a"] },
    { name: "", argv: ["execlineb", "-Pc", "foreground { heredoc -z } foreground { heredoc 0 a nope } true"] },
  ];
  deepEqual(missingRows(rows, some), ["heredoc: option -d"]);
});

Deno.test("the programs that go by two names are installed by both", () => {
  const names = ["cd", "execline-cd", "posix-cd", "umask", "execline-umask", "posix-umask"];
  deepEqual(names.filter((name) => !commandNames().includes(name)), []);
  // In /usr/bin cd and umask may be a distribution's.
  deepEqual(names.filter((name) => !sharedNames().includes(name)), ["cd", "umask"]);
});

/** A program that first has to reach a helper, a supervisor or a server, with a patience in milliseconds. */
const PATIENCE = [
  /\b(s6-(?:svwait|svlisten1?|ftrig-\w+|svu?n?link|instance-\w+|fdholder-(?!daemon|transferdump)\w+|setlock)) (?:-\w+ )*-\w*t (\d+)/g,
  /\b(s6-svc) (?:-\w+ )*-w\w (?:-\w+ )*-T (\d+)/g,
];

Deno.test("no row is so impatient that a busy machine decides whether its program gets to the wait", async () => {
  const impatient: string[] = [];
  for (const { name, argv } of await rowsIn("s6")) {
    const calls = PATIENCE.flatMap((pattern) => [...argv.join(" ").matchAll(pattern)]);
    for (const [call, , patience] of calls) {
      if (Number(patience) > 0 && Number(patience) < 1000) impatient.push(`${name}: ${call}`);
    }
  }
  deepEqual(impatient, []);
});
