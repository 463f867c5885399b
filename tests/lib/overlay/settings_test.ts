// How the values of settings are read.

import { deepEqual, equal } from "node:assert/strict";
import { type SettingName, SETTINGS, Settings, shown } from "../../../lib/overlay/settings.ts";

function read(name: SettingName, value: string | undefined): [value: unknown, lines: string[]] {
  const lines: string[] = [];
  const settings = new Settings((variable) => variable === SETTINGS[name].variable ? value : undefined, (line) => {
    lines.push(line);
  });
  settings.check();
  return [settings.get(name), lines];
}

const GRACE = "killGraceTime";
const ROWS: readonly (readonly [name: SettingName, value: string | undefined, read: unknown, complains: boolean])[] = [
  [GRACE, undefined, 3000, false],
  [GRACE, "", 3000, false],
  [GRACE, "0", 0, false],
  [GRACE, "0012\n", 12, false],
  [GRACE, "999999999999999", 999999999999999, false],
  [GRACE, "9999999999999999", 3000, true],
  [GRACE, "-1", 3000, true],
  [GRACE, "5s", 3000, true],
  [GRACE, " 5", 3000, true],
  ["keepEnvironment", "0", false, false],
  ["keepEnvironment", "1", true, false],
  ["keepEnvironment", "7", true, false],
  ["keepEnvironment", "yes", false, true],
  ["behaviourIfStage2Fails", "2\n\n", 2, false],
  ["runtimeProfile", "web\n", "web", false],
  ["loggingScript", "", "n20 s1000000 T", false],
  ["loggingScript", "n1\n", "n1", false],
];

for (const [name, value, expected, complains] of ROWS) {
  Deno.test(`${SETTINGS[name].variable} as ${JSON.stringify(value)} is ${JSON.stringify(expected)}`, () => {
    const [got, lines] = read(name, value);
    deepEqual([got, lines.length], [expected, complains ? 1 : 0]);
  });
}

Deno.test("a value is shown in one line, whatever it is", () => {
  equal(shown("a\nb\xff"), "a\\x0ab\\xff");
  equal(shown("x".repeat(100)), `${"x".repeat(60)}...`);
});

function settings(variables: Readonly<Record<string, string>>): { settings: Settings; warnings: string[] } {
  const warnings: string[] = [];
  return { settings: new Settings((name) => variables[name], (line) => warnings.push(line)), warnings };
}

Deno.test("every number but 0 turns logging on, and 2 is told from the others", () => {
  const values = [undefined, "", "0", "00", "1", "2", "02", "3"];
  const read = (value: string | undefined): number =>
    settings(value === undefined ? {} : { S6_LOGGING: value }).settings.get("logging");
  deepEqual(values.map(read), [0, 0, 0, 0, 1, 2, 2, 3]);
});

Deno.test("a value that is no number is told once, with the default that is used", () => {
  const { settings: read, warnings } = settings({ S6_LOGGING: "yes" });
  deepEqual([read.get("logging"), read.get("logging")], [0, 0]);
  deepEqual(warnings, ['S6_LOGGING="yes": not a number; using the default, 0']);
});

Deno.test("a number of more digits than can be is told from what is no number", () => {
  const { settings: read, warnings } = settings({ S6_KILL_GRACETIME: "9007199254740992" });
  deepEqual(read.get("killGraceTime"), 3000);
  deepEqual(warnings, ['S6_KILL_GRACETIME="9007199254740992": a larger number than can be; using the default, 3000']);
});

Deno.test("a value that turns out to be of no use is told once, with the default that is used", () => {
  const { settings: read, warnings } = settings({ S6_CATCHALL_USER: "bob" });
  equal(read.get("catchAllUser"), "bob");
  equal(read.refuse("catchAllUser", "no such account"), "nobody");
  equal(read.refuse("catchAllUser", "no such account"), "nobody");
  deepEqual(warnings, ['S6_CATCHALL_USER="bob": no such account; using the default, nobody']);
});
