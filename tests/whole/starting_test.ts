// Rows once more, of programs that start as ever, as they do where no checkpoint fits the machine. STARTING_ROWS in the
// environment is a pattern for other rows ("." for all of them).

import { equal } from "node:assert/strict";
import { resolve } from "node:path";
import { output } from "../../scripts/command.ts";
import { rowPattern } from "../random/amount.ts";

const ROWS = Deno.env.get("STARTING_ROWS") ?? rowPattern(
  "^(execline/(descriptor|process)|s6/(limits|lock|setuidgid))",
  "^s6/(limits|setuidgid)",
);
const TREE = resolve("dist/starting");

Deno.test("rows come out the same where programs start", async () => {
  const deno = [Deno.execPath(), "run", "-A", "--no-check"];
  await output([...deno, "scripts/build.ts", "--local", "--starting", "--out", TREE]);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--no-check", "tests/cases_test.ts"],
    env: { OVERLAY_LOCAL: TREE, ROWS },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  const failures = decoder.decode(stdout).split("\n").filter((line) => /FAILED|Error|passed/.test(line));
  equal(code, 0, `${failures.join("\n")}\n${decoder.decode(stderr).slice(-2000)}`);
});
