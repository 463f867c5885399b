// s6-rc-format-upgrade: has a live directory take a database that only its format tells from the one it has.

import type { ByteString } from "../../lib/bytes.ts";
import type { Os } from "../../lib/os/os.ts";
import { LiveDirectory } from "../../lib/rc/live.ts";
import { takeLock } from "../../lib/rc/lock.ts";
import { LIVE_DIRECTORY } from "../../lib/rc/places.ts";
import { about, invalid } from "../../lib/report.ts";
import { type Applet, utility } from "../applet.ts";
import { longOptions } from "../long_options.ts";
import { lockOrWait } from "./endless_wait.ts";
import { numberOf } from "./telling.ts";

export const formatUpgrade: Applet = utility({
  name: "s6-rc-format-upgrade",
  usage: "[ -v verbosity ] [ -t timeout ] [ -l live ] [ -b ] newdb",
  summary: "have a live directory take the same database in another format",
  help: {
    v: "how much to say (default 1)",
    t: "taken for the original's sake: nothing here is waited for",
    l: "the live directory (default /run/s6-rc)",
    b: "wait while the live directory is locked",
  },
  options: "v:t:l:b",
  long: longOptions({ verbosity: "v", timeout: "t", livedir: "l", block: "b" }),
  least: 1,
  run: (context, { options, args: [database = ""] }) => {
    const { os } = context;
    numberOf(options, "v", "verbosity");
    numberOf(options, "t", "timeout");
    if (!database.startsWith("/")) throw invalid(`${database} is not an absolute path`);
    const live = options.value("l") ?? LIVE_DIRECTORY;
    const lock = (wait: boolean): void => void takeLock(os, live, { wait });
    lockOrWait(context, new LiveDirectory(os, live), options.has("b"), lock);
    replaceLink(os, database, `${live}/compiled`);
    return 0;
  },
});

/** Who looks finds the old one or the new one. */
function replaceLink(
  os: Pick<Os, "symlink" | "rename" | "unlink" | "pid">,
  target: ByteString,
  link: ByteString,
): void {
  about("atomic_symlink4", `${link} to ${target}`, () => {
    const made = `${link}:s6-rc-format-upgrade:${os.pid}`;
    os.symlink(target, made);
    try {
      os.rename(made, link);
    } catch (error) {
      os.unlink(made);
      throw error;
    }
  });
}
