// posix-cd and posix-umask: cd and umask by the rules of the shell, with $PWD, $CDPATH and symbolic modes. After
// execline 2.9 and POSIX.

import type { ByteString } from "../../lib/bytes.ts";
import type { Os } from "../../lib/os/os.ts";
import { Failure, ifThere, invalid, UsageError } from "../../lib/report.ts";
import { type Applet, type Context, fork } from "../applet.ts";
import { goOn } from "./child.ts";

export const posixCd: Applet = fork({
  name: "posix-cd",
  usage: "[ -L | -P ] [ - | path ] [ prog... ]",
  summary: "run a program in another directory, as the shell's cd goes there",
  help: {
    L: "take .. as the name of the directory tells it (default)",
    P: "resolve symbolic links",
  },
  options: "LP",
  least: 0,
  run: (context, { options, args: [directory, ...rest] }) => {
    const { os, image } = context;
    const logical = options.last("L", "P") !== "P";
    const { path, told } = destination(context, directory);
    const before = os.currentDirectory();
    const current = image.environment.get("PWD");
    const from = logical && current !== undefined && isHere(os, current) ? current : before;
    const target = logical ? withoutDots(path.startsWith("/") ? path : `${from}/${path}`) : path;
    os.changeDirectory(target);
    const now = logical ? target : os.currentDirectory();
    if (told) context.print(`${path}\n`);
    return goOn(image.withVariables([["OLDPWD", from], ["PWD", now]]), rest);
  },
});

/** Where to go, and whether the place is to be printed since it was not spelled out. */
function destination({ os, image }: Context, directory: ByteString | undefined): { path: ByteString; told: boolean } {
  const { environment } = image;
  if (directory === undefined) return { path: environment.get("HOME") ?? missing("HOME"), told: false };
  if (directory === "-") return { path: environment.get("OLDPWD") ?? missing("OLDPWD"), told: true };
  if (directory === "") throw new UsageError();
  if (/^(?:\/|\.\.?(?:\/|$))/.test(directory)) return { path: directory, told: false };
  for (const base of environment.get("CDPATH")?.split(":") ?? []) {
    const path = base === "" ? directory : `${base}/${directory}`;
    if (os.find(path)?.kind === "directory") return { path, told: true };
  }
  return { path: directory, told: false };
}

function missing(name: string): never {
  throw invalid(`${name} not set`);
}

/** True if the path is absolute, without dots, and names the working directory. */
function isHere(os: Pick<Os, "stat">, path: ByteString): boolean {
  if (!path.startsWith("/") || /(?:^|\/)\.\.?(?:\/|$)/.test(path)) return false;
  const found = ifThere(() => [os.stat(path), os.stat(".")] as const, "ENOTDIR", "EACCES");
  if (found === undefined) return false;
  const [there, here] = found;
  return there.inode === here.inode && there.device === here.device;
}

/** The path with "." and ".." taken out as text. */
function withoutDots(path: ByteString): ByteString {
  const kept: ByteString[] = [];
  for (const component of path.split("/")) {
    if (component === "..") kept.pop();
    else if (component !== "" && component !== ".") kept.push(component);
  }
  return `/${kept.join("/")}`;
}

export const posixUmask: Applet = fork({
  name: "posix-umask",
  usage: "[ -S ] [ mask ] [ prog... ]",
  summary: "print the file mode creation mask, or run a program with another one",
  help: { S: "print the mask as symbols" },
  options: "S",
  least: 0,
  run: (context, { options, args: [mode, ...rest] }) => {
    const mask = context.os.setUmask(0);
    context.os.setUmask(mask);
    if (mode === undefined) {
      context.print(options.has("S") ? `${symbolic(~mask)}\n` : `${mask.toString(8).padStart(4, "0")}\n`);
      return 0;
    }
    context.os.setUmask(/^[0-7]+$/.test(mode) ? parseInt(mode, 8) & 0o777 : ~changed(~mask & 0o777, mode) & 0o777);
    return goOn(context.image, rest);
  },
});

function symbolic(allowed: number): string {
  const letters = (shift: number): string => [..."rwx"].filter((_, at) => (allowed >> shift) & (4 >> at)).join("");
  return `u=${letters(6)},g=${letters(3)},o=${letters(0)}`;
}

const PLACES: Readonly<Record<string, number>> = { u: 0o700, g: 0o070, o: 0o007, a: 0o777 };
const PERMISSIONS: Readonly<Record<string, number>> = { r: 0o444, w: 0o222, x: 0o111, X: 0o111, s: 0 };
const SHIFTS: Readonly<Record<string, number>> = { u: 6, g: 3, o: 0 };

/** What is allowed after a symbolic mode, such as u=rwx,go-w. */
function changed(allowed: number, mode: ByteString): number {
  if (mode === "") return allowed;
  for (const clause of mode.split(",")) {
    const parts = /^([ugoa]*)((?:[-+=](?:[rwxXs]*|[ugo]))+)$/.exec(clause);
    if (parts === null) throw new Failure(1, "invalid mode string");
    const places = [...parts[1] || "a"].reduce((bits, letter) => bits | PLACES[letter]!, 0);
    for (const [, operator, letters] of parts[2]!.matchAll(/([-+=])([rwxXsugo]*)/g)) {
      // The original passes over "u=", but not over "=".
      if (operator === "=" && letters === "" && parts[1] !== "") continue;
      const bits = places & [...letters!].reduce((sum, letter) => sum | permission(letter, allowed), 0);
      allowed = operator === "-" ? allowed & ~bits : (operator === "=" ? allowed & ~places : allowed) | bits;
    }
  }
  return allowed;
}

function permission(letter: string, allowed: number): number {
  const shift = SHIFTS[letter];
  return shift === undefined ? PERMISSIONS[letter]! : ((allowed >> shift) & 7) * 0o111;
}
