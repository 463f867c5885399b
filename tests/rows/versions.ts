// Rows that the newest s6 and execline answer in another way than those that are installed here, and which of them is
// meant. All other rows of the files that have been compared must be the same on both.

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

/** Files whose rows have been compared with the newest by now: all of execline, and of s6 all but these. */
const COMPARED = new RegExp(
  "^(execline/|s6/(?!(supervise|sudo|start_failures|setuidgid|session|service_dir|notifyoncheck|log_rotation|log_errors|" +
    "limits|ipcserverd|ipc_access|instance_maker|instance|ftrig|fifodir|fghack): ))",
);

/** Rows are compared with both, which takes half as long again. */
const IS_WHOLE = Deno.env.get("NEWEST") === "all";

/** The original that decides what this row must do; undefined where all are to be the same. */
export function versionOf(title: string): Version | undefined {
  const difference = VERSION_DIFFERENCES.find(({ rows }) => rows.test(title));
  return difference?.meant ?? (IS_WHOLE && COMPARED.test(title) ? undefined : "installed");
}
