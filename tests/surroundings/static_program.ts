// Programs of tests, some started thousands of times: small ones in C, without libraries to load, compiled when they
// are first needed.

import { fingerprint, isFile, output } from "../../scripts/command.ts";

const CACHE = new URL("../../dist/cache", import.meta.url).pathname;

const compiled = new Map<string, Promise<string>>();

/** The path of a program whose source lies beside this file: its beginning says what the program does. */
export function staticProgram(name: "limited" | "linger" | "session"): Promise<string> {
  const known = compiled.get(name) ?? compile(name);
  compiled.set(name, known);
  return known;
}

async function compile(name: string): Promise<string> {
  const source = new URL(`${name}.c`, import.meta.url).pathname;
  const program = `${CACHE}/${name}-${await fingerprint([await Deno.readTextFile(source), Deno.build.arch])}`;
  if (isFile(program)) return program;
  await Deno.mkdir(CACHE, { recursive: true });
  // Other processes may do the same at this moment.
  const made = `${program}.${Deno.pid}`;
  await output(["gcc", "-static", "-O1", "-Wall", "-Wextra", "-Werror", "-s", "-o", made, source]);
  await Deno.rename(made, program);
  return program;
}
