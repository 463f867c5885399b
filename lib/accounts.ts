// Users and groups, read from the lines of /etc/passwd and /etc/group. No name service is asked: a container's
// accounts are in its files, and a container may have no files at all. Follows getpwnam(3) and getgrent(3) on "files".

import type { ByteString } from "./bytes.ts";
import { ifThere, invalid } from "./report.ts";
import type { Credentials } from "./os/operands.ts";
import type { Files } from "./os/os.ts";

/** The port that looking up accounts needs. */
export type AccountFiles = Pick<Files, "readFile">;

export interface User {
  readonly name: ByteString;
  readonly uid: number;
  readonly gid: number;
  readonly home: ByteString;
  readonly shell: ByteString;
}

interface Group {
  readonly name: ByteString;
  readonly gid: number;
  readonly members: readonly ByteString[];
}

/** The well-formed lines of a passwd file. */
export function* parsePasswd(text: ByteString): Generator<User> {
  for (const [name, , uid, gid, , home = "", shell = ""] of fields(text, 4)) {
    if (isId(uid!) && isId(gid!)) yield { name: name!, uid: Number(uid), gid: Number(gid), home, shell };
  }
}

/** The well-formed lines of a group file. */
export function* parseGroup(text: ByteString): Generator<Group> {
  for (const [name, , gid, list = ""] of fields(text, 3)) {
    if (!isId(gid!)) continue;
    yield { name: name!, gid: Number(gid), members: list.split(",").map((member) => member.trim()).filter(Boolean) };
  }
}

function* fields(text: ByteString, least: number): Generator<ByteString[]> {
  for (const line of text.split("\n")) {
    const words = line.trimStart().split(":");
    if (words.length >= least && words[0] !== "" && !words[0]!.startsWith("#")) yield words;
  }
}

/** The next one, 4294967295, belongs to no user: chown(2) and setresuid(2) take it for "unchanged". */
export const LARGEST_ID = 0xfffffffe;

function isId(word: ByteString): boolean {
  return /^[0-9]+$/.test(word) && Number(word) <= LARGEST_ID;
}

/** The first user of this name, or undefined. */
export function findUser(files: AccountFiles, name: ByteString): User | undefined {
  for (const user of parsePasswd(readIfThere(files, "/etc/passwd"))) if (user.name === name) return user;
}

/** The gid of the first group of this name, or undefined. */
export function findGroup(files: AccountFiles, name: ByteString): number | undefined {
  for (const group of parseGroup(readIfThere(files, "/etc/group"))) if (group.name === name) return group.gid;
}

/** The first user with this id, or undefined. */
export function userWithId(files: AccountFiles, uid: number): User | undefined {
  for (const user of parsePasswd(readIfThere(files, "/etc/passwd"))) if (user.uid === uid) return user;
}

/** The first group with this id, or undefined. */
export function groupWithId(files: AccountFiles, gid: number): Group | undefined {
  for (const group of parseGroup(readIfThere(files, "/etc/group"))) if (group.gid === gid) return group;
}

/** The ids of the groups that list the user, in the file's order. */
export function groupsListing(files: AccountFiles, name: ByteString): number[] {
  const ids: number[] = [];
  for (const group of parseGroup(readIfThere(files, "/etc/group"))) {
    if (group.members.includes(name)) ids.push(group.gid);
  }
  return ids;
}

/**
 * The ids a program runs with as this user: uid, gid, and the groups that list the user.
 * @throws Failure with exit code 1 if there is no such user
 */
export function credentialsOf(files: AccountFiles, name: ByteString): Credentials {
  const user = findUser(files, name);
  if (user === undefined) throw invalid(`unknown user: ${name}`, 1);
  return { uid: user.uid, gid: user.gid, groups: groupsListing(files, name) };
}

/**
 * A list of numeric group ids as GIDLIST holds it, up to the first word that is not a number. Undefined if there is
 * none, or if a number is not an id.
 */
export function parseGroupIds(list: ByteString): number[] | undefined {
  const ids: number[] = [];
  for (const word of list.split(/[,: \t\r\n]+/)) {
    if (!/^[0-9]+$/.test(word)) break;
    if (!isId(word)) return undefined;
    ids.push(Number(word));
  }
  return ids.length > 0 || list === "" ? ids : undefined;
}

function readIfThere(files: AccountFiles, path: string): ByteString {
  return ifThere(() => files.readFile(path), "ENOTDIR") ?? "";
}
