// The house rules about code, as the plugin of the linter has them: what each refuses, and what it lets be.

import { deepEqual } from "node:assert/strict";
import plugin from "../../scripts/lint.ts";

const ROOT = decodeURIComponent(new URL("../..", import.meta.url).pathname);

/** The rules that a source breaks, were it this file. */
function broken(file: string, source: string): string[] {
  return Deno.lint.runPlugin(plugin, ROOT + file, source).map(({ id }) => id);
}

Deno.test("the system is touched only where it may be", () => {
  const source = "export const pid = Deno.pid;";
  deepEqual(broken("lib/log/logger.ts", source), ["house/system-only-in-os"]);
  deepEqual(broken("lib/os/process.ts", source), []);
  deepEqual(broken("scripts/build.ts", source), []);
});

Deno.test("settings, and what is named as they are, are spelled in one file each", () => {
  for (const source of ['export const a = "S6_LOGGING";', "export const a = (b: string) => `S6_${b}`;"]) {
    deepEqual(broken("lib/overlay/boot/stage1.ts", source), ["house/settings-only-in-settings"]);
    for (const file of ["lib/overlay/settings.ts", "lib/overlay/variable_names.ts"]) {
      deepEqual(broken(file, source), []);
    }
    deepEqual(broken("tests/lib/overlay/boot/stage1_test.ts", source), []);
  }
});

Deno.test("modules hold no state", () => {
  deepEqual(broken("cli/run.ts", "let a = 1; export let b = a++;"), ["house/no-module-state", "house/no-module-state"]);
  deepEqual(broken("cli/run.ts", "export function f(): number { let a = 1; return a++; }"), []);
  deepEqual(broken("lib/os/libc.ts", "let a = 1; a++;"), []);
});

Deno.test("what is random comes from the system, as a fork repeats the engine's numbers", () => {
  for (
    const call of ["Math.random()", "crypto.getRandomValues(a)", "globalThis.crypto.randomUUID()", 'Math["random"]()']
  ) {
    deepEqual(broken("lib/random.ts", `export const f = (a: Uint8Array) => ${call};`), ["house/random-from-system"]);
    deepEqual(broken("tests/random.ts", `export const f = (a: Uint8Array) => ${call};`), []);
  }
  deepEqual(broken("lib/random.ts", "export const f = (os: Os) => Math.floor(os.randomBytes(1)[0]);"), []);
});

Deno.test("errors of system calls come from what calls the system", () => {
  const source = 'export const error = new OsError("open", "a", "ENOENT", "gone");';
  deepEqual(broken("lib/copy.ts", source), ["house/system-errors-from-system"]);
  deepEqual(broken("lib/os/file.ts", source), []);
});

Deno.test("what is private is so by one word", () => {
  deepEqual(broken("lib/a.ts", "export class A {\n  #a = 1;\n}"), ["house/private-by-word"]);
  deepEqual(broken("lib/a.ts", "export class A {\n  private a = 1;\n}"), []);
});

Deno.test("functions are short", () => {
  const source = (lines: number): string => `export function f(): void {\n${"f();\n".repeat(lines - 2)}}`;
  deepEqual(broken("cli/run.ts", source(50)), []);
  deepEqual(broken("cli/run.ts", source(51)), ["house/short-functions"]);
});

Deno.test("tests that run side by side leave alone what their process has", () => {
  for (const source of ["Deno.umask(0);", 'Deno.chdir("/");', "syscall(SYS.prlimit64);"]) {
    deepEqual(broken("tests/lib/descent_test.ts", source), ["house/process-only-in-os-tests"]);
    deepEqual(broken("tests/lib/os/reactor_test.ts", source), []);
  }
});

Deno.test("no list is spread into the arguments of a call", () => {
  for (const call of ["b.push(...a)", "b.unshift(0, ...a)", "Math.max(...a)", "String.fromCharCode(...a)"]) {
    deepEqual(broken("cli/run.ts", `export const f = (a: number[], b: number[]) => ${call};`), [
      "house/no-spread-lists",
    ]);
  }
  deepEqual(broken("cli/run.ts", "export const f = (a: number[]) => [0, ...a].concat(a);"), []);
});

Deno.test("nothing asks for data of languages, which the runtime has not", () => {
  for (
    const call of ["a.localeCompare(a)", "Intl.Collator()", "a.toLocaleLowerCase()", "new Date(0).toLocaleString()"]
  ) {
    deepEqual(broken("lib/words.ts", `export const f = (a: string) => ${call};`), ["house/no-languages"]);
    deepEqual(broken("scripts/words.ts", `export const f = (a: string) => ${call};`), []);
  }
  deepEqual(broken("lib/words.ts", "export const f = (a: string) => a.toLowerCase().normalize();"), []);
});
