// The rows of s6-svwait once more, for services of process 1, which answers at once or later: each line prints and ends as
// it does where process 1 answers nothing.

import { equal, match } from "node:assert/strict";
import { WAITS } from "../cases/s6/svwait.ts";
import { SERVICES } from "../rows/live_tree.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { WAITED } from "../surroundings/waiting_callers.ts";
import { limited, type Root, root, start } from "../surroundings/quick.ts";

const NAMES = [...new Set(Object.keys(SERVICES).map((path) => path.split("/")[0]!))];
const NAMED = new RegExp(`(?<=[ (])(?=(?:${NAMES.join("|")})(?![\\w-]))`, "g");

/** As process 1 knows them: by the whole path. Where it answers, the event directory says nothing of who waits. */
const whole = (line: string): string =>
  line.replace(/\[ "\$\(ls ([a-z]+)\/event\)" \]/, "/waited 1 $1").replaceAll(NAMED, "/run/s6/services/")
    .replaceAll("/usr/bin/", "");

/** Every service as it was when the tree came up. */
const AS_BEFORE = [
  "wait",
  "s6-svc -wu -u /run/s6/services/web /run/s6/services/twin /run/s6/services/slow",
  "s6-svc -wU -u /run/s6/services/ready",
  "s6-svc -wD -d /run/s6/services/idle /run/s6/services/failing",
].join("\n");

const SCRIPT = Object.entries(WAITS).map(([name, lines]) =>
  [
    AS_BEFORE,
    `echo '${name}:'`,
    ...lines.map((line) => line.endsWith("&") ? whole(line) : `${whole(line)}\necho "= $?"`),
  ].join("\n")
).join("\n");

/** However slow the machine is, this is a wait that never ends. */
const LIMIT = 120_000;

async function printed(made: Root, answers: "0" | "1"): Promise<string> {
  const environment = { S6_ANSWER_CALLS: answers, S6_VERBOSITY: "0" };
  const { code, stdout, stderr } = await limited(
    start(made, { environment, argv: ["/init", "/bin/sh", "-c", `exec 2>&1\n${SCRIPT}\nexit 0`] }),
    LIMIT,
  );
  equal(code, 0, stderr);
  return stdout;
}

Deno.test({
  name: "s6-svwait waits and ends the same where process 1 answers",
  ignore: !canIsolate,
  fn: async () => {
    const files = Object.entries(SERVICES).map(([path, given]) => [`etc/services.d/${path}`, given]);
    await using made = await root({ ...WAITED, ...Object.fromEntries(files) });
    const [answered, alone] = await Promise.all([printed(made, "1"), printed(made, "0")]);
    match(alone, /nothing to wait for:\n(= 0\n){6}/);
    match(alone, /gives up in time:\n(s6-svwait: fatal: timed out\n= 99\n){5}= 0\n/);
    equal(answered, alone);
  },
});
