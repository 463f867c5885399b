// s6-svperms: who may see the state of a service, who may control it, and who may listen to its events.

import { findGroup, groupWithId, userWithId } from "../../lib/accounts.ts";
import type { ByteString } from "../../lib/bytes.ts";
import type { FileStatus } from "../../lib/os/os.ts";
import { invalid, OsError, unsuitable } from "../../lib/report.ts";
import { type Applet, type Context, utility } from "../applet.ts";
import type { Options } from "../getopt.ts";
import { numericId } from "../numeric_id.ts";

const OPTIONS = "vug:G:oO:eE:";

export const svperms: Applet = utility({
  name: "s6-svperms",
  usage: "[ -v ] [ -u | -g group | -G group | -o | -O group ] [ -e | -E group ] servicedir...",
  summary: "print or change who may see, control and listen to services",
  help: {
    v: "print the permissions after they are changed",
    u: "only the owner may see the state",
    g: "this group may see the state",
    G: "this group may see the state and control the service",
    o: "everybody may see the state",
    O: "everybody may see the state, and this group may control the service",
    e: "everybody may listen to events",
    E: "this group may listen to events",
  },
  exits: { 1: "something has permissions that none of these options gives" },
  notes: ["A group is a name, or a colon and a number."],
  options: OPTIONS,
  least: 1,
  run: (context, { options, args }) => {
    const changes = changesOf(context, options);
    for (const directory of args) changes.forEach((change) => apply(context, directory, change));
    if (changes.length > 0 && !options.has("v")) return 0;
    const sound = args.map((directory) => show(context, directory));
    return sound.every(Boolean) ? 0 : ODD;
  },
});

const ODD = 1;

/** New permissions of an entry; without a group it gets the one of the directory's owner. */
interface Change {
  readonly entry: "supervise" | "supervise/control" | "event";
  readonly mode: number;
  readonly group: number | undefined;
}

function changesOf(context: Context, options: Options<typeof OPTIONS>): Change[] {
  const changes: Change[] = [];
  const access = options.last("u", "g", "G", "o", "O");
  if (access !== undefined) {
    const group = "gGO".includes(access) ? groupId(context, options.value(access as "g" | "G" | "O")!) : undefined;
    const sees = access === "u" ? 0o700 : access === "o" || access === "O" ? 0o711 : 0o710;
    const controls = access === "G" || access === "O";
    changes.push({ entry: "supervise", mode: sees, group: sees === 0o710 ? group : undefined });
    changes.push({ entry: "supervise/control", mode: controls ? 0o620 : 0o600, group: controls ? group : undefined });
  }
  const listening = options.last("e", "E");
  if (listening === "e") changes.push({ entry: "event", mode: 0o1733, group: undefined });
  if (listening === "E") changes.push({ entry: "event", mode: 0o3730, group: groupId(context, options.value("E")!) });
  return changes;
}

/** A group's name, or a colon and its id. */
function groupId({ os }: Context, word: ByteString): number {
  if (word.startsWith(":")) return numericId(word.slice(1));
  const id = findGroup(os, word);
  if (id === undefined) throw invalid(`unable to find entry for ${word} in group database`);
  return id;
}

function apply({ os }: Context, directory: ByteString, { entry, mode, group }: Change): void {
  const path = `${directory}/${entry}`;
  const { uid, gid } = os.stat(path);
  // In supervise the user that has it may have put a link to any file, or another name of it.
  const isControl = entry === "supervise/control";
  const fd = os.open(path, isControl ? ["read", "nonblocking", "nofollow"] : ["read", "directory"]);
  try {
    const { kind, links } = os.fstat(fd);
    if (isControl && (kind !== "fifo" || links > 1)) throw unsuitable("chmod", path, "it is no fifo of its own");
    os.fchown(fd, -1, group ?? userWithId(os, uid)?.gid ?? gid);
    os.fchmod(fd, mode);
  } finally {
    os.close(fd);
  }
}

type Words = Readonly<Record<number, "owner" | "group" | "public">>;

const STATUS: Words = { 0o700: "owner", 0o710: "group", 0o711: "public" };
const CONTROL: Words = { 0o600: "owner", 0o620: "group" };
const EVENTS: Words = { 0o3730: "group", 0o1733: "public" };

/** Prints what is allowed; false if some of it is odd. */
function show(context: Context, directory: ByteString): boolean {
  const entry = (title: string, name: string, words: Words): boolean => {
    const path = `${directory}/${name}`;
    const status = look(context, path);
    if (status === undefined) return false;
    const word = words[status.mode];
    if (word === undefined) context.warn(`${path} has incorrect permissions: ${status.mode.toString(8)}`);
    else {context.print(
        `${directory} ${title}: ${word === "group" ? `group ${groupName(context, status.gid)}` : word}\n`,
      );}
    return word !== undefined;
  };
  const status = entry("status", "supervise", STATUS) && entry("control", "supervise/control", CONTROL);
  return entry("events", "event", EVENTS) && status;
}

function groupName({ os }: Context, gid: number): ByteString {
  return groupWithId(os, gid)?.name ?? `${gid}`;
}

function look(context: Context, path: ByteString): FileStatus | undefined {
  try {
    return context.os.stat(path);
  } catch (error) {
    if (!(error instanceof OsError)) throw error;
    context.warn(error.message);
    return undefined;
  }
}
