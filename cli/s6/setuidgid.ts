// Running a program as another user: s6-setuidgid, and the two halves it is made of in s6, s6-envuidgid (names to
// numbers in the environment) and s6-applyuidgid (numbers to the ids of the process).

import {
  type AccountFiles,
  credentialsOf,
  findGroup,
  findUser,
  groupsListing,
  parseGroupIds,
} from "../../lib/accounts.ts";
import type { ByteString } from "../../lib/bytes.ts";
import type { Environment } from "../../lib/environment.ts";
import type { ProcessImage } from "../../lib/image/image.ts";
import type { Credentials } from "../../lib/os/operands.ts";
import { invalid, UsageError } from "../../lib/report.ts";
import { type Applet, chain, type SystemView } from "../applet.ts";
import type { Option, Options } from "../getopt.ts";
import { numericId } from "../numeric_id.ts";

type Variables = (readonly [string, ByteString | undefined])[];

const NONE: Variables = [["UID", undefined], ["GID", undefined], ["GIDLIST", undefined]];

export const setuidgid: Applet = chain({
  name: "s6-setuidgid",
  usage: "username prog...",
  summary: "run a program as another user",
  exits: { 1: "there is no such user" },
  notes: ["A name with a colon is a pair of numbers: the user's id and the group's. An empty name changes nothing."],
  options: "",
  least: 2,
  next: (image, { args, args: [account = ""] }, view) => {
    if (account === "") return image.run(args.slice(1));
    const numeric = account.includes(":");
    const credentials = numeric ? numericPair(account) : credentialsOf(view.accounts, account);
    const next = become(image, credentials, "s6-setuidgid").run(args.slice(1));
    return numeric ? next : next.withVariables(NONE);
  },
});

function numericPair(pair: ByteString): Credentials {
  const match = /^([0-9]+):([0-9]+)$/.exec(pair);
  if (match === null) throw new UsageError();
  return { uid: numericId(match[1]!), gid: numericId(match[2]!), groups: [] };
}

function become(image: ProcessImage, { uid, gid, groups }: Credentials, by: string): ProcessImage {
  // The primary group is one of the supplementary ones too, as login has it.
  const all = groups.includes(gid) ? groups : [gid, ...groups];
  return image.step({ do: "credentials", credentials: { uid, gid, groups: all }, by });
}

const ENVUIDGID = "iD:ugBn";

export const envuidgid: Applet = chain({
  name: "s6-envuidgid",
  usage: "[ -i | -D defaultuid:defaultgid:defaultgidlist ] [ -u | -g | -B ] [ -n ] account prog...",
  summary: "put the ids of an account into the environment",
  help: {
    i: "exit if there is no such account (default)",
    D: "take these ids if there is no such account",
    u: "the account is a user: set UID only",
    g: "the account is a group: set GID only",
    B: "the account is user:group: set UID and GID",
    n: "names that do not exist may be numbers",
  },
  exits: { 1: "there is no such account" },
  options: ENVUIDGID,
  least: 2,
  next: (image, { options, args, args: [account = ""] }, view) =>
    image.withVariables(accountVariables(account, options, view.accounts)).run(args.slice(1)),
});

export interface Ids {
  readonly uid?: number;
  readonly gid?: number;
  readonly groups?: readonly number[];
}

/** UID, GID and GIDLIST for an account, as far as the options ask for them. */
function accountVariables(
  account: ByteString,
  options: Options<typeof ENVUIDGID>,
  files: AccountFiles,
): Variables {
  const substitute = options.last("i", "D") === "D" ? defaults(options.value("D")!) : undefined;
  const { uid, gid, groups } = lookUp(account, options, files, substitute);
  const variables: Variables = [];
  if (uid !== undefined) variables.push(["UID", String(uid)]);
  if (gid !== undefined) variables.push(["GID", String(gid)]);
  if (groups !== undefined) variables.push(["GIDLIST", groups.join(",")]);
  return variables;
}

