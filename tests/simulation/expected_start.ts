// What has to be done to start run or finish, read from the log of a world.

import assert from "node:assert/strict";
import type { Node } from "./disk.ts";
import type { Evidence } from "./evidence.ts";
import type { World } from "./world.ts";

type Start =
  | { readonly pid: number; /** It has a notification pipe. */ readonly listens: boolean }
  /** Milliseconds until it is tried again, Infinity for never. */
  | { readonly why: string; readonly wait: number };

export function expectedStart({ weather }: World, home: Node, evidence: Evidence): Start {
  const lock = evidence.parameter("lock-fd");
  const notification = evidence.parameter("notification-fd");
  if (lock !== undefined) {
    const file = home.entries.get("supervise")?.entries.get("service-lock");
    if (file === undefined) return { why: "no room for it", wait: 60_000 };
    if (weather.serviceLocked) evidence.report(/another instance of the service is already running/);
    if (lock === notification) return { why: "the same", wait: Infinity };
  }
  if (notification !== undefined && !evidence.next("pipe").made) return { why: "EMFILE", wait: 60_000 };
  const { pid, why = "", argv, script } = evidence.next("start");
  assert.equal(script, "run");
  assert.equal(argv.at(-1), "svc", "run gets its name");
  if (pid === undefined) return { why, wait: why === "EAGAIN" || why === "ENOMEM" ? 60_000 : 10_000 };
  return { pid, listens: notification !== undefined };
}

/** What has to be done when run, which led this process group, has ended so: the pid of finish, or undefined if there is none or it cannot be started. */
export function expectedFinish(home: Node, evidence: Evidence, status: number, group: number): number | undefined {
  if (!home.entries.has("finish")) return undefined;
  const { pid, why = "", argv, script } = evidence.next("start");
  const signal = status & 0x7f;
  assert.deepEqual([script, ...argv], [
    "finish",
    "finish",
    `${signal ? 256 : status >> 8}`,
    `${signal}`,
    "svc",
    `${group}`,
  ]);
  if (pid === undefined) evidence.trouble("finish", why, /^unable to spawn \.\/finish: /);
  return pid;
}
