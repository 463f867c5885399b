// The first line of a script, read as Linux reads it (fs/binfmt_script): "#!", the interpreter up to a blank, and the
// rest of the line, trimmed, as one argument.

import type { ByteString } from "../bytes.ts";

/** How much of a file the kernel reads. */
export const HEAD_SIZE = 256;

export interface Shebang {
  readonly interpreter: ByteString;
  readonly argument?: ByteString;
}

/** The interpreter line at the head of a file; undefined if there is none. */
export function parseShebang(head: ByteString): Shebang | undefined {
  if (!head.startsWith("#!")) return undefined;
  const end = head.indexOf("\n");
  const line = (end < 0 ? head : head.slice(0, end)).slice(2).replace(/^[ \t]+|[ \t]+$/g, "");
  const parts = /^([^ \t\0]+)(?:[ \t]+([^\0]*))?/.exec(line);
  if (parts === null) return undefined;
  const [, interpreter = "", argument] = parts;
  return argument === undefined || argument === "" ? { interpreter } : { interpreter, argument };
}

/** The command that executing the script means: the interpreter, its argument, the script, the script's arguments. */
export function interpreted(
  shebang: Shebang,
  script: ByteString,
  argv: readonly ByteString[],
): readonly ByteString[] {
  const argument = shebang.argument === undefined ? [] : [shebang.argument];
  return [shebang.interpreter, ...argument, script, ...argv.slice(1)];
}

/** The command that env(1) would look up in PATH, as an interpreter line names it: `env NAME`, or `env -S NAME WORD...`. */
export function wordsOfEnv({ interpreter, argument }: Shebang): readonly ByteString[] | undefined {
  if (!/^\/(usr\/)?bin\/env$/.test(interpreter) || argument === undefined) return undefined;
  const words = argument.startsWith("-S") ? argument.slice(2).trim().split(/[ \t]+/) : [argument];
  // Options and variables are for env alone to understand, and so are quotes.
  return /^[^-=][^=]*$/.test(words[0]!) && !/["'\\$]/.test(argument) ? words : undefined;
}
