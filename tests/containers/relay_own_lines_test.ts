// S6_OUTPUT: lines of process 1 itself, and of both outputs where they are one file, come between the lines of services, never
// into the middle of one, and none of them is lost.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { type Given, lay, shell } from "../rows/harness.ts";
import { command, linesBehind, RELAY, STAY, untilThere } from "./named_lines.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { limited, quickly, root, start } from "../surroundings/quick.ts";

const ignore = !canIsolate;
const LENGTH = 50_000;
const LONG = `line=$(head -c ${LENGTH} /dev/zero | tr '\\0' x)`;
/** At this verbosity each wish is a line. */
const WISHES = { S6_VERBOSITY: "5" };
const WISH = "s6-svc -d /run/s6/services/short; s6-svc -u /run/s6/services/short";

/** A service that prints long lines on standard error until it may end, and one that is told what to do. */
function services(): Record<string, Given> {
  const print = "until [ -e /run/enough ]; do echo $line; done >&2";
  return {
    "etc/services.d/long/run": shell(LONG, "touch /run/up", print, "touch /run/written", STAY),
    "etc/services.d/short/run": shell(STAY),
  };
}

function wish(count: number): string {
  return `for count in $(seq ${count}); do ${WISH}; usleep 5000; done; touch /run/enough; ${
    untilThere("/run/written")
  }`;
}

/** The first of them: a stop wishes too. */
function wishesIn(stderr: string, count: number, text: (line: string) => string = (line) => line): string[] {
  const wishes = stderr.trimEnd().split("\n").map(text).filter((line) => line.startsWith("short: info: wanted"));
  return wishes.slice(0, 2 * count);
}

function alternating(count: number): string[] {
  return Array.from({ length: count }, () => ["short: info: wanted down", "short: info: wanted up"]).flat();
}

Deno.test({
  name: "a line of process 1 never comes into the middle of a long one",
  ignore,
  fn: async () => {
    await using image = await root(services());
    const run = command(untilThere("/run/up"), wish(20));
    const named = await quickly(image, { environment: { ...WISHES, S6_OUTPUT: "prefix" }, ...run });
    for (const line of named.stderr.split("\n")) {
      ok(!line.includes("xxx") || /^long: x+$/.test(line), line.slice(0, 99));
    }
    const long = linesBehind(named.stderr, "long: x");
    ok(long.length > 0 && long.every(({ length }) => length === LENGTH - 1), "long lines are whole");
    deepEqual(wishesIn(named.stderr, 20), alternating(20));
    const objects = await quickly(image, { environment: { ...WISHES, S6_OUTPUT: "json" }, ...run });
    deepEqual(wishesIn(objects.stderr, 20, (line) => JSON.parse(line).text), alternating(20));
  },
});

Deno.test({
  name: "what process 1 says while relays are killed again and again is there, in order, up to the last line",
  ignore,
  fn: async () => {
    await using image = await root({
      ...services(),
      "etc/cont-finish.d/1": shell(RELAY, "kill -9 $(relay)"),
    });
    const killing = `for delay in 40 80 130; do
      until pid=$(relay) && [ -n "$pid" ]; do usleep 5000; done
      usleep \${delay}000; kill -9 $pid; ${WISH}
      while [ -e /proc/$pid ]; do usleep 1000; done; ${WISH}
    done`;
    const run = command(RELAY, untilThere("/run/up"), killing, wish(5));
    const container = start(image, { environment: { ...WISHES, S6_OUTPUT: "prefix" }, ...run });
    const { code, stderr, cause } = await limited(container, 60_000);
    equal(code, 0, stderr.slice(-1000));
    deepEqual(wishesIn(stderr, 11), alternating(11));
    equal(cause, "the command exited 0");
  },
});

Deno.test({
  name: "what process 1 says is there where a relay stands still, and where none can be started",
  ignore,
  fn: async () => {
    await using image = await root({ "etc/services.d/short/run": shell("touch /run/up", STAY) });
    const environment = { ...WISHES, S6_OUTPUT: "prefix", S6_KILL_GRACETIME: "500" };
    const stop = command(RELAY, untilThere("/run/up"), "kill -STOP $(relay)", WISH, "exit 5");
    const still = await quickly(image, { environment, ...stop });
    deepEqual([still.code, still.cause], [5, "the command exited 5"]);
    deepEqual(wishesIn(still.stderr, 1), alternating(1), still.stderr);
    match(still.stderr, /^s6-overlay: warning: what was printed last is lost: it was not read in time$/m);
    // The link leads to a program that others need.
    await Deno.remove(`${image.path}/command/s6-overlay-relay`);
    await lay(image.path, { "command/s6-overlay-relay": shell("exit 7") });
    const none = await quickly(image, { environment, ...command(untilThere("/run/up"), WISH, "exit 5") });
    deepEqual([none.code, none.cause], [5, "the command exited 5"]);
    deepEqual(wishesIn(none.stderr, 1), alternating(1), none.stderr);
    match(none.stderr, /^s6-overlay: warning: s6-overlay-relay exited 7: it is started again$/m);
  },
});

/** More than what a pipe takes in one piece, and less than a line of a log may have. */
const WIDTH = 6000;

/** Each is a letter's, and whole. */
function allWhole(text: string): void {
  const lines = text.split("\n").filter((line) => line.includes("xxx") || line.includes("yyy"));
  const begin = /^(?:[^ ]+ +)*both: /;
  for (const line of lines) match(line.replace(begin, ""), /^(x+|y+)$/);
  for (const letter of ["x", "y"]) {
    equal(lines.filter((line) => line.replace(begin, "") === letter.repeat(WIDTH)).length, 200, letter);
  }
}

Deno.test({
  name: "where both outputs are one file, long lines of one never come into the middle of the other's",
  ignore,
  fn: async () => {
    const print = (letter: string): string =>
      `awk 'BEGIN { l = sprintf("%${WIDTH}s", ""); gsub(" ", "${letter}", l); for (n = 0; n < 200; n++) print l }'`;
    await using image = await root({
      "etc/services.d/both/run": shell(`${print("x")} & ${print("y")} >&2; wait; touch /run/written`, STAY),
    });
    const kill = 'until pid=$(relay) && [ -n "$pid" ]; do usleep 1000; done; usleep 30000; kill -9 $pid';
    const [program, ...args] = command(RELAY, kill, untilThere("/run/written")).argv!;
    const environment = { S6_VERBOSITY: "1", S6_OUTPUT: "prefix" };
    const together = await quickly(image, {
      environment,
      argv: ["/bin/sh", "-c", 'exec "$@" 2>&1', "together", program!, ...args],
    });
    equal(together.code, 0, together.stderr);
    allWhole(together.stdout);
    const logging = { S6_LOGGING: "2", S6_LOGGING_SCRIPT: "n20 s16000000" };
    const logged = await quickly(image, { environment: { ...environment, ...logging }, argv: [program!, ...args] });
    equal(logged.code, 0, logged.stderr);
    allWhole(await Deno.readTextFile(`${image.path}/var/log/s6-uncaught-logs/current`));
  },
});
