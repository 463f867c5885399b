// Rows of programs that change their process or run others once more, below our /init: process 1 then answers the calls
// that it can. ANSWERED_ROWS in the environment is a pattern for other rows ("." for all of them).

import { equal } from "node:assert/strict";
import { ownNamespaces } from "../../scripts/namespaces.ts";
import { OURS } from "../surroundings/namespace.ts";
import { rowPattern } from "../random/amount.ts";

const ROWS = Deno.env.get("ANSWERED_ROWS") ?? rowPattern(
  "^(execline/(capture|descriptor|environment|order|process|sequence|conditional|loop|test)|portable/test|s6/(setuidgid|limits|svwait))",
  "^(execline/(order|sequence)|s6/(setuidgid|limits))",
);

// No other container uses its state directory.
const ENTER = 'mount -t proc proc /proc && mount -t tmpfs run /run && exec "$@"';

Deno.test({
  name: "rows come out the same where process 1 answers",
  ignore: Deno.uid() !== 0,
  fn: async () => {
    const init = OURS.replace(/command$/, "init");
    const rows = ["env", `ROWS=${ROWS}`, Deno.execPath(), "test", "-A", "--no-check", "tests/cases_test.ts"];
    const [program = "", ...args] = [...ownNamespaces("pid", "mount"), "sh", "-c", ENTER, "enter", init, ...rows];
    const { code, stdout, stderr } = await new Deno.Command(program, {
      args,
      cwd: new URL("../..", import.meta.url).pathname,
      stdin: "null",
    }).output();
    const decoder = new TextDecoder();
    const failures = decoder.decode(stdout).split("\n").filter((line) => /FAILED|Error|passed/.test(line));
    equal(code, 0, `${failures.join("\n")}\n${decoder.decode(stderr).slice(-2000)}`);
  },
});
