// Access rules in a directory as records of a constant database, and such records as a directory. Follows the manuals of
// s6-accessrules-cdb-from-fs and s6-accessrules-fs-from-cdb.

import type { ByteString } from "../bytes.ts";
import type { CdbRecord } from "../cdb.ts";
import { makeDirectories } from "../directories.ts";
import type { Os } from "../os/os.ts";
import { about, ifThere, invalid } from "../report.ts";
import { type Allowance, LONGEST_COMMAND, parseRuling, type Variables } from "./access_rules.ts";

/** s6-ipcserver-access refuses a rule with more. */
const LONGEST_VARIABLES = 4096;

interface Compiling {
  readonly os: Pick<Os, "listDirectory" | "readFile" | "stat">;
  /** Reads a directory of variables as s6-envdir does. */
  readonly readVariables: (directory: ByteString) => Variables;
  readonly warn: (text: string) => void;
}

/**
 * The rules in a directory, in the directory's order.
 * @throws OsError, and Failure if a rule is larger than a record may be
 */
export function compileRules(compiling: Compiling, directory: ByteString): CdbRecord[] {
  const { os } = compiling;
  const namesIn = (path: ByteString): ByteString[] =>
    about("opendir", path, () => os.listDirectory(path)).filter((name) => !name.startsWith("."));
  return namesIn(directory).flatMap((kind) =>
    namesIn(`${directory}/${kind}`).flatMap((name): CdbRecord[] => {
      const key = `${kind}/${name}`;
      const data = compileRule(compiling, `${directory}/${key}`);
      return data === undefined ? [] : [[key, data]];
    })
  );
}

/** What a record says about the rule; undefined if it neither allows nor denies. */
function compileRule({ os, readVariables, warn }: Compiling, rule: ByteString): ByteString | undefined {
  const isThere = (path: ByteString): boolean =>
    about("access", path, () => ifThere(() => os.stat(path))) !== undefined;
  if (!isThere(`${rule}/allow`)) return isThere(`${rule}/deny`) ? "D" : undefined;
  const env = `${rule}/env`;
  const variables = (about("envdir", env, () => ifThere(() => readVariables(env))) ?? [])
    .map(([name, value]) => value === undefined ? `${name}\0` : `${name}=${value}\0`).join("");
  if (variables.length > LONGEST_VARIABLES) {
    throw invalid(`${env} has ${variables.length} bytes of variables, and a rule may have ${LONGEST_VARIABLES}`);
  }
  const exec = `${rule}/exec`;
  const command = about("read", exec, () => ifThere(() => os.readFile(exec))) ?? "";
  if (command.length > LONGEST_COMMAND) {
    warn(`only the first ${LONGEST_COMMAND} bytes of ${exec} count, which has ${command.length}`);
  }
  return `A${counted(variables)}${counted(command.slice(0, LONGEST_COMMAND))}`;
}

/** Its length in two bytes, and the text. */
function counted(text: ByteString): ByteString {
  return String.fromCharCode(text.length >> 8, text.length & 0xff) + text;
}

/**
 * Puts what the records say into a directory, new files with this mode.
 * @throws OsError, and RangeError if a record is none of a rule: a part is there then
 */
export function layRules(
  os: Pick<Os, "makeDirectory" | "writeFile">,
  directory: ByteString,
  records: readonly CdbRecord[],
  mode: number,
): void {
  const laying: Laying = {
    make: (path) => makeDirectories(os, path, { mode: 0o755, parents: true, report: () => {} }),
    write: (path, content) => os.writeFile(path, content, mode),
  };
  for (const [key, data] of records) {
    // A file that others have written names places in the directory only.
    if (!key.split("/").every(isName)) throw new RangeError("a rule has a name that is no path below a directory");
    const rule = `${directory}/${key}`;
    laying.make(rule);
    const ruling = parseRuling(data);
    if (ruling === false) laying.write(`${rule}/deny`, "");
    else if (ruling !== undefined) layAllowance(laying, rule, ruling);
  }
}

interface Laying {
  readonly make: (directory: ByteString) => void;
  readonly write: (path: ByteString, content: ByteString) => void;
}

function layAllowance({ make, write }: Laying, rule: ByteString, { variables, command }: Allowance): void {
  write(`${rule}/allow`, "");
  if (variables.length > 0) make(`${rule}/env`);
  for (const [name, value] of variables) {
    if (!isName(name)) throw new RangeError("a rule has a variable whose name is none of a file");
    write(`${rule}/env/${name}`, value === undefined ? "" : `${value}\n`);
  }
  if (command !== "") write(`${rule}/exec`, command);
}

function isName(name: ByteString): boolean {
  return name !== "" && name !== "." && name !== ".." && !/[/\0]/.test(name);
}
