// Rows for cli/linux/ps.ts. What it says of a process is compared with what ps of procps says; its form was seen with
// s6-linux-utils 2.6.2.

import type { Case } from "../../rows/harness.ts";
import { prints, row } from "../portable/rows.ts";
import { isolated } from "./rows.ts";

/** Fields of s6-ps and what ps calls them, where both say the same. */
const SAME: readonly (readonly [ours: string, theirs: string])[] = [
  ["pid", "pid"],
  ["comm", "comm"],
  ["ppid", "ppid"],
  ["pgrp", "pgrp"],
  ["sess", "sess"],
  ["tpgid", "tpgid"],
  ["nice", "nice"],
  ["thcount", "nlwp"],
  ["vsize", "vsz"],
  ["rtprio", "rtprio"],
  ["user", "user:20"],
  ["group", "group:20"],
  ["minflt", "min_flt"],
  ["majflt", "maj_flt"],
  ["psr", "psr"],
  ["args", "args"],
  ["wchan", "wchan:40"],
];

/** The shell that is process 1 waits for its pipeline: before that it runs, and waits nowhere in the kernel. */
const UNTIL_1_SLEEPS = "until grep -q ') S ' /proc/1/stat; do :; done";

/** Processes that nothing happens to; $! is the last. */
const SLEEPERS =
  "sleep 9 & nice -n 5 setpriv --reuid 12345 --regid 54321 --clear-groups sleep 9 & chrt -f 7 sleep 9 & " +
  "until [ $(cat /proc/[0-9]*/stat 2>/dev/null | grep -c '(sleep) S') -eq 3 ]; do :; done; ";
/**
 * Lines of the sleepers, without what the two differ in: blanks, marks of what is not a name, and of what is not a
 * number.
 */
const ONLY_SLEEPERS =
  "grep 'sleep 9' | grep -v -e grep -e 'sh -c' | tr -s ' ' | sed 's/^ //; s/ $//; s/^- /0 /; s/[()]//g'";

function likePs([ours, theirs]: readonly [string, string]): Case {
  // Both need the command line to know the sleepers by, and ps knows no field twice either.
  const [ourArgs, theirArgs] = ours === "args" ? ["pid", "pid"] : ["args", "args"];
  return {
    ...isolated(
      `${SLEEPERS} s6-ps -o ${ours},${ourArgs} | ${ONLY_SLEEPERS} >a; ` +
        `ps -ww -e -o ${theirs} -o ${theirArgs} | ${ONLY_SLEEPERS} >b; ` +
        "grep -c sleep a; diff a b",
      { stdout: "3\n", code: 0 },
      { leaves: [] },
    ),
    name: `s6-ps -o ${ours} says what ps says`,
  };
}

/** Of the second sleeper: another user, and nice. */
function says(fields: string, pattern: string): Case {
  return {
    ...isolated(
      `${SLEEPERS} s6-ps -o ${fields},args | grep 'sleep 9$' | sed -n 2p | grep -cE '^ *${pattern} +sleep 9$'`,
      {
        stdout: "1\n",
      },
    ),
    name: `s6-ps -o ${fields} is of the form ${pattern}`,
  };
}

const HEADINGS: Readonly<Record<string, string>> = {
  "": "USER PID TTY STAT START COMMAND",
  "-l": "USER PID C%CPU %MEM VSZ RSS TTY STAT START CTTIME COMMAND",
  "-l -o pid": "PID",
  "-o comm -l": "USER PID C%CPU %MEM VSZ RSS TTY STAT START CTTIME COMMAND",
  "-o pid,comm,s,ppid,pgrp,sess,tty,tpgid": "PID COMM STAT PPID PGRP SESSION TTY TPGID",
  "-o minflt,cminflt,majflt,cmajflt": "MINFLT CMINFLT MAJFLT CMAJFLT",
  "-o utime,stime,cutime,cstime,ttime,cttime": "UTIME STIME CUTIME CSTIME TTIME CTTIME",
  "-o prio,nice,thcount,start,tstart": "PRIO NICE THREADS START TSTART",
  "-o vsize,rss,rsslimit,psr,rtprio,policy": "VSZ RSS RSSLIM CPU RTPRIO RTPOLICY",
  "-o user,group,pmem,pcpu,cpcpu,wchan,args,env": "USER GROUP %MEM %CPU C%CPU WCHAN COMMAND ENVIRONMENT",
};

const headings = Object.entries(HEADINGS).map(([words, headings]) =>
  row(["sh", "-c", `s6-ps ${words} | head -n 1 | tr -s ' ' | sed 's/^ //'`], { stdout: `${headings}\n` })
);

