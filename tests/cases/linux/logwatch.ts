// Rows for cli/linux/logwatch.ts. Debian has no original.

import type { Case } from "../../rows/harness.ts";
import { prints } from "../portable/rows.ts";

/** s6-log, which is $log, writes what comes from descriptor 4 to logdir; s6-logwatch, which is $watch, prints to out. */
const START = "mkfifo ready in; s6-log -d 3 $script ./logdir <in 3>ready & log=$!; exec 4>in; read line <ready; " +
  "s6-logwatch $words logdir >out 4>&- & watch=$!; ";
const SEEN = "seen() { until [ $(wc -l <out) -ge $1 ]; do sleep 0.05; done; }; ";
const ROTATE = "rotate() { old=$(stat -c %i logdir/current); kill -ALRM $log; " +
  "until new=$(stat -c %i logdir/current 2>stat) && [ $new != $old ] && [ ! -e logdir/previous ]; do sleep 0.05; " +
  "done; rm stat; }; ";
const WRITTEN = "say() { echo $1 >&4; until grep -q $1 logdir/current; do sleep 0.05; done; }; ";
/** Ends the logger first, which then may not notice a lost reader. */
const END = "exec 4>&-; wait $log; kill $watch; wait $watch; echo $?; cat out; rm -r ready in out logdir";

function watched(name: string, steps: string, stdout: string, script = "n9", words = ""): Case {
  return {
    name,
    argv: ["sh", "-c", START + SEEN + ROTATE + WRITTEN + steps + END],
    env: { script, words },
    expect: { stdout, code: 0, files: {} },
  };
}

const script = (text: string): readonly string[] => ["sh", "-c", text];

export const cases: readonly Case[] = [
  watched("s6-logwatch prints from the beginning", "say a; say b; seen 2; say c; seen 3; ", "143\na\nb\nc\n"),
  watched(
    "s6-logwatch goes on after a rotation",
    "say a; seen 1; rotate; say b; seen 2; rotate; say c; seen 3; ",
    "143\na\nb\nc\n",
  ),
  watched(
    "s6-logwatch prints what was rotated away while it slept",
    "say a; seen 1; kill -STOP $watch; say b; rotate; say c; rotate; say d; rotate; say e; kill -CONT $watch; seen 5; ",
    "143\na\nb\nc\nd\ne\n",
  ),
  watched(
    "s6-logwatch goes on with a directory that a processor works on",
    "say a; seen 1; rotate; say b; seen 2; ",
    "143\na\nb\n",
    "n9 !cat",
  ),
  watched(
    "s6-logwatch goes on after the logger was killed",
    "say a; seen 1; kill -9 $log; wait $log; exec 4>&-; s6-log -d 3 ./logdir <in 3>ready & log=$!; exec 4>in; " +
      "read line <ready; say b; seen 2; ",
    "143\na\nb\n",
  ),
  watched("s6-logwatch -m is of no account", "say a; seen 1; ", "143\na\n", "n9", "-m 10"),
  {
    name: "s6-logwatch ends where archives are gone before they were read",
    argv: [
      ...script(
        START + SEEN + ROTATE + WRITTEN + "say a; seen 1; kill -STOP $watch; rotate; say b; rotate; say c; " +
          "kill -CONT $watch; wait $watch; echo $?; exec 4>&-; wait $log; rm -r ready in out logdir",
      ),
    ],
    env: { script: "n0", words: "" },
    expect: {
      stdout: "101\n",
      stderr: "s6-logwatch: fatal: the log directory is rotated faster than it can be read\n",
      files: {},
    },
  },
  {
    name: "s6-logwatch waits for a logger in the current directory",
    argv: script(
      `s6-logwatch >out & watch=$!; ${SEEN} until grep -q inotify /proc/$watch/fdinfo/*; do sleep 0.05; done; ` +
        "echo a | s6-log .; seen 1; cat out; kill $watch",
    ),
    expect: { stdout: "a\n", code: 0 },
  },
  {
    name: "s6-logwatch ends when nobody reads, though nothing is written",
    argv: script("echo a | s6-log ./logdir; (s6-logwatch logdir; echo $? >code) | head -n 1; s6-cat <code"),
    expect: { stdout: "a\n0\n", stderr: "" },
  },
  {
    name: "s6-logwatch of a full disk",
    argv: script("echo a | s6-log ./logdir; s6-logwatch logdir >/dev/full"),
    expect: { code: 111, stderr: "s6-logwatch: fatal: unable to write to stdout: No space left on device\n" },
  },
  {
    name: "s6-logwatch of nothing",
    argv: ["s6-logwatch", "nope"],
    expect: { code: 111, stderr: "s6-logwatch: fatal: unable to chdir to nope: No such file or directory\n" },
  },
  prints("s6-logwatch -m x .", "", 100),
  prints("s6-logwatch -z", "", 100),
];
