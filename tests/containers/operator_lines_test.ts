// What s6-overlay says to people who call it wrong, or where there is nothing to tell: one line, and the exit code that
// its help names.

import { deepEqual, equal, match } from "node:assert/strict";
import { canIsolate } from "../surroundings/namespace.ts";
import { quickly, root } from "../surroundings/quick.ts";

/** A command line, with its exit code and what it prints on either output. */
const LINES: Readonly<Record<string, readonly [code: number, told: RegExp]>> = {
  "s6-overlay --help | head -n 1": [0, /^s6-overlay SUBCOMMAND:$/],
  "s6-overlay | head -n 1": [0, /^s6-overlay SUBCOMMAND:$/],
  "s6-overlay --version": [100, /^s6-overlay: fatal: there is no subcommand --version; did you mean version\?$/],
  "s6-overlay stauts": [100, /^s6-overlay: fatal: there is no subcommand stauts; did you mean status\?$/],
  "s6-overlay -x": [100, /^s6-overlay: fatal: there is no subcommand -x; s6-overlay help lists them$/],
  "s6-overlay help nosuch": [1, /^s6-overlay: fatal: there is no subcommand or program nosuch; s6-overlay help lists/],
  "s6-overlay help -c ksh": [100, /^s6-overlay: fatal: no completion for ksh: /],
  "s6-overlay help -c bash s6-svc": [100, /^s6-overlay: usage: s6-overlay help /],
  "s6-overlay healthy -x": [1, /^s6-overlay: usage: s6-overlay healthy /],
  "s6-overlay lint -j --github /": [100, /^s6-overlay: fatal: -j and --github do not go together$/],
  "s6-overlay timeline -j --svg": [100, /^s6-overlay: fatal: --svg and -j do not go together$/],
  "s6-overlay explain nosuch": [100, /^s6-overlay: fatal: there is no service nosuch; s6-overlay status lists them$/],
  "s6-overlay logs nosuch": [100, /^s6-overlay: fatal: there is no service nosuch; s6-overlay status lists them$/],
  "s6-overlay logs s6-svscan-log": [1, /^s6-overlay: fatal: there is no catch-all logger: S6_LOGGING is 0$/],
  "s6-overlay healthy nosuch": [1, /^not healthy: there is no service nosuch$/],
  "s6-overlay logs": [0, /^there are no services; all output is the container's own$/],
  "s6-overlay status | tail -n 1": [0, /^no services$/],
};

Deno.test({
  name: "each wrong call of s6-overlay, and each that finds nothing, is told in one line",
  ignore: !canIsolate,
  fn: async () => {
    await using made = await root({});
    const script = Object.keys(LINES).map((line) => `${line}; echo "=> $?"`).join("\n");
    const { stdout, stderr, code } = await quickly(made, {
      argv: ["/init", "/bin/sh", "-c", `exec 2>&1\n${script}`],
      environment: { S6_VERBOSITY: "0" },
    });
    deepEqual([code, stderr], [0, ""]);
    const found = stdout.split(/=> (\d+)\n/);
    equal(found.pop(), "");
    equal(found.length, 2 * Object.keys(LINES).length, stdout);
    for (const [at, [line, [expected, told]]] of Object.entries(LINES).entries()) {
      const [text, status] = found.slice(2 * at, 2 * at + 2);
      deepEqual([line, status, text!.split("\n").length], [line, `${expected}`, 2], text);
      match(text!.trimEnd(), told);
    }
  },
});

Deno.test({
  name: "a service that the boot has yet to come to is told from one that nobody has defined, and a stop lists no more",
  ignore: !canIsolate,
  fn: async () => {
    const asked = ["status web", "explain web", "start web", "reload web", "logs web", "logs nosuch", "stop ''"];
    const script = (...lines: string[]): { content: string; mode: number } => ({
      content: `#!/bin/sh\nexec 2>&1\n${lines.join("\n")}\n`,
      mode: 0o755,
    });
    await using made = await root({
      "etc/services.d/web/run": script("exec sleep 1000"),
      "etc/cont-init.d/ask": script(...asked.map((words) => `s6-overlay ${words}; echo "=> $?"`)),
      "etc/cont-finish.d/ask": script("echo at the end; s6-overlay status"),
    });
    const { stdout } = await quickly(made, { argv: ["/init", "true"] });
    const refused = [...stdout.matchAll(/^s6-overlay: fatal: (.*)\n=> 100$/gm)].map(([, told]) => told);
    const yet =
      "there is no service web yet: the boot has not come to services.d (s6-overlay explain says what it waits for)";
    deepEqual(refused, [
      ...new Array(5).fill(yet),
      "there is no service nosuch at this point of the boot; s6-overlay status lists them",
      'there is no service of the name "" at this point of the boot; s6-overlay status lists them',
    ]);
    const end = stdout.slice(stdout.indexOf("at the end"));
    deepEqual([/^web /m.test(end), end.includes("fdholder")], [true, false]);
  },
});
