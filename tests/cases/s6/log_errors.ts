// Rows for cli/s6/log.ts: calls of the system that fail once, made to by strace. There is a warning, the call is tried
// again, and nothing is lost.

import type { Case } from "../../rows/harness.ts";
import { logScript } from "../../rows/logged.ts";

// On some architectures a call has another name.
const CALLS: Readonly<Record<string, string>> = {
  chmod: "?chmod,fchmod,fchmodat,?fchmodat2",
  link: "?link,linkat",
  mkdir: "?mkdir,mkdirat",
  open: "?open,openat",
  rename: "?rename,?renameat,renameat2",
  unlink: "?unlink,unlinkat",
  stat: "?newfstatat,statx",
};

/** Lets the `when`th of these calls fail, on a path if one is given. */
function failing(call: string, { path, when = 1 }: { path?: string; when?: number }): string {
  const only = path === undefined ? "" : `-P "$PWD/${path}"`;
  return `strace -f -qq -o /dev/null ${only} -e inject=${CALLS[call] ?? call}:error=EIO:when=${when}`;
}

interface Where {
  readonly path?: string;
  readonly when?: number;
  readonly before?: string;
  readonly options?: string;
}

/** A row with one rotation, and a second line behind it. */
function once(call: string, tells: string, { before = "", options = "", ...where }: Where = {}): Case {
  const name = `a failing ${call}${where.path === undefined ? "" : ` of ${where.path}`}, ${
    where.when ?? 1
  }, ${options}`;
  return logScript(
    name,
    `${before}
     { printf '%04999d\\n' 1 | ${failing(call, where)} s6-log r20 s4096 l0 ${options} "$PWD/d" 2>&1; echo $?; } |
       sed "s|$PWD|.|g"
     echo 2 | s6-log ./d; left d`,
    { tells: `${tells}: Input/output error` },
  );
}

const PROCESSED = { options: "'?cat'" };
const ARCHIVE = "@400000000000000000000000.s";

const RUNNING: readonly Case[] = [
  once("write", "unable to write to ./d/current", { path: "d/current" }),
  once("fsync", "unable to fd_sync ./d/current"),
  once("rename", "unable to rename ./d/current to ./d/previous"),
  once("open", "unable to open_append ./d/current", { path: "d/current", when: 2 }),
  once("chmod", "unable to chmod ./d/previous", { path: "d/previous" }),
  once("link", "unable to finish previous .s to logdir ./d"),
  once("unlink", "unable to finish previous .s to logdir ./d", { path: "d/previous" }),
  once("unlink", `unable to unlink ./d/@STAMP.s`, {
    ...{ path: `d/${ARCHIVE}`, before: `mkdir d; echo old >d/${ARCHIVE}`, options: "n1" },
  }),
  once("stat", `unable to stat ./d/@STAMP.s`, {
    ...{ path: `d/${ARCHIVE}`, before: `mkdir d; echo old >d/${ARCHIVE}`, options: "S100000" },
  }),
  once("fsync", "unable to fd_sync ./d/processed", { when: 2, ...PROCESSED }),
  once("chmod", "unable to fd_chmod ./d/processed", { path: "d/processed", ...PROCESSED }),
  once("fsync", "unable to fd_sync ./d/newstate", { when: 3, ...PROCESSED }),
  {
    ...once("unlink", "unable to unlink ./d/previous", { path: "d/previous", ...PROCESSED }),
    exception: "the original says that it cannot open it",
    expect: {
      stdout: "s6-log: warning: unable to unlink ./d/previous: Input/output error\n0\n" +
        "744 5000 d/@STAMP.s:\n01\n744 2 d/current:\n2\n644 0 d/lock:\n644 0 d/state:\n",
      files: {},
    },
  },
  once("rename", "unable to rename ./d/newstate to ./d/state", { when: 2, ...PROCESSED }),
  once("link", "unable to finish processed .s to logdir ./d", PROCESSED),
  once("fsync", "unable to fd_sync ./d/current", { when: 2 }),
  once("fchmod", "unable to fd_chmod ./d/current", { when: 2 }),
];

const STARTING: readonly Case[] = [
  ["mkdir", "d", ""],
  ["open", "d/lock", "mkdir d"],
  ["open", "d/current", "mkdir d"],
  ["unlink", "d/state", "mkdir d; >d/state"],
  ["unlink", "d/newstate", "mkdir d; >d/newstate"],
  ["unlink", "d/processed", "mkdir d; >d/processed"],
  ["unlink", "d/previous", "mkdir d; >d/previous; >d/processed; chmod 700 d/processed"],
  ["unlink", "d/previous", "mkdir d; echo p >d/previous"],
  ["unlink", "d/current", "mkdir d; echo c >d/current"],
  ["chmod", "d/current", "mkdir d"],
  ["link", "d/current", "mkdir d; >d/current"],
  ["open", "d/state", "mkdir d"],
].map(([call, path, before]) =>
  logScript(
    `a failing ${call} of ${path} at the start: ${before}`,
    `${before}; echo a | ${failing(call!, { path: path! })} s6-log "$PWD/d" 2>/dev/null; echo $?; left d`,
  )
);

const OTHERS: readonly Case[] = [
  logScript("a wrong logging script leaves no directory", "s6-log ./d ./e x 2>&1; echo $?; ls -d d e 2>/dev/null"),
  logScript(
    "what cannot be removed at the start is reported",
    `mkdir d; >d/newstate; echo a | ${
      failing("unlink", { path: "d/newstate" })
    } s6-log "$PWD/d" 2>&1 | sed "s#$PWD#.#"; rm -r d`,
    {
      exception: "the original overwrites it later, without a word",
      expect: { stdout: "s6-log: warning: unable to unlink ./d/newstate: Input/output error\n" },
    },
  ),
];

export const cases: readonly Case[] = [...RUNNING, ...STARTING, ...OTHERS];
