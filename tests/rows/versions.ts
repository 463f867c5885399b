// Rows that the newest s6 and execline answer in another way than those that are installed here, and which of them is
// meant. All other rows must be the same on both.

import type { Version } from "./harness.ts";

interface VersionDifference {
  /** The titles of the rows: file and name. */
  readonly rows: RegExp;
  readonly meant: Version;
  /** What differs, since when if that is known, and why ours does as it does. */
  readonly reason: string;
}

const VERSION_DIFFERENCES: readonly VersionDifference[] = [
  {
    rows:
      /^s6\/(svc: s6-svc (without|with an|-w of an unknown|of a directory|of a file|of several|ends as|takes 62|-s )|svstat_fields: s6-svc with several)/,
    meant: "newest",
    reason: "s6-svc of 2.14 acts on all service directories, tells of each and exits 102 where nothing is supervised",
  },
  {
    rows: /^s6\/supervise: finish learns how run ended/,
    meant: "newest",
    reason: "from 2.13 on the fourth argument of finish is the process group that run has led",
  },
  {
    rows: /^s6\/svc_letters: s6-svc -Q while finish runs/,
    meant: "installed",
    reason: "-Q makes a file down, as its manual says, which the newest does not do while finish runs",
  },
  {
    rows: /^s6\/svstat: s6-svstat without a directory/,
    meant: "newest",
    reason: "fields of 2.13: the process group",
  },
  {
    rows: /^s6\/svstat(_fields)?: s6-svstat (of a service that was never started|says in a line|prints fields)/,
    meant: "installed",
    reason: "2.13.2 has another line for a service that was never started; scripts know the old one",
  },
  {
    rows: /^s6\/svstat: s6-svstat -o (takes the first field|of an empty field)/,
    meant: "installed",
    reason: "names of fields may be cut short as before, which the newest no longer allows",
  },
  {
    rows: /^s6\/(svwait: s6-svwait without a directory|svscan: s6-svscan -d of a standard descriptor)/,
    meant: "installed",
    reason: "a wrong call is told of in the words of older versions",
  },
  {
    rows: /^s6\/svscan(_control)?: -c /,
    meant: "installed",
    reason: "-c, which 2.15 takes away, goes on working",
  },
  {
    rows: /^(execline|s6)\/long_options: /,
    meant: "newest",
    reason: "long options are new in 2.9.9 and 2.14, and what is wrong with one, or with a short one there, is named",
  },
  {
    rows: /^s6\/session: s6-setsid with an unknown option/,
    meant: "newest",
    reason: "as with long options everywhere, the option is named",
  },
  {
    rows: /^s6\/session: s6-setsid -[fg] goes on without a terminal/,
    meant: "installed",
    reason: "its manual has it go on; the newest ends where /dev/tty cannot be opened, even with -q",
  },
  {
    rows: /^s6\/(ftrig: s6-ftrig-(wait (prints|collects|knows)|listen1 runs))/,
    meant: "newest",
    reason: "from 2.15 on all events that were heard are printed, and anchors match",
  },
  {
    rows: /^s6\/ftrig: s6-ftrig-wait gives up in time/,
    meant: "newest",
    reason: "it exits 99 then, where older ones exit 1",
  },
  {
    rows: /^s6\/fghack: s6-fghack of a program that is killed/,
    meant: "newest",
    reason: "128 and the signal, as everywhere, where older ones exit 111",
  },
  {
    rows: /^s6\/instance_maker: s6-instance-maker (?!-r (a|of nothing|of a service without)|-P of)/,
    meant: "newest",
    reason: "it writes s6-svscan -C, which counts loggers, as -c is no more from 2.15 on",
  },
  {
    rows: /^s6\/instance: (an instance is made|s6-instance-create -D and -d)/,
    meant: "installed",
    reason: "the lines of s6-svstat",
  },
  {
    rows: /^s6\/(ipcserverd: s6-ipcserver tells|ipc_access: s6-ipcserver-access behind a server)/,
    meant: "installed",
    reason: "the first of a user's connections is number 1, so that s6-connlimit lets in as many as it is told to",
  },
  {
    rows: /^s6\/sudo: (s6-sudod|s6-sudo with s6-sudod) runs the client's words alone/,
    meant: "newest",
    reason: "nothing to run is a mistake, where older ones take it for a success",
  },
  {
    rows: /^s6\/(sudo: s6-sudo runs the client's words alone|fifodir: s6-ftrig-notify reaches)/,
    meant: "installed",
    reason: "at the other end is what is installed, also where ours is tried",
  },
  {
    rows: /^s6\/notifyoncheck: s6-notifyoncheck without a supervisor/,
    meant: "newest",
    reason: "the descriptor is looked at before the supervisor is",
  },
  {
    rows: /^s6\/notifyoncheck: s6-notifyoncheck -n of a word/,
    meant: "installed",
    reason: "the newest reads the descriptor's file first, and then names another option than the wrong one",
  },
  {
    rows: /^s6\/start_failures: a start fails if run /,
    meant: "installed",
    reason: "it is tried again after 10 seconds, where the newest waits for 60, whatever has changed",
  },
  {
    rows: /^s6\/(supervise: D, U and Q move|service_dir: the letters xQ in one write to a service that is up)/,
    meant: "installed",
    reason: "-Q makes a file down, as its manual says, which the newest does not do while run runs",
  },
  {
    rows: /^s6\/service_dir: a lock file that was written to is emptied/,
    meant: "installed",
    reason: "the warning, which the newest no longer gives",
  },
  {
    rows: /^s6\/service_dir: a lock-fd without a lock file/,
    meant: "newest",
    reason: "from 2.15 on the supervisor makes the file",
  },
  {
    rows:
      /^s6\/log_(rotation: (an unclean, empty current|the state is kept|a processor that prints nothing)|errors: a failing (link of d\/current|unlink of d\/previous at the start: mkdir d; >d\/previous))/,
    meant: "newest",
    reason: "an empty file is no archive",
  },
  {
    rows: /^s6\/log_rotation: a large current is continued/,
    meant: "installed",
    reason: "a file that is too large already gets no further line",
  },
  {
    rows: /^s6\/log_rotation: a processor that is killed at first/,
    meant: "installed",
    reason: "the logger lives on, and the processor is run again; the newest ends, with an inconsistent state",
  },
  {
    rows: /^s6\/log_rotation: with -b nothing is read/,
    meant: "installed",
    reason: "the manual of both; the newest reads on",
  },
  {
    rows: /^s6\/log_errors: a failing [a-z]+( of d\/(current|previous|processed))?, [0-9],/,
    meant: "installed",
    reason: "the newest archives a file twice, or waits without end, where a call has failed on the way",
  },
  {
    rows: /^s6\/lock: s6-setlock -t 0 does not wait/,
    meant: "installed",
    reason: "to the newest 0 milliseconds are no limit",
  },
  {
    rows: /^s6\/svscan_pairs: s6-svscan-log has no logger/,
    meant: "installed",
    reason: "the newest gives the catch-all logger of older systems a logger of its own",
  },
  {
    rows: /^s6\/(svscan_control: a finish script that cannot run, and no crash|svscan: a handler that cannot run)/,
    meant: "installed",
    reason: "the older exit code and message; the newest does not tell of a handler that cannot run",
  },
  {
    rows: /^execline\/choice: case .*(\\n|\n)/,
    meant: "newest",
    reason: "a regular expression is for the whole value: a newline is a character as any other",
  },
  {
    rows:
      /^execline\/(process: foreground of a file that cannot run|sequence: foreground: the command may not be executed)/,
    meant: "newest",
    reason: '"?" is 126, not 127, after a program that is there and cannot be executed',
  },
  {
    rows: /^execline\/capture: backtick -Ex/,
    meant: "newest",
    reason: "with -E and no value, what would be substituted stays as it is, where 2.9.3 refuses to go on",
  },
  {
    rows: /^execline\/descriptor: fdmove of a closed descriptor onto itself/,
    meant: "installed",
    reason: "what is moved to itself stays as it is, open or not",
  },
  {
    rows: /^execline\/descriptor: fdswap of a closed descriptor with itself/,
    meant: "newest",
    reason: "a descriptor that is not open cannot be swapped, with itself neither",
  },
  {
    rows: /^execline\/(conditional|sequence): .*(command( that then runs)? is empty|of nothing|empty block)/,
    meant: "installed",
    reason: "an empty block is a success; the newest takes it for a mistake",
  },
  {
    rows: /^execline\/(mistakes: .*(block 1 is empty|no program)|capture: backtick without rest)/,
    meant: "installed",
    reason: "an empty block is a success, and so is nothing to go on with; the newest takes both for mistakes",
  },
  {
    rows: /^execline\/mistakes: wait: unquoted words in block 1/,
    meant: "installed",
    reason: "the newest tells of unquoted words only behind the first of a block",
  },
  {
    rows: /^execline\/loop: forx (-E )?-p -[ox] /,
    meant: "installed",
    reason: "the manual of both: 1 if an exit code is not among those that are wanted; the newest always exits 0",
  },
  {
    rows: /^execline\/environment: emptyenv (-p -c|-c -P)/,
    meant: "installed",
    reason: "-c takes away what execline's programs use, whatever is given beside it",
  },
];

/** Rows are compared with both, which takes half as long again. */
const IS_WHOLE = Deno.env.get("NEWEST") === "all";

/** The original that decides what this row must do; undefined where all are to be the same. */
export function versionOf(title: string): Version | undefined {
  const difference = VERSION_DIFFERENCES.find(({ rows }) => rows.test(title));
  return difference?.meant ?? (IS_WHOLE ? undefined : "installed");
}
