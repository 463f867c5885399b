import { deepEqual } from "node:assert/strict";
import { readEnvdir, wholeContent } from "../../lib/envdir.ts";

const reader = (files: Record<string, string>): Parameters<typeof readEnvdir>[0] => ({
  listDirectory: () => Object.keys(files),
  readFile: (path) => files[path.slice("dir/".length)]!,
});

Deno.test("each file is a variable, but for hidden ones and names with an equals sign", () => {
  const files = { B: "b", A: "", ".hidden": "x", "C=D": "y", "\xff": "\xfe" };
  deepEqual(readEnvdir(reader(files), "dir", wholeContent), [["B", "b"], ["A", ""], ["\xff", "\xfe"]]);
});

Deno.test("a rule may remove a variable", () => {
  deepEqual(readEnvdir(reader({ A: "", B: "b" }), "dir", (content) => content || undefined), [["A", undefined], [
    "B",
    "b",
  ]]);
});

Deno.test("a newline stands for a NUL", () => {
  deepEqual(wholeContent("a\0b\n"), "a\nb\n");
});
