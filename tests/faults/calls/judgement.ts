// What is wrong with a container one of whose calls has failed, if anything is.

import type { FaultyRun } from "./container.ts";
import { type Fault, FILE_ERRORS } from "./fault_files.ts";

/** What it ends with: in order, or as a fatal line says, by the vocabulary of lib/report.ts. */
const CODES = [0, 111, 126, 127];

const AGAIN = 11;
/**
 * What it means where a file is opened that is not to be waited for; and what a program says that waits for events, of which
 * a listener misses those that its fifo has no room for, as with the original.
 */
const TOLD_OTHERWISE = ["somebody holds a lease on it", "s6-svc: fatal: timed out"];

/** The container's lines do not come in the same order each time. */
function lines(text: string): string {
  return text.split("\n").sort().join("\n");
}

/** @param usual what a container does when no call fails */
export function judgeRun(life: FaultyRun, { errno }: Pick<Fault, "errno">, usual: FaultyRun): string | undefined {
  const { code, hung, stdout, stderr } = life;
  if (/internal error|Uncaught|panicked|^ +at |file:\/\//m.test(stderr)) return "it shows its inside";
  if (hung !== "no") return `it hangs ${hung}`;
  if (!CODES.includes(code)) return `its exit code is ${code}`;
  const told = stderr.includes(FILE_ERRORS[errno]!) ||
    errno === AGAIN && TOLD_OTHERWISE.some((text) => stderr.includes(text));
  if (code !== 0 && !(told && /: fatal: /.test(stderr))) return `its exit code is ${code}, and nothing says why`;
  if (lines(stdout) !== lines(usual.stdout) && !told) return "something is not done, and nothing says why";
  const twice = ONCE.filter((line) => count(stdout, line) > count(usual.stdout, line));
  if (twice.length > 0) return `more than once: ${twice.join(", ")}`;
  return undefined;
}

/** What would be printed more often by two processes where one should be. */
const ONCE = ["first script\n", "second script\n", "last script\n", "logged\n", "plain\n", "ready\n", "finished\n"];

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}
