// What strace sees of a boot: processes made, bytes of JavaScript read, and when each part of our boot is reached.

import { output } from "../command.ts";
import { benchCommandLine } from "./boot.ts";
import type { Contestant } from "./contestant.ts";

interface Trace {
  /** Processes made from the exec of process 1 to the container's end. */
  readonly forks: number;
  /** Bytes of JavaScript that were opened; 0 where they lie in the executable. */
  readonly javascript: number;
  /** Milliseconds from the exec of process 1, under strace, to these points; for our boot only. */
  readonly milestones: Readonly<Record<Milestone, number>> | undefined;
}

export type Milestone = "main.ts" | "services started" | "command";

const PATTERNS: Readonly<Record<Milestone, RegExp>> = {
  // The first thing main.ts does is to read the launcher's memory file.
  "main.ts": / pread64\([0-9]+, "\\[0-9]+\\0\\0\\0\\0\\0\\0\\0/,
  "services started": /\[services\.d\] done\./,
  "command": / execve\("[^"]*stamp", \["[^"]*stamp", "command"\]/,
};

const CALLS = "execve,clone,clone3,fork,vfork,openat,pread64,write";

/** Boots it once under strace. */
export async function trace(contestant: Contestant, stamp: string): Promise<Trace> {
  const file = await Deno.makeTempFile();
  const strace = ["strace", "-f", "--seccomp-bpf", "-ttt", "-s", "64", "-e", `trace=${CALLS}`, "-o", file];
  const limit = contestant.name === "supervisor" ? ["timeout", "3"] : [];
  await output([...limit, ...benchCommandLine(contestant, stamp, strace)]).catch(() => {});
  const lines = (await Deno.readTextFile(file)).split("\n");
  await Deno.remove(file);
  const start = lines.findIndex((line) => line.includes(` execve("${contestant.argv[0]}"`));
  const end = lines.findIndex((line) => PATTERNS.command.test(line));
  const boot = lines.slice(start, end + 1);
  return {
    // To the end: services may start while the command does.
    forks: lines.slice(start).filter(isFork).length,
    javascript: javascriptIn(boot, contestant.root),
    milestones: contestant.argv[0] === "/init" ? milestonesIn(boot) : undefined,
  };
}

function isFork(line: string): boolean {
  return /^[0-9]+ +[0-9.]+ (clone3?|v?fork)\(/.test(line) && !line.includes("CLONE_THREAD");
}

function javascriptIn(lines: readonly string[], root: string): number {
  const files = new Set(
    lines.map((line) => / openat\([^"]*"([^"]+\.js)"/.exec(line)?.[1]).filter((path) => path !== undefined),
  );
  return [...files].reduce((sum, path) => sum + Deno.statSync(`${root}${path}`).size, 0);
}

function milestonesIn(lines: readonly string[]): Record<Milestone, number> {
  const time = (line: string | undefined): number => Number(/^[0-9]+ +([0-9.]+)/.exec(line ?? "")?.[1]) * 1000;
  const from = time(lines[0]);
  const reached = (milestone: Milestone): number => time(lines.find((line) => PATTERNS[milestone].test(line))) - from;
  return {
    "main.ts": reached("main.ts"),
    "services started": reached("services started"),
    command: reached("command"),
  };
}
