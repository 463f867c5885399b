// Differences from the original. Small programs: those of s6 and execline.

import { type Difference, inArea } from "./row.ts";

export const SMALL_PROGRAMS: readonly Difference[] = [
  ...inArea("Small programs", [
    {
      ours:
        "**From execline 2.9.9** come the regular expressions of `case`, for which a newline is a character as any " +
        'other, "?" of `foreground`, which is 126 for a program that cannot be executed, and what `backtick -Ex` ' +
        "leaves unsubstituted.",
      original: "In 2.9.3 `^`, `$` and `.` are by line, the code is always 127, and `backtick -Ex` refuses to go on.",
      test: ["tests/cases/execline/process.ts", "foreground of a file that cannot run"],
    },
    {
      ours: "**Long options are those of execline 2.9.9 and s6 2.15**: `redirfd`, `emptyenv`, `wait`, `s6-setsid`, " +
        "`s6-svscan`, `s6-notifyoncheck`, `s6-background-watch` and the programs `s6-ftrig-` have them, and name an " +
        "option that they do not know.",
      test: ["tests/cases/s6/long_options.ts", "s6-notifyoncheck takes all of its options by long names"],
      also: [["tests/cases/execline/long_options.ts", "redirfd --open"]],
    },
    {
      ours:
        "**`s6-notifyoncheck` says that it gives up**, on standard error: the service stays up, and is never ready.",
      original: "The original says nothing.",
      test: ["tests/cases/s6/notifyoncheck.ts", "s6-notifyoncheck says that it gives up"],
    },
    {
      ours: "**An empty block is a success**, and `forx -p -o` and `-x` exit 1 where an exit code is not wanted.",
      original: "The newest (2.9.9.2) takes an empty block for a mistake, and its `forx -p` always exits 0.",
      test: ["tests/cases/execline/conditional.ts", "the chosen block is empty"],
    },
    {
      ours: "**A caller may ignore CHLD.** Our programs still learn how their children end, and what they start has " +
        "its default again.",
      original: "The original fails.",
      test: ["tests/cases/execline/sequence.ts", "foreground, if and wait where the caller ignores CHLD"],
    },
    {
      ours: "**4294967295 is no user's id**, for every program that takes one (`s6-chown`, `s6-mkfifodir`, " +
        '`s6-svperms`, `s6-envuidgid -n`, ...): the system takes it for "unchanged".',
      original: "The original passes it on.",
      test: ["tests/cases/s6/setuidgid.ts", "s6-envuidgid -n of the number that means unchanged"],
      also: [["tests/cases/portable/file.ts", "s6-chown -u 4294967295 f"], [
        "tests/cases/s6/fifodir.ts",
        "s6-mkfifodir -g of the number that means unchanged",
      ], ["tests/cases/s6/svperms.ts", "s6-svperms -g of the number that means unchanged"]],
    },
    {
      ours: "**A list of group ids with a number that is too large** is refused.",
      original: "The original reads its first nine digits as one id and the rest as another.",
      test: ["tests/cases/s6/setuidgid.ts", "s6-applyuidgid -G of a number that is too large"],
    },
    {
      ours: "**Accounts are looked up in `/etc/passwd` and `/etc/group`** and nowhere else.",
      test: ["tests/lib/accounts_test.ts", "a user is the first well-formed line of that name"],
    },
    {
      ours: "**`s6-envdir -L`** does not cut values.",
      original: "The original (2.11.3) loses those without a newline.",
      test: ["tests/cases/s6/envdir.ts", "s6-envdir -L does not cut"],
    },
    {
      ours: "**`execlineb` says where a script is wrong**: the file, the line and the column.",
      original: "The original only says what is wrong.",
      test: ["tests/cases/execline/execlineb.ts", "says in which file, and where"],
    },
    {
      ours: "**`--help`, if it is the only word, prints the help** and exits 0, where it would be wrong usage " +
        "otherwise. Everything else that is wrong still gets the usage line and 100. Programs that take every " +
        "word as an operand do not know it: those without options that one operand is enough for, such as " +
        "`with-contenv`, `s6-fghack`, `s6-svok` and `s6-true`; `s6-overlay help NAME` has their help. It also " +
        "prints man pages and completion for shells.",
      test: ["tests/whole/manual_test.ts", "--help alone prints the help, unless it is an operand"],
      also: [["tests/whole/manual_test.ts", "s6-overlay help knows every program"]],
    },
    {
      ours: "**`s6-setuidgid` names itself in its messages**, not the two programs that the original becomes.",
      test: ["tests/containers/start_failures_test.ts", "s6-setuidgid: fatal: unable to exec nosuch"],
    },
    {
      ours: "**`s6-setlock -t` waits by itself.** s6lockd and s6lockd-helper, which the original (2.11.3) starts for " +
        "it and s6 2.12 removed, do not exist.",
      test: ["tests/cases/s6/lock.ts", "s6-setlock -t waits for a time"],
      also: [["tests/cli/absent_test.ts", "programs that serve only the insides of the original are not there"]],
    },
    {
      ours: "**`s6-setlock -t 0` takes a lock that is free.**",
      original: "The original always fails.",
      test: ["tests/cases/s6/lock.ts", "s6-setlock -t 0 takes a lock that is free"],
    },
    {
      ours: "**There is no s6-ftrigrd.** It is the helper of a library of s6 and speaks its private protocol. Our " +
        "listeners need none.",
      test: ["tests/cli/absent_test.ts", "programs that serve only the insides of the original are not there"],
    },
    {
      ours: "**`s6-usertree-maker` writes names of programs**, not paths, and quotes the prefix of `-P`.",
      test: ["tests/cases/s6/usertree_maker.ts", "s6-usertree-maker -P of several words"],
    },
    {
      ours: "**`s6-ioconnect` leaves its descriptors blocking**, as they may be shared.",
      test: ["tests/cases/s6/ioconnect.ts", "s6-ioconnect leaves its descriptors blocking"],
    },
    {
      ours: "**`s6-envuidgid -n` wants a whole number.**",
      original: "The original takes the digits that a word begins with.",
      test: ["tests/cases/s6/setuidgid.ts", "s6-envuidgid -n of a number with text behind it"],
    },
  ]),
];
