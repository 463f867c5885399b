import { deepEqual } from "node:assert/strict";
import { contentRule, readEnvdir, wholeContent } from "../../lib/envdir.ts";

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

Deno.test("a value is the first line, the whole file, with its end or without, cut at 4095 bytes", () => {
  const content = "a\0b \t\nc\n";
  const table: readonly (readonly [Parameters<typeof contentRule>[0], string])[] = [
    [{}, "a\nb"],
    [{ nul: "_" }, "a_b"],
    [{ exact: true }, "a\nb \t"],
    [{ whole: true }, "a\nb \t\nc"],
    [{ whole: true, exact: true }, "a\nb \t\nc\n"],
  ];
  for (const [taking, value] of table) deepEqual(contentRule(taking)(content), value);
  deepEqual(contentRule({})(""), undefined);
  deepEqual(contentRule({})("x".repeat(5000))?.length, 4095);
  deepEqual(contentRule({ unlimited: true })("x".repeat(5000))?.length, 5000);
});

Deno.test("a newline stands for a NUL", () => {
  deepEqual(wholeContent("a\0b\n"), "a\nb\n");
});
