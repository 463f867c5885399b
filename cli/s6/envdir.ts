// s6-envdir: a directory of files becomes variables of the program.

import type { ByteString } from "../../lib/bytes.ts";
import { contentRule, readEnvdir, type ValueRule } from "../../lib/envdir.ts";
import { systemError } from "../../lib/errno.ts";
import { about, isErrno } from "../../lib/report.ts";
import { type Applet, chain } from "../applet.ts";
import type { Options } from "../getopt.ts";

const OPTIONS = "IinfLc:";

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
    const rule = ruleOf(options, directory);
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

/** @throws OsError about the directory if nothing is to stand for a NUL */
function ruleOf(options: Options<typeof OPTIONS>, directory: ByteString): ValueRule {
  const nul = options.value("c")?.[0] ?? (options.has("c") ? undefined : "\n");
  if (nul === undefined) throw systemError("envdir", directory, "EINVAL");
  return contentRule({ whole: options.has("f"), exact: options.has("n"), unlimited: options.has("L"), nul });
}
