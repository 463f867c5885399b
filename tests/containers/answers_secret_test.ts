// What one caller tells process 1, its environment above all, is in no answer to another, not even in the bytes between what
// is said.

import { equal, match, ok } from "node:assert/strict";
import { collect } from "../../scripts/container_process.ts";
import { insideOf } from "../surroundings/inside.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { limited, root, start } from "../surroundings/quick.ts";

/** Some bytes of the secret are enough to see it, as between what is said; one may be part of a number. */
const MARK = "@";
const SOME = MARK.repeat(3);
const COURSE = "foreground { s6-echo a } backtick -E v { s6-echo b } heredoc 0 text export MORE ${v} s6-cat";

/** With secrets of several sizes, in the environment, in words, in what a command prints and in a call that is refused. */
const TELLING = [1, 9, 100, 1000, 20_000, 60_000].map((size) =>
  `S=${MARK.repeat(size)}; SECRET=$S s6-echo a >/dev/null; SECRET=$S execlineb -Pc '${COURSE}' >/dev/null; ` +
  'execlineb -Pc "backtick v { s6-echo $S } foreground { s6-true } s6-true"; s6-svc -u /$S 2>/dev/null'
);
const ASKING = [
  "s6-echo hi",
  "s6-svstat /run/s6/services/web",
  "with-contenv s6-true",
  `execlineb -Pc '${COURSE}'`,
  "execlineb -Pc 'forbacktickx i { s6-seq 3 } pipeline { s6-echo in } s6-cat'",
  "s6-overlay healthy; s6-overlay status -j",
].join("; ");

Deno.test({
  name: "no secret of one caller reaches another",
  ignore: !canIsolate,
  fn: async () => {
    await using made = await root({
      "etc/services.d/web/run": { content: "#!/bin/sh\nexec sleep 1000\n", mode: 0o755 },
    });
    const container = start(made, { argv: ["/init", "/bin/sh", "-c", "echo the command runs; exec sleep 1000"] });
    const ended = limited(container, 200_000);
    const inside = await insideOf(container);
    await container.printed("the command runs\n");
    const trace = await Deno.makeTempFile();
    const strace = ["strace", "-f", "-qq", "-s", "200000", "-e", "trace=recvfrom,recvmsg", "-o", trace];
    try {
      for (const telling of TELLING) {
        equal((await inside.sh(telling)).code, 111);
        const { code, stdout } = await collect([...strace, ...inside.entering(["/bin/sh", "-c", ASKING])]);
        equal(code, 0, stdout);
        const heard = await Deno.readTextFile(trace);
        match(heard, /recvfrom\(\d+, "/);
        ok(!heard.includes(SOME), heard.split("\n").find((line) => line.includes(SOME)));
      }
    } finally {
      Deno.kill(inside.pid, "SIGTERM");
      await ended;
      await Deno.remove(trace);
    }
  },
});