function lookUp(account: ByteString, options: Options<typeof ENVUIDGID>, files: AccountFiles, substitute?: Ids): Ids {
  const numbers = options.has("n");
  const userId = (name: ByteString): number | undefined =>
    findUser(files, name)?.uid ?? (numbers ? plainId(name) : undefined) ?? substitute?.uid;
  const groupId = (name: ByteString): number | undefined =>
    findGroup(files, name) ?? (numbers ? plainId(name) : undefined) ?? substitute?.gid;
  switch (options.last("u", "g", "B")) {
    case "u":
      return { uid: known(userId(account), "user", account) };
    case "g":
      return { gid: known(groupId(account), "group", account) };
    case "B": {
      const colon = account.indexOf(":");
      const user = colon < 0 ? account : account.slice(0, colon);
      const group = colon < 0 ? "" : account.slice(colon + 1);
      return {
        uid: user === "" ? 0 : known(userId(user), "user", user),
        gid: group === "" ? 0 : known(groupId(group), "group", group),
      };
    }
  }
  const user = findUser(files, account);
  if (user !== undefined) return { uid: user.uid, gid: user.gid, groups: groupsListing(files, account) };
  const number = numbers ? plainId(account) : undefined;
  if (number !== undefined) return { uid: number, gid: 0 };
  return known(substitute, "user", account);
}

function plainId(word: ByteString): number | undefined {
  return /^[0-9]+$/.test(word) ? numericId(word) : undefined;
}

function known<T>(found: T | undefined, kind: "user" | "group", name: ByteString): T {
  if (found === undefined) throw invalid(`unknown ${kind}: ${name}`, 1);
  return found;
}

/** The value of -D: "uid:gid:gidlist", of which parts may be missing. */
function defaults(text: ByteString): Required<Ids> {
  const [, uid, gid, list] = /^([0-9]*)(?::([0-9]*)(?::(.*))?)?$/s.exec(text) ?? [];
  const groups = parseGroupIds(list ?? "");
  if (text === "" || uid === undefined || groups === undefined) throw new UsageError();
  return { uid: numericId(uid || "0"), gid: numericId(gid || "0"), groups };
}

const APPLYUIDGID = "zu:g:G:U";

export const applyuidgid: Applet = chain({
  name: "s6-applyuidgid",
  usage: "[ -z ] [ -u uid ] [ -g gid ] [ -G gidlist ] [ -U ] prog...",
  summary: "run a program with these numeric ids",
  help: {
    z: "remove the variables UID, GID and GIDLIST",
    u: "the user's id; 0 leaves it as it is",
    g: "the group's id; 0 leaves it as it is",
    G: "the ids of supplementary groups, with commas between them",
    U: "take the ids from the variables UID, GID and GIDLIST",
  },
  options: APPLYUIDGID,
  least: 1,
  next: (image, { options, args }, view) => {
    const change = requestedIds(options.list, image.environment);
    const next = apply(image, change, view, "s6-applyuidgid").run(args);
    return options.has("z") ? next.withVariables(NONE) : next;
  },
});

/** The ids that -u, -g, -G and -U, in their order, and the environment ask for. 0 means "leave it". */
export function requestedIds(options: readonly Option[], environment: Environment): Ids {
  let ids: Ids = {};
  for (const { letter, value } of options) {
    if (letter === "u") ids = { ...ids, uid: numericId(value) };
    if (letter === "g") ids = { ...ids, gid: numericId(value) };
    if (letter === "G") ids = { ...ids, groups: groupIds(value) };
    if (letter === "U") {
      ids = { uid: variable(environment, "UID"), gid: variable(environment, "GID"), groups: listed(environment) };
    }
  }
  return ids;
}

function groupIds(list: ByteString): number[] {
  const ids = parseGroupIds(list);
  if (ids === undefined) throw new UsageError();
  return ids;
}

function variable(environment: Environment, name: string): number {
  const value = environment.get(name);
  if (value === undefined) throw invalid(`${name} not set`);
  const id = plainId(value);
  if (id === undefined) throw invalid(`invalid ${name}`);
  return id;
}

function listed(environment: Environment): number[] {
  const value = environment.get("GIDLIST");
  if (value === undefined) throw invalid("GIDLIST not set");
  const ids = parseGroupIds(value);
  if (ids === undefined) throw invalid("invalid GIDLIST");
  return ids;
}

/** The image with these ids, for that program. */
export function apply(
  image: ProcessImage,
  { uid = 0, gid = 0, groups }: Ids,
  own: Pick<SystemView, "credentials">,
  by: string,
): ProcessImage {
  if (uid === 0 && gid === 0 && groups === undefined) return image;
  const whole = uid !== 0 && gid !== 0 && groups !== undefined;
  const now = whole ? { uid, gid, groups: [] } : image.credentials ?? own.credentials();
  const next = { uid: uid || now.uid, gid: gid || now.gid, groups: groups ?? now.groups };
  return groups === undefined ? image.step({ do: "credentials", credentials: next, by }) : become(image, next, by);
}
