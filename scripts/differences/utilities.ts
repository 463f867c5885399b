// Differences from the original. Small programs: utilities.

import { type Difference, inArea } from "./row.ts";

export const UTILITIES: readonly Difference[] = [
  ...inArea("Small programs", [
    {
      ours: "**`s6-setsid -f` and `-g` are about the terminal of the session**, `/dev/tty`, as in s6 2.15, not about " +
        "standard input. Without one they warn and go on, as their manual says.",
      original: "The newest ends there with 111, even with `-q`.",
      test: ["tests/cases/s6/session.ts", "s6-setsid -f takes the terminal that is not its input"],
      also: [["tests/cases/s6/session.ts", "s6-setsid -f goes on without a terminal"]],
    },
    {
      ours: "**`s6-fghack` of a program that signal n kills** exits with 128 + n, as that of s6 2.15.",
      original: "The original (2.11.3) exits with 111; the newest warns each time that it is obsolescent.",
      test: ["tests/cases/s6/fghack.ts", "s6-fghack of a program that is killed"],
    },
    {
      ours: "**`s6-setsid -f` takes the terminal from the background too**, as `-g` does.",
      test: ["tests/cases/s6/session.ts", "s6-setsid -f takes the terminal from the background"],
    },
    {
      ours: "**Control characters in what a program says on standard error, and in what `s6-ps` prints of a process, " +
        "are written as `\\xNN`**, and so is what is not UTF-8: a user's file name or process title makes no line of its " +
        "own, and no terminal obeys it.",
      original: "The original prints them as they are.",
      test: ["tests/cli/print_test.ts", "a name that a program quotes"],
      also: [["tests/cli/linux/ps_test.ts", "what a process calls itself"]],
    },
    {
      ours: "**`s6-hiercopy` says what it could not copy inside a directory.**",
      test: ["tests/cases/portable/tree.ts", "s6-setuidgid nobody s6-hiercopy s t 2>&1"],
    },
    {
      ours: "**`s6-hiercopy` does not copy sockets and devices.**",
      test: ["tests/cases/portable/tree.ts", "mknod s/d c 1 3"],
    },
    {
      ours: "**`s6-hiercopy` does not descend into a copy that is inside what is copied.**",
      test: ["tests/cases/portable/tree.ts", "s6-hiercopy s s/in"],
    },
    {
      ours: "**`s6-hiercopy` follows no link below its operands**, and replaces a file that has other names rather " +
        "than write into it.",
      test: ["tests/lib/descent_test.ts", "a copy is not written into files of several names, nor through links"],
    },
    {
      ours: "**`s6-rmrf` names the file that could not be removed** by its operand, and reaches everything through " +
        "descriptors.",
      test: ["tests/cases/portable/tree.ts", "s6-setuidgid nobody s6-rmrf d 2>&1"],
      also: [[
        "tests/lib/descent_test.ts",
        "a removal does not leave the tree through a directory that is moved out of it meanwhile",
      ]],
    },
    {
      ours: "**`s6-rmrf` does not remove the root directory.**",
      test: ["tests/cli/portable/tree_test.ts", "s6-rmrf does not remove the root directory"],
    },
    {
      ours: "**`s6-tail` prints a last line without an end, `s6-cut -b` all of one, and `s6-grep -c` the count.**",
      original: "The original loses them.",
      test: ["tests/cases/portable/head.ts", "the original loses a last line without an end"],
      also: [["tests/cases/portable/cut.ts", "the original loses a byte at the end"], [
        "tests/cases/portable/grep.ts",
        "s6-grep -c a",
      ]],
    },
    {
      ours: "**`s6-seq` refuses a step of 0 and stops at the largest number.**",
      original: "The original never ends.",
      test: ["tests/cases/portable/text.ts", "s6-seq 1 0 3"],
    },
    {
      ours: "**`s6-expr` wants whole integers of 64 bits** and reports a division by zero.",
      original: "The original takes the digits that a word begins with, and is killed by a signal.",
      test: ["tests/cases/portable/expr.ts", "s6-expr: fatal: division by zero"],
    },
    {
      ours: "**`s6-grep`, `s6-cut` and the other filters of lines take lines of up to 64 MiB.** They pass NUL bytes " +
        "on.",
      test: [
        "tests/lib/input_test.ts",
        "a line may be longer than what is read at once, but not without bound",
      ],
      also: [["tests/cases/portable/filter.ts", "the original ends a line at a NUL"]],
    },
    {
      ours: "**`seekablepipe` writes to a new file** that only its user may read, and removes what has the name.",
      original: "The original empties it, even through a link.",
      test: ["tests/cases/portable/seekablepipe.ts", "the original empties the file"],
      also: [["tests/cases/portable/seekablepipe.ts", "the original lets everybody read it"]],
    },
    {
      ours: "**`s6-dumpenv` replaces each file in one step.**",
      test: ["tests/cases/portable/environment.ts", "stat -c %i d/A"],
    },
    {
      ours: "**`s6-update-symlinks` names a destination in conflict by its own name**, not by a temporary one.",
      test: ["tests/cases/portable/update_symlinks.ts", "destination ./d/1 conflicts with source ./one/1"],
    },
    {
      ours: "**`s6-ln` goes on after a failure** and exits with the number of failures, as from version 2.3 on.",
      test: ["tests/cases/portable/tree.ts", "s6-ln a b nope"],
    },
    {
      ours: "**`s6-unquote-filter -v` shows a line without an empty line behind it.**",
      test: ["tests/cases/portable/quote.ts", "the original has an empty line behind each line that it shows"],
    },
    {
      ours: "**`s6-tai64ndiff` is right where time goes back.**",
      original: "The original is wrong by whole seconds there.",
      test: ["tests/cases/portable/tai64ndiff.ts", "the original is wrong by whole seconds"],
    },
    {
      ours: "**`s6-mount -o bind,ro` is read-only**, and so with `nosuid` and its like.",
      original: "The original's mount can be written to.",
      test: ["tests/cases/linux/mount.ts", "s6-mount -o bind,ro m n"],
    },
    {
      ours: "**`s6-ps -o wchan` asks the kernel for the function's name**, or with `-W` finds the one that an " +
        "address lies in.",
      original: "The original looks for functions that begin at that very address, and finds none on kernels of today.",
      test: ["tests/cases/linux/ps.ts", "s6-ps -W map -o wchan,pid"],
      also: [["tests/cli/linux/ps_test.ts", "a function of the kernel is the last one that begins before the address"]],
    },
    {
      ours: "**`s6-ps -o start` gives the date where the year is another one.**",
      original: "The original may leave the year out.",
      test: ["tests/cli/linux/ps_test.ts", "a start is told by time, day or date"],
    },
    {
      ours: "**`s6-mount -a` passes over swap and `noauto`.**",
      original: "The original tries to mount both.",
      test: ["tests/cases/linux/mount.ts", "s6-mount -a -z fstab"],
    },
  ]),
];
