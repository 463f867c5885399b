import { deepEqual, equal } from "node:assert/strict";
import { SIGNAL } from "../../../lib/signals.ts";
import { commands, SCANNER_COMMANDS, SERVICE_COMMANDS } from "../../../lib/supervise/control.ts";

Deno.test("a supervisor's alphabet is that of s6 2.11.3", () => {
  equal(Object.keys(SERVICE_COMMANDS).sort().join(""), [..."abqhkti12pcyrPCKloduDUxOQ"].sort().join(""));
});

Deno.test("letters that send signals send theirs", () => {
  deepEqual(commands(SERVICE_COMMANDS, "kp2"), [
    { on: "signal", signal: SIGNAL.KILL },
    { on: "signal", signal: SIGNAL.STOP },
    { on: "signal", signal: SIGNAL.USR2 },
  ]);
});

Deno.test("unknown letters have no command, whatever objects inherit", () => {
  deepEqual(commands(SERVICE_COMMANDS, "uzZ\0"), [{ on: "up" }, undefined, undefined, undefined]);
  deepEqual(commands(SCANNER_COMMANDS, "h_b"), ["scanAndPrune", undefined, "abort"]);
});
