// The program that starts a row's command in a session of its own (session.c), compiled when it is first needed.

import { fingerprint, isFile, output } from "../../scripts/command.ts";

const SOURCE = new URL("session.c", import.meta.url).pathname;
const CACHE = new URL("../../dist/cache", import.meta.url).pathname;

let compiled: Promise<string> | undefined;

/** The path of the program. What follows it is a command, which can be killed as a process group, by its pid. */
export function sessionProgram(): Promise<string> {
  return compiled ??= compile();
}

async function compile(): Promise<string> {
  const program = `${CACHE}/session-${await fingerprint([await Deno.readTextFile(SOURCE), Deno.build.arch])}`;
  if (isFile(program)) return program;
  await Deno.mkdir(CACHE, { recursive: true });
  // Other processes may do the same at this moment.
  const made = `${program}.${Deno.pid}`;
  await output(["gcc", "-static", "-O1", "-Wall", "-Wextra", "-Werror", "-s", "-o", made, SOURCE]);
  await Deno.rename(made, program);
  return program;
}
