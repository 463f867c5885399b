import { deepEqual, equal } from "node:assert/strict";
import { commandVariables, Settings } from "../../../lib/overlay/settings.ts";

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
  deepEqual(warnings, ['S6_LOGGING is "yes", which is not a number: using 0']);
});

Deno.test("a value that turns out to be of no use is told once, with the default that is used", () => {
  const { settings: read, warnings } = settings({ S6_CATCHALL_USER: "bob" });
  equal(read.get("catchAllUser"), "bob");
  equal(read.refuse("catchAllUser", "is no account"), "nobody");
  equal(read.refuse("catchAllUser", "is no account"), "nobody");
  deepEqual(warnings, ['S6_CATCHALL_USER is "bob", which is no account: using nobody']);
});

Deno.test("the command finds how much is logged", () => {
  deepEqual(commandVariables(2), [["S6_LOGGING", "2"]]);
});
