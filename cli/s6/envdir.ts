// s6-envdir: a directory of files becomes variables of the program. The content rules follow s6's own program, down
// to the limit of 4095 bytes that -L lifts.

import type { ByteString } from "../../lib/bytes.ts";
import { readEnvdir, type ValueRule } from "../../lib/envdir.ts";
import { systemError } from "../../lib/errno.ts";
import { about, isErrno } from "../../lib/report.ts";
import { type Applet, chain } from "../applet.ts";
import type { Options } from "../getopt.ts";

const OPTIONS = "IinfLc:";
const LIMIT = 4095;

export const envdir: Applet = chain({
  name: "s6-envdir",
  usage: "[ -I | -i ] [ -n ] [ -f ] [ -L ] [ -c nullchar ] dir prog...",
  summary: "run a program with variables read from the files of a directory",
  help: {
    I: "go on if the directory does not exist",
    i: "exit if the directory does not exist (default)",
    n: "keep blanks at the end of a value; with -f, the newline",
    f: "take the whole file, not only its first line",
    L: "do not cut values at 4095 bytes",
    c: "the character that stands for a NUL (default a newline)",
  },
  notes: ["An empty file removes its variable."],
  options: OPTIONS,
  least: 2,
  reads: true,
  next: (image, { options, args, args: [directory = ""] }, view) => {
    const rule = valueRule(options, directory);
    try {
      return image.withVariables(about("envdir", directory, () => readEnvdir(view, directory, rule))).run(
        args.slice(1),
      );
    } catch (error) {
      const absent = isErrno(error, "ENOENT") && !view.exists(directory);
      if (absent && options.last("I", "i") === "I") return image.run(args.slice(1));
      throw error;
    }
  },
});

/**
 * What a file's content means under these options. An empty file removes the variable.
 * @throws OsError about the directory if nothing is to stand for a NUL
 */
export function valueRule(options: Options<typeof OPTIONS>, directory: ByteString): ValueRule {
  const nul = options.value("c")?.[0] ?? (options.has("c") ? undefined : "\n");
  if (nul === undefined) throw systemError("envdir", directory, "EINVAL");
  const whole = options.has("f");
  const exact = options.has("n");
  const unlimited = options.has("L");
  return (content) => {
    if (content === "") return undefined;
    const text = unlimited ? content : content.slice(0, LIMIT);
    return (whole ? wholeFile(text, exact) : firstLine(text, exact)).replaceAll("\0", nul);
  };
}

function wholeFile(text: ByteString, exact: boolean): ByteString {
  return !exact && text.endsWith("\n") ? text.slice(0, -1) : text;
}

function firstLine(text: ByteString, exact: boolean): ByteString {
  const end = text.indexOf("\n");
  const line = end < 0 ? text : text.slice(0, end);
  return exact ? line : line.replace(/[ \t\r]+$/, "");
}
