// S6_OUTPUT: no line is lost, doubled or mixed with another, whatever becomes of the relay and of its reader.

import { shell } from "../rows/harness.ts";
import { equal, match, ok } from "node:assert/strict";
import type { Given } from "../rows/harness.ts";
import { command, complete, linesBehind, RELAY, say, STAY, untilThere, WITH_NAMES } from "./named_lines.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { commandLine, limited, quickly, root, start } from "../surroundings/quick.ts";

const ignore = !canIsolate;
const WRITERS = 3;
const COUNT = 35_000;

/** Services that write some 10 MB altogether, on both streams at once. */
function writers(): Record<string, Given> {
  return Object.fromEntries(Array.from({ length: WRITERS }, (_, at): [string, Given] => [
    `etc/services.d/w${at}/run`,
    shell(`${say("out", COUNT)} & ${say("err", COUNT)} >&2; wait`, `touch /run/w${at}`, STAY),
  ]));
}

function allComplete(stdout: string, stderr: string): void {
  for (let at = 0; at < WRITERS; at++) {
    complete(linesBehind(stdout, `w${at}: `), "out", COUNT);
    complete(linesBehind(stderr, `w${at}: `), "err", COUNT);
  }
  ok(stdout.split("\n").slice(0, -1).every((line) => /^(w[0-9]|cmd): /.test(line)), "lines are whole");
}

const untilWritten = Array.from({ length: WRITERS }, (_, at) => untilThere(`/run/w${at}`)).join("; ");

Deno.test({
  name: "several services that write at once: every line is there, whole, in order, and on its stream",
  ignore,
  fn: async () => {
    await using image = await root(writers());
    const { code, stdout, stderr } = await quickly(image, { environment: WITH_NAMES, ...command(untilWritten) });
    equal(code, 0);
    allComplete(stdout, stderr);
  },
});

Deno.test({
  name: "a relay that is killed again and again loses no line and doubles none",
  ignore,
  fn: async () => {
    await using image = await root(writers());
    // Each a little later in its life, so that they are killed in the middle of whatever they do.
    const killing = `for delay in 40 60 80 100 130 160; do
      until pid=$(relay) && [ -n "$pid" ]; do usleep 5000; done
      usleep \${delay}000; kill -9 $pid && echo killed
      while [ -e /proc/$pid ]; do usleep 1000; done
    done`;
    const run = command(RELAY, killing, untilWritten);
    const { code, stdout, stderr } = await limited(start(image, { environment: WITH_NAMES, ...run }), 100_000);
    equal(code, 0, stderr.slice(-1000));
    allComplete(stdout, stderr);
    equal(linesBehind(stdout, "cmd: killed").length, 6);
  },
});

Deno.test({
  name: "what is printed in the last moments is there, also by a relay that is killed in them",
  ignore,
  fn: async () => {
    await using image = await root({
      "etc/services.d/web/run": shell("trap 'exit' TERM", "touch /run/up", "sleep 1000 & wait"),
      "etc/services.d/web/finish": shell(
        RELAY,
        "kill -9 $(relay)",
        `${say("out", 20_000)} & ${say("err", 20_000)} >&2; wait`,
      ),
      "etc/cont-finish.d/1": shell(RELAY, say("last", 5000), "kill -9 $(relay)"),
    });
    const { code, stdout, stderr, cause } = await quickly(image, {
      environment: WITH_NAMES,
      ...command(untilThere("/run/up")),
    });
    equal(code, 0);
    complete(linesBehind(stdout, "web: "), "out", 20_000);
    complete(linesBehind(stderr, "web: "), "err", 20_000);
    complete(linesBehind(stdout, "cont-finish.d/1: "), "last", 5000);
    equal(cause, "the command exited 0");
  },
});

Deno.test({
  name: "a reader that stops reading holds up what is printed and nothing else, and gets all of it when it goes on",
  ignore,
  fn: async () => {
    const count = 30_000;
    const write = `awk 'BEGIN { for (n = 1; n <= ${count}; n++) {
      printf "%05d out ${"x".repeat(89)}\\n", n
      if (n % 100 == 0) { fflush(); print n >"/run/progress"; close("/run/progress") }
    } }'`;
    await using image = await root({
      "etc/services.d/web/run": shell(`${write}; touch /run/written`, STAY),
      "etc/services.d/quiet/run": shell(STAY),
    });
    // The service is held up when it makes no progress for a while; process 1 goes on all the same.
    const held = `same=0; while [ $same -lt 10 ]; do
      usleep 50000; now=$(cat /run/progress 2>/dev/null)
      if [ -n "$now" ] && [ "$now" = "$before" ]; then same=$((same + 1)); else same=0; fi; before=$now
    done`;
    const restart = "s6-svc -wr -r /run/s6/services/quiet";
    const run = command(held, restart, "[ -e /run/written ] || echo held >&2", untilThere("/run/written"));
    const [program, ...args] = commandLine(image, { environment: WITH_NAMES, ...run });
    const child = new Deno.Command(program!, {
      args,
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    let stderr = "";
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
      stderr += text;
      if (stderr.includes("cmd: held")) break;
    }
    complete(linesBehind(await new Response(child.stdout).text(), "web: "), "out", count);
    equal((await child.status).code, 0);
  },
});

Deno.test({
  name: "a relay that stands still holds up neither process 1 nor, for longer than it may, the stop",
  ignore,
  fn: async () => {
    await using image = await root({ "etc/services.d/web/run": shell("echo up; touch /run/up", STAY) });
    const environment = { ...WITH_NAMES, S6_KILL_GRACETIME: "500" };
    const stop = command(RELAY, untilThere("/run/up"), "kill -STOP $(relay)", "exit 5");
    const { code, stderr } = await quickly(image, { environment, ...stop });
    equal(code, 5);
    match(stderr, /^s6-overlay: warning: what was printed last is lost: it was not read in time$/m);
  },
});
