import { deepEqual, equal } from "node:assert/strict";
import { awaitLogger, loggerRunScript } from "../../../../lib/overlay/logging/catch_all.ts";
import { isLogFile } from "../../../../lib/overlay/logging/log_directory.ts";
import { drive } from "../../../../lib/overlay/steps.ts";
import type { Condition, ServiceView } from "../../../../lib/supervise/ports.ts";

const BEGIN = "#!/command/execlineb -P\nlogutil-service -d 3 ";
const END = "-f /var/run/s6/uncaught-logs-fifo /var/log/s6-uncaught-logs\n";

Deno.test("the logger's run script names the account where it is not the usual one, as one word of execline", () => {
  equal(loggerRunScript("nobody"), BEGIN + END);
  equal(loggerRunScript("log-er"), `${BEGIN}-u log-er ${END}`);
  equal(loggerRunScript('a "b\\c'), `${BEGIN}-u "a \\"b\\\\c" ${END}`);
});

Deno.test("only what s6-log keeps in its directories is handed over", () => {
  const names = ["current", "previous", "lock", "state", "newstate", "processed"];
  const archive = `@${"0123456789abcdef01234567"}`;
  const others = ["currents", "a", ".current", archive, `${archive}.x`, `${archive}.s.gz`, `${archive.slice(1)}.s`];
  equal([...names, `${archive}.s`, `${archive}.u`].every(isLogFile), true);
  deepEqual(others.filter(isLogFile), []);
});

/** Waits for a logger to whom these things happen, in this order. */
function wait(...happens: readonly ("up" | "ready" | "down" | "time")[]): string | undefined | "waiting" {
  let now: Partial<ServiceView> = { up: false, ready: false, lastStatus: 0 };
  let waits: [Condition, () => void][] = [];
  const timers: (() => void)[] = [];
  let result: string | undefined | "waiting" = "waiting";
  const holds = (condition: Condition): boolean =>
    condition === "down" ? !now.up : Boolean(now.up && (condition === "up" || now.ready));
  const check = (): void => {
    const due = waits.filter(([condition]) => holds(condition));
    waits = waits.filter(([condition]) => !holds(condition));
    for (const [, callback] of due) callback();
  };
  const scanner = {
    services: () => [{ name: "s6-svscan-log", ...now } as ServiceView],
    when: (condition: Condition, callback: (failed: readonly string[]) => void) => {
      waits.push([condition, () => callback([])]);
      check();
      return () => {};
    },
  };
  const reactor = { after: (_: number, callback: () => void) => (timers.push(callback), () => {}) };
  drive(awaitLogger({ scanner, reactor }), (value) => result = value, () => {});
  for (const event of happens) {
    if (event === "time") timers.forEach((timer) => timer());
    else now = { up: event !== "down", ready: event === "ready", lastStatus: event === "down" ? 111 << 8 : 0 };
    check();
  }
  return result;
}

Deno.test("a logger is waited for until it is ready or has failed, or the time is over", () => {
  equal(wait(), "waiting");
  equal(wait("up"), "waiting");
  equal(wait("up", "ready"), undefined);
  equal(wait("up", "down"), "it exited 111, as it says above");
  equal(wait("up", "time"), "it was not ready after 10 s");
  equal(wait("time"), "it was not ready after 10 s");
});
