// What is wrong with a container one of whose calls has failed, if anything is.

import type { Fault } from "./fault_files.ts";
import { ERRORS, type Life } from "./container.ts";

/** What it ends with: in order, or as a fatal line says, by the vocabulary of lib/report.ts. */
const CODES = [0, 111, 126, 127];

/** The container's lines do not come in the same order each time. */
function lines(text: string): string {
  return text.split("\n").sort().join("\n");
}

/** @param usual what a container does when no call fails */
export function judge(life: Life, { errno }: Pick<Fault, "errno">, usual: Life): string | undefined {
  const { code, hung, stdout, stderr } = life;
  if (/internal error|Uncaught|panicked|^ +at |file:\/\//m.test(stderr)) return "it shows its inside";
  if (hung !== "no") return `it hangs ${hung}`;
  if (!CODES.includes(code)) return `its exit code is ${code}`;
  const told = stderr.includes(ERRORS[errno]!);
  if (code !== 0 && !(told && /: fatal: /.test(stderr))) return `its exit code is ${code}, and nothing says why`;
  if (lines(stdout) !== lines(usual.stdout) && !told) return "something is not done, and nothing says why";
  return undefined;
}
