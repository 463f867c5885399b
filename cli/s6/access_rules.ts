// Access rules compiled and taken apart: s6-accessrules-cdb-from-fs writes a directory of rules into a file, which is read
// faster, and s6-accessrules-fs-from-cdb makes a directory of such a file.

import { type ByteString, rawBytes } from "../../lib/bytes.ts";
import { Cdb, type CdbRecord, encodeCdb } from "../../lib/cdb.ts";
import { contentRule, readEnvdir } from "../../lib/envdir.ts";
import { compileRules, layRules } from "../../lib/fdholder/rules_compiler.ts";
import type { Os } from "../../lib/os/os.ts";
import { randomLetters } from "../../lib/random.ts";
import { about, EXIT, Failure, invalid, unlessRefused } from "../../lib/report.ts";
import { removeTree } from "../../lib/tree.ts";
import { type Applet, type Context, utility } from "../applet.ts";
import { NO_OPTIONS, octal } from "../getopt.ts";
import { longOptions } from "../long_options.ts";

export const accessrulesCdbFromFs: Applet = utility({
  name: "s6-accessrules-cdb-from-fs",
  usage: "[ -m mode ] cdbfile dir",
  summary: "compile the access rules in a directory into a file",
  help: { m: "the file's mode, in octal (default 0600)" },
  notes: [
    "The file is replaced when the new one is whole: servers that read it meet the old rules or the new ones. For its " +
    "format, see s6-ipcserver-access, whose option -x takes it; rules of other kinds than uid and gid are compiled too.",
  ],
  options: "m:",
  long: longOptions({ mode: "m" }),
  least: 2,
  run: (context, { options, args: [file = "", directory = ""] }) => {
    const mode = modeIn(options.value("m"));
    const { os } = context;
    const records = compileRules({
      os,
      readVariables: (variables) => readEnvdir(os, variables, contentRule({})),
      warn: (text) => context.warn(text),
    }, directory);
    replaceDatabase(context, file, records, mode);
    return 0;
  },
});

function modeIn(text: ByteString | undefined): number {
  if (text === undefined) return 0o600;
  if (!/^[0-7]+$/.test(text)) throw invalid("mode needs to be an unsigned integer (in octal)");
  return octal(text);
}

function replaceDatabase({ os, name }: Context, file: ByteString, records: readonly CdbRecord[], mode: number): void {
  const made = `${file}:${name}:${randomLetters(os, 8)}`;
  const fd = os.open(made, ["write", "create", "exclusive"], 0o600);
  try {
    try {
      os.writeAll(fd, encodeCdb(records));
      os.fchmod(fd, mode);
      os.fsync(fd);
    } finally {
      os.close(fd);
    }
    os.rename(made, file);
  } catch (error) {
    unlessRefused(() => os.unlink(made));
    throw error;
  }
}

export const accessrulesFsFromCdb: Applet = utility({
  name: "s6-accessrules-fs-from-cdb",
  usage: "dir cdbfile",
  summary: "make a directory of the access rules in a compiled file",
  notes: ["The directory is a new one. If it cannot be made whole, it is removed again."],
  options: NO_OPTIONS,
  least: 2,
  run: ({ os }, { args: [directory = "", file = ""] }) => {
    const records = recordsIn(os, file);
    // As with the original, the umask counts for files only.
    const umask = os.setUmask(0);
    about("mkdir", directory, () => os.makeDirectory(directory, 0o755));
    try {
      layRules(os, directory, records, 0o666 & ~umask);
      return 0;
    } catch (error) {
      unlessRefused(() => removeTree(os, directory));
      throw error instanceof RangeError ? noRules(file, error) : error;
    }
  },
});

function recordsIn(os: Pick<Os, "readFile">, file: ByteString): readonly CdbRecord[] {
  const bytes = about("read", file, () => os.readFile(file));
  try {
    return new Cdb(rawBytes(bytes)).records();
  } catch (error) {
    throw error instanceof RangeError ? noRules(file, error) : error;
  }
}

function noRules(file: ByteString, { message }: RangeError): Failure {
  return new Failure(EXIT.system, `${file} does not hold compiled access rules: ${message}`);
}
