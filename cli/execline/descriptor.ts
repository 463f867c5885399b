// Programs that open, move and close descriptors for what follows. After execline 2.9.

import type { OpenFlag } from "../../lib/os/os.ts";
import { EXIT, invalid, UsageError } from "../../lib/report.ts";
import { type Applet, chain } from "../applet.ts";
import { NO_OPTIONS, unsigned } from "../getopt.ts";

const HOW: Readonly<Record<"r" | "w" | "u" | "a" | "x", readonly OpenFlag[]>> = {
  r: ["read"],
  w: ["write", "create", "truncate"],
  u: ["readwrite"],
  a: ["write", "create", "append"],
  x: ["write", "create", "exclusive"],
};

export const redirfd: Applet = chain({
  name: "redirfd",
  usage: "-[ r | w | u | a | x ] [ -n ] [ -b ] fd file prog...",
  summary: "run a program with a file open as one of its descriptors",
  options: "rwuaxnb",
  least: 3,
  next: (image, { options, args: [number = "", path = "", ...rest] }) => {
    const how = options.last("r", "w", "u", "a", "x");
    if (how === undefined) throw new UsageError();
    const nonblocking = options.has("n");
    return image.step({
      do: "open",
      by: "redirfd",
      fd: unsigned(number),
      path,
      flags: nonblocking ? [...HOW[how], "nonblocking"] : HOW[how],
      mode: 0o666,
      ...(options.has("b") ? { blocking: nonblocking } : {}),
    }).run(rest);
  },
});

export const fdmove: Applet = chain({
  name: "fdmove",
  usage: "[ -c ] to from prog...",
  summary: "run a program with a descriptor moved, or copied, to another number",
  options: "c",
  least: 3,
  next: (image, { options, args: [target = "", source = "", ...rest] }) => {
    const [from, to] = [unsigned(source), unsigned(target)];
    const copies = options.has("c");
    if (copies && from === to) throw invalid(`unable to copy fd ${from} to itself`, EXIT.system);
    return image.step({ do: copies ? "copy" : "move", by: "fdmove", from, to, given: true }).run(rest);
  },
});

export const fdclose: Applet = chain({
  name: "fdclose",
  usage: "fd prog...",
  summary: "run a program with a descriptor closed",
  options: NO_OPTIONS,
  least: 2,
  next: (image, { args: [number = "", ...rest] }) =>
    image.step({ do: "close", by: "fdclose", fd: unsigned(number) }).run(rest),
});
