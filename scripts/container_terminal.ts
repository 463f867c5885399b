// A terminal for a program, and input typed at it: script(1) makes it and hands on what it reads.

import { output } from "./command.ts";

/** The command that runs a command at a terminal of its own. */
export function atTerminal(argv: readonly string[]): string[] {
  const line = argv.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  return ["env", "SHELL=/bin/sh", "script", "-q", "-f", "-e", "-c", `exec ${line}`, "/dev/null"];
}

/** Gives the terminal of a running atTerminal command another size, as a window does that is pulled at its corner. */
export async function resizeTerminal(pid: number, columns: number, rows: number): Promise<void> {
  const terminal = await Deno.readLink(`/proc/${await childOf(pid)}/fd/0`);
  await output(["stty", "-F", terminal, "columns", String(columns), "rows", String(rows)]);
}

/** The first child of a process. */
export async function childOf(pid: number): Promise<number> {
  const children = await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`);
  return Number(children.trim().split(" ")[0]);
}
