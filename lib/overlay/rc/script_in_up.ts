// A script where s6-rc has a command line: the files up and down of a oneshot, whose first line is a comment whatever it names.

import type { ByteString } from "../../bytes.ts";
import { baseName } from "../../image/locate.ts";
import { parseShebang } from "../../image/shebang.ts";

/**
 * The interpreter that the first line names, where something else than it would do is done: not by execlineb, and not with
 * one line, which says the same to each interpreter, or nothing of the kind is to be seen from it.
 */
export function interpreterPassedOver(text: ByteString): ByteString | undefined {
  const interpreter = parseShebang(text)?.interpreter;
  const lines = text.split("\n").slice(1).filter((line) => !/^[ \t]*(?:#|$)/.test(line));
  return interpreter === undefined || baseName(interpreter) === "execlineb" || lines.length <= 1
    ? undefined
    : interpreter;
}

/** What is said of it. */
export function passedOverInWords(interpreter: ByteString): ByteString {
  return `it is not run by ${interpreter}: its first line is a comment, and all others together are one command line in execline`;
}

/** What to do about it. @param name of the file */
export function cureOfPassedOver(name: ByteString): ByteString {
  return `put the script into an executable file of its own, and have ${name} hold its path`;
}
