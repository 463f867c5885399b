// Scripts that the kernel would not run, and how they run all the same.

import { deepEqual, equal, throws } from "node:assert/strict";
import { LoadedApplets } from "../../../cli/links.ts";
import { rawBytes } from "../../../lib/bytes.ts";
import { Environment } from "../../../lib/environment.ts";
import { explain } from "../../../lib/image/explain.ts";
import { follow, type Links, unfollowed } from "../../../lib/image/follow.ts";
import { ProcessImage } from "../../../lib/image/image.ts";
import { type Look, type LookPorts, OwnSearch, readHead } from "../../../lib/image/search.ts";
import { wordsOfEnv } from "../../../lib/image/shebang.ts";
import { files } from "../../../lib/os/file.ts";
import type { Credentials } from "../../../lib/os/operands.ts";
import type { FileStatus } from "../../../lib/os/os.ts";
import { OsError } from "../../../lib/report.ts";

/** Files by their paths: the content, and whether they may be executed. */
type Disk = Readonly<Record<string, { readonly content: string; readonly executable: boolean }>>;

const ELF = { content: "\x7fELF", executable: true };
const script = (content: string, executable = true): Disk[string] => ({ content, executable });
const ENVIRONMENT = Environment.of(["PATH=/command:/bin"]);

function portsOf(disk: Disk): LookPorts {
  const opened: string[] = [];
  const status = (path: string): FileStatus => ({
    kind: "file",
    mode: disk[path]!.executable ? 0o755 : 0o644,
    uid: 0,
    gid: 0,
    size: disk[path]!.content.length,
    links: 1,
    device: 1,
    inode: Object.keys(disk).indexOf(path),
    modified: 0n,
    accessed: 0n,
  });
  return {
    find: (path) => Object.hasOwn(disk, path) ? status(path) : undefined,
    mayExecute: (path) => disk[path]?.executable === true,
    open: (path) => {
      if (!Object.hasOwn(disk, path)) throw new OsError("open", path, "ENOENT", "No such file or directory");
      return opened.push(disk[path]!.content) - 1;
    },
    read: (fd, into) => {
      const bytes = rawBytes(opened[fd]!).subarray(0, into.length);
      into.set(bytes);
      return bytes.length;
    },
    close: () => {},
    readLink: (path) => {
      throw new OsError("read link", path, "EINVAL", "Invalid argument");
    },
  };
}

/** Our programs are execlineb and with-contenv, none of which chains; the launcher is at /launcher. */
const links: Links = {
  isOurs: (path) => /^\/command\//.test(path),
  isName: (name) => name === "execlineb" || name === "with-contenv",
  isUsual: (path) => path.startsWith("/bin/"),
  standIn: (path) => /^\/bin\/(execlineb|with-contenv)$/.test(path) ? "/launcher" : undefined,
  link: () => ({ kind: "end" }),
};

function lookWith(ports: LookPorts): Look {
  return { ...ports, readHead: (path, size) => readHead(ports, path, size), linkTarget: () => undefined };
}

interface Start {
  readonly path: string;
  readonly argv: readonly string[];
}

function imageOf(argv: readonly string[], insists: boolean): ProcessImage {
  const image = ProcessImage.of(argv, ENVIRONMENT);
  return insists ? image.insisting() : image;
}

function followed(disk: Disk, argv: readonly string[], insists = false): Start {
  const end = follow(new OwnSearch(portsOf(disk), links), links, imageOf(argv, insists));
  if (end.kind !== "program") throw new Error("nothing to run");
  return { path: end.paths[0]!, argv: end.image.argv };
}

function kernels(disk: Disk, argv: readonly string[], insists = false): Start {
  const { paths: [path = ""], image } = unfollowed(new OwnSearch(portsOf(disk), links), links, imageOf(argv, insists));
  return { path, argv: image.argv };
}

const COMMANDS: Disk = { "/command/execlineb": ELF, "/command/with-contenv": ELF, "/bin/sh": ELF };

