// A script as a whole, with its arguments.

import { deepEqual, equal, throws } from "node:assert/strict";
import { Environment } from "../../../lib/environment.ts";
import { type Command, type Passing, scriptCommand } from "../../../lib/execline/script.ts";

const OUTER = Environment.of(["1=outer", "A=b"]);
const FRAME = { script: "s", args: ["x", "y z"] };

function command(text: string, passing: Passing, level?: number, warnings: string[] = []): Command {
  return scriptCommand(text, FRAME, passing, OUTER, { level, warn: (text) => warnings.push(text) });
}

Deno.test("arguments are pushed, set or left out", () => {
  const words = (passing: Passing): string[] => command("env", passing).environment.toWords().sort();
  deepEqual(words({ by: "push" }), ["#=2", "0=s", "1:1=outer", "1=x", "2=y z", "A=b"]);
  deepEqual(words({ by: "set" }), ["#=2", "0=s", "1=x", "2=y z", "A=b"]);
  deepEqual(words({ by: "nothing" }), ["1=outer", "A=b"]);
});

Deno.test("arguments are substituted and the environment is left alone", () => {
  const { argv, environment } = command("a { $2 } p${@}s $#", { by: "substitution", least: 0, skip: 1 });
  deepEqual(argv, ["a", " y z", "", "py zs", "2"]);
  equal(environment, OUTER);
});

Deno.test("too few arguments are passed over, warned of or fatal", () => {
  const passing: Passing = { by: "substitution", least: 3, skip: 0 };
  const text = "too few arguments: expecting at least 3 but got 2";
  for (const [level, expected] of [[0, []], [1, [text]], [undefined, [text]]] as const) {
    const warnings: string[] = [];
    deepEqual(command("a $3", passing, level, warnings).argv, ["a", ""]);
    deepEqual(warnings, expected);
  }
  throws(() => command("a", passing, 2), { code: 100, message: text });
});

Deno.test("an empty script has no command and misses no arguments", () => {
  deepEqual(command(" # nothing", { by: "substitution", least: 9, skip: 0 }, 2).argv, []);
});
