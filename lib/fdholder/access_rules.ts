// Who may connect, and with what rights: rules for users and groups, in a directory or a constant database. The first
// rule that there is for a client counts. Follows s6's accessrules.

import type { ByteString } from "../bytes.ts";
import type { Os } from "../os/os.ts";
import { ifThere } from "../report.ts";
import { Cdb } from "../cdb.ts";

/** Changes of the environment; undefined removes a variable. */
export type Variables = readonly (readonly [name: ByteString, value: ByteString | undefined])[];

export interface Allowance {
  readonly variables: Variables;
  /** A command line to run in place of the usual one; empty if there is none. */
  readonly command: ByteString;
}

/** Rules by their keys, such as "uid/0": what a client gets, or false if it is denied, or undefined if nothing is said. */
export type RuleBook = (key: ByteString) => Allowance | false | undefined;

interface Ids {
  readonly uid: number;
  readonly gid: number;
}

/** What the client gets; false if a rule denies it, undefined if none speaks of it. `own` are the ids of the server. */
export function judgeClient(book: RuleBook, client: Ids, own: Ids): Allowance | false | undefined {
  for (const key of keysFor(client, own)) {
    const ruling = book(key);
    if (ruling !== undefined) return ruling;
  }
  return undefined;
}

function keysFor(client: Ids, own: Ids): ByteString[] {
  return [
    ...(client.uid === own.uid ? ["uid/self"] : []),
    `uid/${client.uid}`,
    ...(client.gid === own.gid ? ["gid/self"] : []),
    `gid/${client.gid}`,
    "uid/default",
  ];
}

/** More of a command than this does not count. */
export const LONGEST_COMMAND = 4096;

export type RulesOs = Pick<Os, "mayRead" | "find" | "readFile" | "listDirectory">;

/**
 * Rules in a directory, read anew each time.
 * @param readVariables reads a directory of variables as s6-envdir does
 */
export function directoryRules(
  os: RulesOs,
  directory: ByteString,
  readVariables: (directory: ByteString) => Variables,
): RuleBook {
  return (key) => {
    const rule = `${directory}/${key}`;
    if (!isThere(os, `${rule}/allow`)) return isThere(os, `${rule}/deny`) ? false : undefined;
    const variables = ifThere(() => readVariables(`${rule}/env`), "EACCES") ?? [];
    const command = ifThere(() => os.readFile(`${rule}/exec`), "EACCES") ?? "";
    return { variables, command: command.slice(0, LONGEST_COMMAND) };
  };
}

/** A file that may be read. Where that cannot be found out an error is thrown: a later rule must not count instead. */
function isThere(os: RulesOs, path: ByteString): boolean {
  if (os.mayRead(path)) return true;
  ifThere(() => os.find(path), "EACCES");
  return false;
}

/** Rules in a constant database. */
export function databaseRules(bytes: Uint8Array): RuleBook {
  const database = new Cdb(bytes);
  return (key) => parseRuling(database.find(key));
}

/** What a record of a constant database says. Throws RangeError. */
export function parseRuling(data: ByteString | undefined): Allowance | false | undefined {
  if (data?.[0] === "D") return false;
  return data?.[0] === "A" ? parseAllowance(data) : undefined;
}

// "A", length of the variables 2, "NAME=VALUE" or "NAME" each with a NUL, length of the command 2, the command
function parseAllowance(data: ByteString): Allowance {
  const length = (at: number): number => data.charCodeAt(at) * 256 + data.charCodeAt(at + 1);
  const end = 3 + length(1);
  if (end + 2 + length(end) !== data.length) throw new RangeError("a rule is cut short");
  const words = data.slice(3, end).split("\0").slice(0, -1);
  const variables = words.map((word): Variables[number] => {
    const equals = word.indexOf("=");
    return equals < 0 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)];
  });
  return { variables, command: data.slice(end + 2) };
}
