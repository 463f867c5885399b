// Long options; that what is wrong with them is said as in the original is seen in tests/recorded.

import { deepEqual, throws } from "node:assert/strict";
import { longOptions } from "../../cli/long_options.ts";

const { parse } = longOptions({ verbosity: "v", block: "b", "no-lock": "no-lock" });

/** The options as "letter=value", and the operands. */
function read(...words: string[]): [string[], readonly string[]] {
  const { options, args } = parse("v:b", words);
  return [options.list.map(({ letter, value }) => `${letter}=${value}`), args];
}

Deno.test("long and short options mix, up to the first operand", () => {
  deepEqual(read("-bv3", "--verbosity=4", "-v", "5", "--no-lock", "--block", "x", "-b"), [
    ["b=", "v=3", "v=4", "v=5", "no-lock=", "b="],
    ["x", "-b"],
  ]);
  deepEqual(read("-b", "--", "--block"), [["b="], ["--block"]]);
  deepEqual(read("-", "-b"), [[], ["-", "-b"]]);
  deepEqual(read("--verbosity=a=b"), [["v=a=b"], []]);
  deepEqual(read(), [[], []]);
});

Deno.test("options that there are not are named", () => {
  const rows = [
    ["-bz", "unrecognized short option: z"],
    ["-:", "unrecognized short option: :"],
    ["--no", "unrecognized boolean option: --no"],
    ["--verbosity", "unrecognized boolean option: --verbosity"],
    ["--block=1", "unrecognized option with argument: --block=1"],
    ["--no-lock=1", "unrecognized option with argument: --no-lock=1"],
    ["--constructor", "unrecognized boolean option: --constructor"],
    ["--=1", "invalid option: --=1"],
  ] as const;
  for (const [word, message] of rows) throws(() => read(word, "x"), { message });
  throws(() => read("-v"), { name: "Error", message: "" });
});
