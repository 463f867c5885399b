// What a row is about: its content, and the sources of the programs that it names.

import { deepEqual, equal, notEqual } from "node:assert/strict";
import { applets } from "../../cli/index.ts";
import type { Arrow } from "../../scripts/house.ts";
import type { Case } from "./harness.ts";
import { programsNamed, programStates, reachedModules, rowState } from "./row_states.ts";

const NAMES = ["cd", "s6-rc", "s6-rc-init", "s6-svc", "s6-svscan"];

Deno.test("a program is named in a command, a script, the input, the environment, or by a link", () => {
  const named = (row: Partial<Case>): string[] => programsNamed({ name: "s6-rc", argv: ["true"], ...row }, NAMES);
  deepEqual(named({}), []);
  deepEqual(named({ argv: ["/usr/bin/s6-svc", "a"] }), ["s6-svc"]);
  deepEqual(named({ argv: ["sh", "-c", "\ns6-svc|cd\n"] }), ["cd", "s6-svc"]);
  deepEqual(named({ stdin: "{s6-svc}" }), ["s6-svc"]);
  deepEqual(named({ env: { A: "s6-svc" } }), ["s6-svc"]);
  deepEqual(named({ files: { a: "s6-svc", b: { content: "\ts6-svscan", mode: 1 }, c: { link: "cd" } } }), [
    "cd",
    "s6-svc",
    "s6-svscan",
  ]);
  deepEqual(named({ argv: ["s6-svc2", "xs6-svc", "s6-svc-x"] }), []);
});

Deno.test("a name that is put together may be any that begins so", () => {
  deepEqual(programsNamed({ name: "", argv: ["sh", "-c", "s6-rc-$part"] }, NAMES), ["s6-rc-init"]);
  deepEqual(programsNamed({ name: "", argv: ["ls", "-", "-l"] }, NAMES), []);
});

Deno.test("a module reaches what it imports, types and programs of the registry excepted", () => {
  const arrow = (from: string, to: string, typeOnly = false): Arrow => ({ from, to, typeOnly, isDynamic: false });
  const arrows = [
    arrow("a.ts", "b.ts"),
    arrow("b.ts", "c.ts"),
    arrow("c.ts", "a.ts"),
    arrow("a.ts", "types.ts", true),
    arrow("a.ts", "cli/index.ts"),
    arrow("cli/index.ts", "program.ts"),
    arrow("d.ts", "e.ts"),
  ];
  deepEqual(reachedModules(arrows, ["a.ts"]), ["a.ts", "b.ts", "c.ts", "cli/index.ts"]);
});

Deno.test("each program has a state, and programs of other modules have other ones", async () => {
  const states = await programStates();
  deepEqual([...states.keys()].sort(), Object.keys(applets).sort());
  notEqual(states.get("s6-svc"), states.get("s6-svscan"));
});

Deno.test("the state of a row is another one where the row is, or a program that it names", async () => {
  const row: Case = { name: "a row", argv: ["s6-svc", "-u"] };
  const state = (changed: Partial<Case>, svc: string, cd: string): Promise<string> =>
    rowState({ ...row, ...changed }, new Map([["s6-svc", svc], ["cd", cd]]));
  const before = await state({}, "1", "1");
  equal(await state({ name: "another name" }, "1", "2"), before);
  notEqual(await state({}, "2", "1"), before);
  notEqual(await state({ stdin: "x" }, "1", "1"), before);
});