export const cases: readonly Case[] = [
  ...headings,
  ...SAME.map(likePs),
  says("s", "SN"),
  says("user,group", "\\(12345\\) +\\(54321\\)"),
  says("tty,prio,policy,rsslimit", "- +25 +NORMAL +[0-9]+"),
  // The kernel counts pages at two places, and ps reads the other one.
  says("rss", "[0-9]{4}"),
  says("pmem,pcpu,cpcpu", "[0-9]+\\.[0-9]{2} +[0-9]+\\.[0-9]{2} +[0-9]+\\.[0-9]{2}"),
  says("utime,ttime,cttime", "00\\.[0-9]{2}s +00\\.[0-9]{2}s +00\\.[0-9]{2}s"),
  says("start,tstart", "[0-9]{2}:[0-9]{2}:[0-9]{2} +@40000000[0-9a-f]{16}"),
  isolated("s6-ps -H -o args | grep -v -e grep -e s6-ps; true", { stdout: "COMMAND\n" }),
  isolated(
    "sh -c 'sleep 9 & wait' & until pgrep sleep >/dev/null; do :; done; s6-ps -H -o args | grep -e wait$ -e '9$' | grep -v s6-ps",
    { stdout: "sh -c sleep 9 & wait\n \\_ sleep 9\n" },
  ),
  isolated("s6-ps -o pid,ppid -w 0 | head -n 2", { stdout: "PID PPID\n  1    0\n" }),
  isolated("s6-ps -o pid,ppid -w 5 | head -n 2", { stdout: "PID     PPID\n  1        0\n" }),
  isolated("s6-ps -o pid,ppid -w 999 | head -n 1 | wc -c", { stdout: "264\n" }),
  isolated(
    "A=a B='b c' sleep 9 & env -i C=c sleep 8 & until pgrep -f '^sleep 8' >/dev/null; do :; done; s6-ps -o env | grep C=c",
    {
      stdout: "C=c \n",
    },
  ),
  isolated("setpriv --reuid 5 --regid 5 --clear-groups s6-ps -o pid,env | sed -n 2p", { stdout: "  1  *\n" }),
  isolated(
    "ln -s $(command -v sleep) ') S 5 ('; PATH=.:$PATH; ') S 5 (' 9 & until s6-ps -o comm | grep -q S; do :; done; s6-ps -o comm,ppid | grep S.5",
    {
      stdout: ") S 5 (     1\n",
    },
    { leaves: [] },
  ),
  isolated("perl -e 'sleep 9 if fork' & until s6-ps -o args | grep '^perl <defunct>$'; do :; done", {
    stdout: "perl <defunct>\n",
  }),
  isolated(
    "bash -c 'exec -a \"\" sleep 9' & until pgrep -f '^ 9' >/dev/null; do :; done; s6-ps -o args | grep ' 9$' | grep -v -e bash -e sh",
    {
      stdout: " 9\n",
    },
  ),
  isolated(
    `echo '0000000000000001 T first' >map; { ${UNTIL_1_SLEEPS}; exec s6-ps -W map -o wchan,pid; } | tr -s ' ' | grep -c 'first 1$'`,
    { stdout: "1\n" },
    {
      leaves: [],
    },
  ),
  isolated(`{ ${UNTIL_1_SLEEPS}; exec s6-ps -W nope -o pid,wchan; } | sed -n 2p`, {
    stdout: "  1  (0x1)\n",
    stderr: "s6-ps: warning: unable to init wchan file nope: No such file or directory\n",
  }),
  isolated("s6-ps -W nope -o pid | head -n 1", { stdout: "PID\n", stderr: "" }),
  row(["s6-ps", "-o", ""], { stdout: "", code: 100, stderr: "s6-ps: fatal: invalid (empty) field for -o option\n" }),
  row(["s6-ps", "-o", "pid,"], {
    stdout: "",
    code: 100,
    stderr: "s6-ps: fatal: invalid (empty) field for -o option\n",
  }),
  row(["s6-ps", "-o", "pid,x"], { stdout: "", code: 100, stderr: "s6-ps: fatal: invalid field for -o option: x\n" }),
  row(["s6-ps", "-o", "pid,s,pid"], {
    stdout: "",
    code: 100,
    stderr: "s6-ps: fatal: duplicate field for -o option: pid\n",
  }),
  row(["sh", "-c", "s6-ps >/dev/full"], {
    code: 111,
    stderr: "s6-ps: fatal: unable to write to stdout: No space left on device\n",
  }),
  prints("s6-ps -w x", "", 100),
  prints("s6-ps -z", "", 100),
];
