// s6-overlay-stat: whose a file is, in words for scripts. Follows generation 3.

import { type AccountFiles, groupWithId, userWithId } from "../../lib/accounts.ts";
import type { ByteString } from "../../lib/bytes.ts";
import type { FileStatus } from "../../lib/os/os.ts";
import { about } from "../../lib/report.ts";
import { type Applet, utility } from "../applet.ts";
import { NO_OPTIONS } from "../getopt.ts";

export const overlayStat: Applet = utility({
  name: "s6-overlay-stat",
  usage: "path",
  summary: "tell whose a file is, and what its owner and others may do with it",
  notes: [
    "It prints the lines uid=, user=, gid=, group= and perms=. An id without a name has an empty one. perms are words " +
    "of two letters without blanks: who (others, group, user) and what (x, w, r, and s for sticky and set-id).",
    "What the container's services do is told by `s6-overlay status`.",
  ],
  options: NO_OPTIONS,
  least: 1,
  run: (context, { args: [path = ""] }) => {
    const status = about("stat", path, () => context.os.stat(path));
    context.print(ownershipLines(status, context.os));
    return 0;
  },
});

/** Each permission in the order in which it is told: the bit of the mode, and its word. */
const PERMISSIONS: readonly (readonly [bit: number, word: string])[] = [
  [0o001, "ox"],
  [0o002, "ow"],
  [0o004, "or"],
  [0o010, "gx"],
  [0o020, "gw"],
  [0o040, "gr"],
  [0o100, "ux"],
  [0o200, "uw"],
  [0o400, "ur"],
  [0o1000, "os"],
  [0o2000, "gs"],
  [0o4000, "us"],
];

function ownershipLines({ uid, gid, mode }: Pick<FileStatus, "uid" | "gid" | "mode">, files: AccountFiles): ByteString {
  const perms = PERMISSIONS.filter(([bit]) => (mode & bit) !== 0).map(([, word]) => word).join("");
  const [user, group] = [userWithId(files, uid)?.name ?? "", groupWithId(files, gid)?.name ?? ""];
  return `uid=${uid}\nuser=${user}\ngid=${gid}\ngroup=${group}\nperms=${perms}\n`;
}
