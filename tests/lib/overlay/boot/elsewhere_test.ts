// Having a child do something: how it ends, and that one that hangs is not waited for.

import { deepEqual } from "node:assert/strict";
import { Environment } from "../../../../lib/environment.ts";
import type { ProcessImage } from "../../../../lib/image/image.ts";
import { haveDone } from "../../../../lib/overlay/boot/elsewhere.ts";
import { drive } from "../../../../lib/overlay/steps.ts";
import type { ChildNews } from "../../../../lib/supervise/start.ts";
import { Failure } from "../../../../lib/report.ts";
import { type Reporter, reportLine } from "../../../../lib/reporter.ts";

type Event = "exit 0" | "exit 1" | "killed" | "crashed" | "time";

function play(limit: number, events: readonly Event[], starts = true): unknown[] {
  const told: unknown[] = [];
  let onTime: (() => void) | undefined;
  let onDeath: ((status: number) => void) | undefined;
  const ports = {
    os: { kill: (pid: number, signal: number) => (told.push(`kill ${pid} ${signal}`), true) },
    reactor: { after: (_: number, callback: () => void) => (onTime = callback, () => onTime = undefined) },
    start: (image: ProcessImage, _: string, news: ChildNews) => {
      if (!starts) throw new Failure(126, "unable to exec it");
      told.push(image.argv.join(" "));
      onDeath = (status) => news.ended(status, undefined);
      return { pid: 7, forget: () => {} };
    },
    report: (...report: Parameters<Reporter>) => void told.push(reportLine(...report)),
  };
  const steps = haveDone(ports, "cont-init.d", "list", ["cont-init.d"], Environment.empty, limit);
  drive(steps, (value) => told.push(value), (error) => told.push(error));
  for (const event of events) {
    if (event === "time") onTime?.();
    else onDeath?.({ "exit 0": 0, "exit 1": 1 << 8, killed: 9, crashed: 11 }[event]);
  }
  return told;
}

const COMMAND = "/command/s6-overlay-prepare list cont-init.d";

Deno.test("a child that has done it, one that has not, one that was killed, and one that was never started", () => {
  deepEqual(play(0, ["exit 0"]), [COMMAND, true]);
  deepEqual(play(0, ["exit 1"]), [COMMAND, false]);
  const line = "cont-init.d: fatal: its process was killed by SIGKILL: the kernel does that where memory is short";
  deepEqual(play(0, ["killed"]), [COMMAND, line, false]);
  deepEqual(play(0, ["crashed"]), [COMMAND, "cont-init.d: fatal: its process was killed by SIGSEGV", false]);
  deepEqual(play(5, ["exit 0", "time"]), [COMMAND, true]);
  deepEqual(play(0, [], false), ["cont-init.d: fatal: unable to exec it", false]);
});

Deno.test("one that hangs is killed when its time is up, and its death not waited for", () => {
  const line = "cont-init.d: warning: its file system has not answered in 5 ms";
  deepEqual(play(5, ["time", "time"]), [COMMAND, "kill 7 9", line, false]);
  deepEqual(play(5, ["time", "killed"]), [COMMAND, "kill 7 9", line, false]);
  deepEqual(play(5, ["time", "time", "killed"]), [COMMAND, "kill 7 9", line, false]);
});
