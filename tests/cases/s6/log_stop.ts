// Rows for cli/s6/log.ts: signals, and how a logger ends.

import type { Case } from "../../rows/harness.ts";
import { logScript } from "../../rows/logged.ts";

export const cases: readonly Case[] = [
  logScript("SIGTERM between lines", "start ./d; echo a >&9; has d a; kill $p; wait $p; echo $?; echo b >&9; left d"),
  logScript("SIGHUP between lines", "start ./d; echo a >&9; has d a; kill -HUP $p; wait $p; echo $?; left d"),
  logScript(
    "SIGTERM within a line reads to its end",
    `start ./d; printf 'a\\nb' >&9; has d a; kill $p; printf 'c\\nrest\\n' >&9; wait $p; echo $?; read -r x <&9; echo $x
     left d`,
  ),
  logScript(
    "with -p SIGTERM is ignored, SIGHUP is not",
    `start -p ./d; echo a >&9; has d a; kill $p; echo b >&9; has d "$(printf 'a\\nb')"; kill -HUP $p; wait $p; echo $?
     left d`,
  ),
  logScript(
    "another signal kills, and leaves an unclean current",
    `start ./d; echo a >&9; has d a; kill -USR1 $p; wait $p 2>/dev/null; echo $?; left d`,
  ),
  logScript("a second logger is refused", `start ./d; s6-log ./d 2>&1; echo $?; kill $p; wait $p; left d`),
  logScript(
    "10000 lines and the end of the input all arrive with -b and -p",
    "seq 10000 | s6-log -bp n200 s4096 ./d; cat d/@* d/current | cksum; rm -r d",
  ),
  ...["INT", "QUIT", "USR2", "KILL"].map((signal) =>
    logScript(
      `SIG${signal} kills`,
      `start '?cat' ./d; printf 'a\\nb' >&9; has d a; kill -${signal} $p; wait $p 2>/dev/null; echo $?; left d`,
    )
  ),
  logScript(
    "SIGPIPE and SIGCHLD do nothing",
    "start ./d; kill -PIPE $p; kill -CHLD $p; echo a >&9; has d a; stopped; left d",
  ),
  logScript(
    "standard input and output stay blocking",
    "exec 8>out; start 1 >&8; echo a >&9; until grep -q a out; do sleep 0.05; done; for fd in 8 9; do" +
      " while read -r word value; do [ $word != flags: ] || echo $((0$value & 04000)); done </proc/self/fdinfo/$fd; done; stopped; rm out",
    { exception: "the original makes them non-blocking", expect: { stdout: "0\n0\n0\n", code: 0 } },
  ),
  logScript(
    "SIGALRM when there is no directory",
    "start 1 >out; kill -ALRM $p; echo a >&9; until grep a out; do sleep 0.05; done; stopped; rm out",
  ),
  logScript("a stop before the first line", "start ./d; stopped; left d"),
  logScript(
    "a NUL ends the last line",
    "start ./d; printf 'a\\nb' >&9; has d a; kill $p; printf 'c\\0d\\n' >&9; wait $p; cat d/current; rm -r d; read -r x <&9; echo $x",
    { exception: "the original goes on to a newline, and logs the NUL", expect: { stdout: "a\nbc\nd\n" } },
  ),
  logScript(
    "a last line that is too long is cut",
    `start -l 48 ./d 2>&1; printf 'a\\nb' >&9; has d a; kill $p; printf '%060d\\n' 0 >&9; wait $p; echo $?; cat d/current; rm -r d`,
    {
      exception: "the original has one byte more",
      expect: {
        stdout: `s6-log: warning: input line too long, stopping before the end\n0\na\nb${"0".repeat(47)}\n`,
      },
      tells: "input line too long, stopping before the end",
    },
  ),
  logScript(
    "a second signal changes nothing",
    "start ./d; printf 'a\\nb' >&9; has d a; kill $p; kill -HUP $p; kill $p; echo c >&9; wait $p; echo $?; left d",
  ),
  logScript(
    "the end of the input within a line",
    "(printf 'a\\n'; sleep 0.1; printf 'b\\n') | s6-log -p ./d; echo $?; left d",
  ),
  logScript(
    "a stop waits for a processor that runs",
    `start '?until test -e ../go; do sleep 0.05; done; cat' ./d; echo a >&9; has d a; kill -ALRM $p; there d/processed
     echo b >&9; sleep 0.1; kill $p; sleep 0.1; kill -0 $p && echo alive; >go; wait $p; echo $?; left d; rm go`,
  ),
  logScript(
    "a stop waits for the rest of a line as long as -t says",
    `start -t 100 ./d; printf 'a\\nb' >&9; has d a; stopped; left d`,
    {
      exception: "the original has this from 2.12 on",
      expect: { stdout: "0\n744 4 d/current:\na\nb\n644 0 d/lock:\n644 0 d/state:\n" },
    },
  ),
  logScript("a logger that has ended has let go of its lock", "for i in 1 2; do echo $i | s6-log ./d; done; left d"),
];