for (const start of [followed, kernels]) {
  const how = start === followed ? "followed" : "started as the kernel would";

  Deno.test(`${how}, a script whose interpreter is missing but ours is run by the launcher`, () => {
    const disk = { ...COMMANDS, "/s": script("#!/bin/execlineb -P\n") };
    deepEqual(start(disk, ["/s", "a"]), { path: "/launcher", argv: ["/bin/execlineb", "-P", "/s", "a"] });
  });

  Deno.test(`${how}, a path where one of our programs has been is that program`, () => {
    deepEqual(start(COMMANDS, ["/bin/with-contenv", "x"]), { path: "/launcher", argv: ["/bin/with-contenv", "x"] });
  });

  Deno.test(`${how}, an interpreter that is there is taken as it is`, () => {
    const disk = { ...COMMANDS, "/bin/execlineb": ELF, "/s": script("#!/bin/execlineb -P\n") };
    deepEqual(start(disk, ["/s"]), { path: "/s", argv: ["/s"] });
  });

  Deno.test(`${how}, one that is missing and not ours is left for the kernel to refuse`, () => {
    const disk = { ...COMMANDS, "/s": script("#!/bin/nosuch\n") };
    deepEqual(start(disk, ["/s"]), { path: "/s", argv: ["/s"] });
  });

  Deno.test(`${how}, env is done without where it is missing`, () => {
    const disk = { ...COMMANDS, "/s": script("#!/usr/bin/env sh\n"), "/t": script("#!/usr/bin/env -S sh -e\n") };
    deepEqual(start(disk, ["/s", "a"]), { path: "/bin/sh", argv: ["sh", "/s", "a"] });
    deepEqual(start(disk, ["/t", "a"]), { path: "/bin/sh", argv: ["sh", "-e", "/t", "a"] });
    deepEqual(start({ ...disk, "/usr/bin/env": ELF }, ["/s"]), { path: "/s", argv: ["/s"] });
  });

  Deno.test(`${how}, a script without its executable bit runs if that is insisted on`, () => {
    const disk = { ...COMMANDS, "/s": script("#!/bin/sh -e\n", false) };
    deepEqual(start(disk, ["/s", "a"], true), { path: "/bin/sh", argv: ["/bin/sh", "-e", "/s", "a"] });
    throws(() => start(disk, ["/s"]), { code: 126, message: "unable to exec /s: Permission denied" });
  });

  Deno.test(`${how}, such a script may name an interpreter that is missing but ours`, () => {
    const disk = { ...COMMANDS, "/s": script("#!/bin/execlineb\n", false) };
    deepEqual(start(disk, ["/s"], true), { path: "/launcher", argv: ["/bin/execlineb", "/s"] });
  });

  Deno.test(`${how}, a file without an interpreter line is left for the kernel to refuse`, () => {
    const disk = { ...COMMANDS, "/s": script("echo\n", false), "/t": script("echo\n") };
    deepEqual(start(disk, ["/s"], true), { path: "/s", argv: ["/s"] });
    deepEqual(start(disk, ["/t"], true), { path: "/t", argv: ["/t"] });
  });

  Deno.test(`${how}, insisting is for the script alone, not for what it runs, nor for names in PATH`, () => {
    const disk = { ...COMMANDS, "/bin/plain": script("#!/bin/sh\n", false), "/s": script("#!/bin/plain\n", false) };
    throws(() => start(disk, ["/s"], true), { code: 126 });
  });
}

Deno.test("only what is followed is run by one of our interpreters that is there", () => {
  const disk = { ...COMMANDS, "/s": script("#!/command/execlineb -P\n") };
  deepEqual(followed(disk, ["/s"]), { path: "/command/execlineb", argv: ["/command/execlineb", "-P", "/s"] });
  deepEqual(kernels(disk, ["/s"]), { path: "/s", argv: ["/s"] });
});

const ENV: readonly (readonly [line: string, words: readonly string[] | undefined])[] = [
  ["with-contenv", ["with-contenv"]],
  ["-S with-contenv  sh", ["with-contenv", "sh"]],
  ["-Ssh -e", ["sh", "-e"]],
  ["-i sh", undefined],
  ["A=b", undefined],
  ["-S A=b sh", undefined],
  ['-S sh "-e"', undefined],
  ["-S", undefined],
];

for (const [argument, words] of ENV) {
  Deno.test(`env ${argument} ${words === undefined ? "needs env" : "can do without env"}`, () => {
    deepEqual(wordsOfEnv({ interpreter: "/usr/bin/env", argument }), words);
  });
}

const PLACES: readonly (readonly [path: string, isOurs: boolean])[] = [
  ["/bin/execlineb", true],
  ["/usr/bin/with-contenv", true],
  ["/command/s6-svc", true],
  ["/usr/local/bin/s6-setuidgid", true],
  ["/sbin/s6-svscanctl", true],
  ["/sbin/init", false],
  ["/bin/sh", false],
  ["/opt/execlineb", false],
  ["execlineb", true],
  ["init", false],
  ["nope", false],
  ["/execlineb", false],
  ["/bin/", false],
  ["/bin/constructor", false],
];

const credentials = (): Credentials => ({ uid: 0, gid: 0, groups: [] });

for (const [path, isOurs] of PLACES) {
  Deno.test(`${path} ${isOurs ? "stands" : "does not stand"} for one of our programs where nothing is`, () => {
    const os = { ...files, credentials, find: () => undefined, isInherited: () => false };
    const applets = new LoadedApplets(os, "/prefix", () => {});
    equal(applets.standIn(path), isOurs ? "/prefix/launcher" : undefined);
    equal(applets.strict.standIn(path), applets.standIn(path));
  });
}

Deno.test("a file with all its executable bits that may not be executed is told to be on such a file system", () => {
  const ports = portsOf({ "/a": script("#!/bin/sh\n", true), "/b": script("#!/bin/sh\n", false) });
  const refusing = { ...ports, mayExecute: () => false };
  equal(explain(lookWith(refusing), "/a"), "is on a file system that is mounted noexec");
  equal(explain(lookWith(refusing), "/b"), "is not executable (chmod +x it)");
});

Deno.test("a script whose CRLF line ends were not converted is told to have them", () => {
  const ports = portsOf({ "/a": script("#!/bin/sh\r\necho\r\n", true) });
  equal(explain(lookWith(ports), "/a"), "has CRLF line ends (convert it, e.g. with dos2unix)");
});
