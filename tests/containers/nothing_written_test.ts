// What the runtime under the programs would keep on disk: caches, and directories for packages. Nothing is made but what
// the user asks for, with /proc and without it.

import { deepEqual, equal, ok } from "node:assert/strict";
import { commandNames } from "../../scripts/names.ts";
import { output } from "../../scripts/command.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { root } from "../surroundings/quick.ts";

/** A file of this name is what a program so called creates if it takes every word for one. */
const ASKED = "--help";

/** Each ends by itself and writes nothing. */
const REAL: readonly string[] = [
  "s6-echo hello",
  "s6-ls /etc",
  "execlineb -Pc s6-hostname",
  "s6-setsid s6-hostname",
  "foreground '{ s6-echo a }' s6-echo b",
  "with-contenv s6-true",
  "s6-svstat /nothing",
  "s6-log",
];

/** A call that makes or removes something, and has not failed. */
const MADE =
  /\b(mkdir|mkdirat|creat|symlink|symlinkat|link|linkat|rename|renameat|renameat2|mknod|mknodat|unlink|unlinkat)\(.* = 0$|\bopen(at2?)?\(.*O_(CREAT|TMPFILE).* = \d+$/;

async function entries(path: string): Promise<string[]> {
  return (await output(["find", path, "-xdev"])).split("\n").sort();
}

Deno.test({
  name: "programs make and remove no file that nobody has asked for, in an image without /proc",
  ignore: !canIsolate,
  fn: async () => {
    await using image = await root({});
    await Deno.writeTextFile(`${image.path}/dev/null`, "");
    const before = await entries(image.path);
    const lines = [...commandNames().map((name) => `/command/${name} ${ASKED}`), ...REAL];
    const script = lines.map((line) => `${line} </dev/null`).join("\n");
    const trace = await Deno.makeTempFile();
    const inside = [
      "chroot",
      image.path,
      "/bin/env",
      "-i",
      "PATH=/command:/bin",
      "HOME=/root",
      "/bin/sh",
      "-c",
      script,
    ];
    await new Deno.Command("strace", {
      args: ["-f", "-qq", "--seccomp-bpf", "-e", "trace=file,openat2", "-e", "signal=none", "-o", trace, ...inside],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    const calls = (await Deno.readTextFile(trace)).split("\n");
    await Deno.remove(trace);
    ok(calls.filter((call) => call.includes("execve(")).length > lines.length, "the programs have run");
    deepEqual(calls.filter((call) => MADE.test(call) && !call.includes(`"${ASKED}"`)), []);
    deepEqual((await entries(image.path)).filter((path) => !path.endsWith(`/${ASKED}`)), before);
    equal(await Deno.readTextFile(`${image.path}/dev/null`), "");
  },
});
