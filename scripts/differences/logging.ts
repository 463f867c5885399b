// Differences from the original. s6-log and the other programs that log.

import { type Difference, inArea } from "./row.ts";

export const LOGGING: readonly Difference[] = [
  ...inArea("Logging", [
    {
      ours: "**An unfinished last line is logged.**",
      original: "The original (2.11.3) drops it at the end of the input, against its manual.",
      test: ["tests/cases/s6/log.ts", "an unfinished last line"],
    },
    {
      ours: "**A file is as long as `s` says.** Lines that come in one burst are divided between files as if they " +
        "had come one by one.",
      original: "The original makes a file longer by a whole burst.",
      test: ["tests/lib/log/logdir_test.ts", "a file is rotated at the first line end that reaches the size"],
    },
    {
      ours:
        "**In a directory that another user can change, or replace, a logger opens only files with one name**, and " +
        "follows no link; it stays in the directory that it began with. Status files are made anew there.",
      original: "A user who has the directory has the original's logger, as root, write to any file.",
      test: ["tests/cases/s6/log_foreign.ts", "current that is a link to a program of root's"],
      also: [
        ["tests/cases/s6/log_foreign.ts", "a link where a status file is made"],
        ["tests/cases/s6/log_foreign.ts", "a directory that is replaced by a link meanwhile"],
        ["tests/lib/log/guarded_files_test.ts", "a user's link to a directory that is not that user's"],
      ],
    },
    {
      ours: "**Standard input and output are not made non-blocking**, because that would reach all processes that " +
        "share them, such as the container's command.",
      test: ["tests/cases/s6/log_stop.ts", "standard input and output stay blocking"],
    },
    {
      ours: "**The clock is read once for the lines of one read.** Each of them is stamped a nanosecond after the " +
        "one before it.",
      test: ["tests/lib/log/header_test.ts", "each line of a batch is one nanosecond after the line before it"],
    },
    {
      ours: "**A status file is written once for the lines of one read**, with the last of them.",
      test: ["tests/lib/log/logger_test.ts", "a status file is written once for the lines of one read"],
    },
    {
      ours: "**A wrong logging script touches nothing.**",
      original: "The original may have opened directories before it sees the error.",
      test: ["tests/cases/s6/log_errors.ts", "a wrong logging script leaves no directory"],
    },
    {
      ours: "**A logger starts after any crash.**",
      original: "The original exits 111 when an unclean `current` and `previous` are there.",
      test: ["tests/lib/log/logdir_crash_test.ts", "the next start finds every line once"],
      also: [["tests/cases/s6/log_rotation.ts", "unclean current and previous"]],
    },
    {
      ours: "**An expression with back-references whose search takes too long on a line does not match it.** All " +
        "other expressions take time in proportion to the line.",
      test: ["tests/lib/log/selector_test.ts", "one whose search would take too long does not match"],
      also: [["tests/lib/regexp/line_matcher_test.ts", "no line holds it up, whatever the expression"]],
    },
    {
      ours: "**An empty file is no archive**, whether an unclean stop or a processor has left it, as in s6 2.15.",
      original: "Older versions make an empty archive of it, which counts, and for which another has to go.",
      test: ["tests/cases/s6/log_rotation.ts", "an unclean, empty current"],
      also: [["tests/cases/s6/log_rotation.ts", "a processor that prints nothing makes no archive"]],
    },
    {
      ours: "**A logger lives on where its processor does harm**: removes `processed`, or is killed while the logger " +
        "stops. With `-b` nothing is read while it works. A call that fails on the way is tried again.",
      original: "The newest (2.15.1) ends, reads on, and archives a file twice.",
      test: ["tests/cases/s6/log_rotation.ts", "a processor that is killed at first, and a stop meanwhile"],
      also: [["tests/cases/s6/log_rotation.ts", "with -b nothing is read while a processor works"], [
        "tests/cases/s6/log_errors.ts",
        "`a failing ${call}",
      ]],
    },
    {
      ours: "**What cannot be removed at the start** is reported.",
      original: "The original overwrites it later, without a word.",
      test: ["tests/cases/s6/log_errors.ts", "what cannot be removed at the start is reported"],
    },
    {
      ours: "**A processor that cannot be started** is reported with the reason: that `newstate` cannot be opened, " +
        "for example.",
      original: "In the original its child says so, and then the logger says that the processor has failed.",
      test: ["tests/cases/s6/log_rotation.ts", "a processor for whose output there is no place"],
    },
    {
      ours: "**After a stop signal** a NUL ends the last line as it does before, and `-l` counts to the byte.",
      test: ["tests/cases/s6/log_stop.ts", "a NUL ends the last line"],
      also: [["tests/cases/s6/log_stop.ts", "a last line that is too long is cut"]],
    },
    {
      ours: "**A standard input or output that is closed** is reported.",
      original: "The original takes /dev/null instead.",
      test: ["tests/cases/s6/log.ts", "an input that is closed"],
      also: [["tests/cases/s6/log.ts", "an output that is closed"]],
    },
    {
      ours: "**The directive `e`**, as 2 was called once, is known, with a warning.",
      test: ["tests/cases/s6/log_script.ts", "the old name of 2"],
    },
    {
      ours: "**A directory that is named twice is one directory.**",
      original: "The original opens it twice, and loses lines.",
      test: ["tests/cases/s6/log_rotation.ts", "a directory that is named twice"],
    },
    {
      ours: "**The options `-t` (2.12) and `R` (2.14)** come from later versions of s6-log.",
      test: ["tests/cases/s6/log_stop.ts", "a stop waits for the rest of a line as long as -t says"],
      also: [["tests/cases/s6/log_rotation.ts", "R rotates what is not empty by time"]],
    },
    {
      ours: "**`s6-socklog` survives an empty message**, keeps messages apart that come at once, and prints the " +
        "sender's address with `-i`.",
      original: "The original (2.11.3) ends, mixes them up, and prints the bytes of the address.",
      test: ["tests/cases/s6/socklog.ts", "s6-socklog of an empty message"],
      also: [["tests/cases/s6/socklog.ts", "s6-socklog -i listens to the internet"]],
    },
    {
      ours: "**`s6-socklog -t` holds whatever standard output is.**",
      original: "The original blocks in a write to a pipe.",
      test: ["tests/cases/s6/socklog.ts", "s6-socklog -t limits how long it waits for its reader"],
    },
    {
      ours: "**`s6-socklog` becomes `s6-socklogd` when it changes its ids**, so that no part of the process keeps " +
        "those of root.",
      test: ["tests/cases/s6/socklog.ts", "s6-socklog -u, -g and -G set ids"],
    },
    {
      ours: "**`s6-logwatch` prints what was rotated away before it could be read**, from the archives.",
      original: "The original passes over it.",
      test: ["tests/cases/linux/logwatch.ts", "s6-logwatch prints what was rotated away while it slept"],
    },
  ]),
];
