// Rows for cli/s6/background_watch.ts. The program is that of s6 2.14: there is no original here to compare with.

import type { Case, Result } from "../../rows/harness.ts";

/** A daemon: the parent runs the first script, its child the second. */
function daemon(parent: string, child: string): string {
  return `(echo "$BASHPID" >pid; ${child}) & until test -s pid; do sleep 0.05; done; ${parent}`;
}

function watch(name: string, options: readonly string[], script: string, expect: Partial<Result>): Case {
  return {
    name,
    argv: ["s6-background-watch", ...options, "pid", "bash", "-c", script],
    leaves: [],
    expect: { stdout: "", ...expect },
  };
}

const says = (text: string): string => `s6-background-watch: fatal: ${text}\n`;

export const cases: readonly Case[] = [
  watch("s6-background-watch ends with the daemon's exit code", [], daemon("exit 0", "sleep 0.2; exit 7"), { code: 7 }),
  watch("a daemon that is dead already", [], daemon("while kill -0 $!; do sleep 0.05; done 2>/dev/null", "exit 3"), {
    code: 111,
    stderr: says("unable to check daemon with a null signal: No such process"),
  }),
  watch("a daemon that a signal kills", [], daemon("exit 0", "sleep 0.1; kill -9 $BASHPID"), { code: 137 }),
  watch("a parent that fails", [], "echo 1 >pid; exit 4", {
    code: 4,
    stderr: says("bash (parent) exited 4"),
    files: {},
  }),
  watch("a parent that a signal kills", [], "kill -15 $$", {
    code: 143,
    stderr: says("bash (parent) crashed with signal 15"),
  }),
  watch("a pid file that is not there", [], "exit 0", {
    code: 104,
    stderr: says("bash (parent) exited but pidfile pid does not exist"),
  }),
  ...["", "x", "0", "1", "-5", "1 2"].map((line) =>
    watch(`a pid file that says "${line}"`, [], `echo "${line}" >pid`, {
      code: 104,
      stderr: says("pidfile pid does not contain a valid pid"),
    })
  ),
  watch("s6-background-watch -t kills a parent that stays", ["-t", "100"], "exec sleep 9", {
    code: 137,
    stderr: "s6-background-watch: warning: bash (parent) did not exit before timeout-ready, killing it\n" +
      says("bash (parent) crashed with signal 9"),
  }),
  watch("s6-background-watch -t is about the parent only", ["-t", "300"], daemon("exit 0", "sleep 0.6; exit 5"), {
    code: 5,
  }),
  {
    name: "s6-background-watch -d tells when the daemon is there",
    argv: [
      "bash",
      "-c",
      's6-background-watch -d 5 pid bash -c "$1" 5> >(read -r line; echo "told $?"; cat >/dev/null)',
      "bash",
      daemon("test -e /proc/self/fd/5 && echo has it; exit 0", "sleep 0.2"),
    ],
    leaves: [],
    expect: { stdout: "told 0\n", code: 0 },
  },
  {
    name: "s6-background-watch passes signals on to the daemon",
    argv: [
      "bash",
      "-c",
      's6-background-watch pid bash -c "$1" & until test -e ready; do sleep 0.05; done; ' +
      "kill -HUP $!; until test -e hup; do sleep 0.05; done; kill -TERM $!; wait $!; echo $?; ls",
      "bash",
      daemon(
        "exit 0",
        "trap 'touch hup' HUP; while kill -0 $$ 2>/dev/null; do sleep 0.05; done; trap 'exit 9' TERM; while :; do touch ready; sleep 0.05; done",
      ),
    ],
    expect: { stdout: "9\nhup\npid\nready\n", code: 0 },
    leaves: [],
  },
  ...["0", "2"].map((fd): Case => ({
    name: `s6-background-watch -d ${fd}`,
    argv: ["s6-background-watch", "-d", fd, "pid", "true"],
    expect: { code: 100, stderr: says("notification-fd cannot be 0, 1 or 2") },
  })),
  {
    name: "s6-background-watch -d of a descriptor that is closed",
    argv: ["s6-background-watch", "-d", "99", "pid", "true"],
    expect: { code: 111, stderr: says("unable to check notification-fd: Bad file descriptor") },
  },
  {
    name: "s6-background-watch of a program that is not there",
    argv: ["s6-background-watch", "pid", "nope"],
    expect: { code: 127 },
  },
  ...[["-t", "x", "pid", "true"], ["-d", "x", "pid", "true"], ["pid"], []].map((
    words,
  ): Case => ({
    name: `s6-background-watch ${words.join(" ")} is wrong usage`,
    argv: ["s6-background-watch", ...words],
    expect: {
      code: 100,
      stderr: "s6-background-watch: usage: s6-background-watch [ -t timeout ] [ -d notif ] pidfile prog...\n",
    },
  })),
];
