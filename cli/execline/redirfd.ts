// redirfd: a file as one of the descriptors of what follows. After execline 2.9.9. Apart from the other programs of
// descriptors, which need no long options.

import type { ProcessImage } from "../../lib/image/image.ts";
import type { OpenFlag } from "../../lib/os/operands.ts";
import { UsageError } from "../../lib/report.ts";
import { type Applet, chain, type SystemView } from "../applet.ts";
import { type Option, unsigned } from "../getopt.ts";
import { longOptions } from "../long_options.ts";
import { checkName, passValue } from "./environment.ts";

type HowLetter = "r" | "w" | "u" | "a" | "c" | "x";

/** What open(2) is to do, apart from waiting. */
type Way = "read" | "write" | "create" | "truncate" | "append" | "exclusive";

const HOW: Readonly<Record<HowLetter, readonly Way[]>> = {
  r: ["read"],
  w: ["write", "create", "truncate"],
  u: ["read", "write"],
  a: ["write", "create", "append"],
  // Until 2.5.
  c: ["write", "append"],
  x: ["write", "create", "exclusive"],
};

/** Long names that add one way, and with no- in front take it away. From 2.9.9. */
const WAYS: Readonly<Record<string, Way>> = {
  append: "append",
  create: "create",
  excl: "exclusive",
  read: "read",
  trunc: "truncate",
  write: "write",
};
const WITHOUT = "no-";
const WAY_NAMES = Object.keys(WAYS).flatMap((name) => [name, WITHOUT + name]).map((name) => [name, name] as const);

export const redirfd: Applet = chain({
  name: "redirfd",
  usage: "-[ r | w | u | a | c | x ] [ -N | -n ] [ -b ] [ -f ] [ -E | -e ] fd|var file prog...",
  summary: "run a program with a file open as one of its descriptors",
  help: {
    r: "open for reading",
    w: "open for writing, make the file or empty it",
    u: "open for reading and writing",
    a: "open for writing at the end, make the file if it is not there",
    c: "open for writing at the end, do not make the file",
    x: "open for writing, make the file; fail if it is there",
    N: "open the file as it is, and wait where that waits (default)",
    n: "open without waiting",
    b: "afterwards set the other mode: blocking with -n, else non-blocking",
    f: "take any free descriptor, and store its number in the variable",
    E: "with -f, substitute the variable in the rest, and do not export it",
    e: "with -f, export the variable (default)",
  },
  notes: [
    "--read, --write, --append, --create, --excl and --trunc add one of what open(2) can do to what the letters before " +
    "them say; --no-read and so on take it away. The last letter counts. Either --read or --write is needed.",
  ],
  options: "rwuacxNnbfEe",
  long: longOptions({
    "autoimport": "E",
    "block": "N",
    "no-autoimport": "e",
    "nonblock": "n",
    "open": "f",
    "switch-block": "b",
    ...Object.fromEntries(WAY_NAMES),
  }),
  least: 3,
  next: (image, { options, args, args: [place = "", path = ""] }, view) => {
    const flags = flagsOf(waysOf(options.list));
    if (flags === undefined) throw new UsageError();
    const nonblocking = options.last("n", "N") === "n";
    const fd = options.has("f") ? freeDescriptor(image, view) : unsigned(place);
    const opened = image.step({
      do: "open",
      by: "redirfd",
      fd,
      path,
      flags: nonblocking ? [...flags, "nonblocking"] : flags,
      mode: 0o666,
      ...(options.has("b") ? { blocking: nonblocking } : {}),
    });
    const rest = args.slice(2);
    if (!options.has("f")) return opened.run(rest);
    return passValue(opened, checkName(place), String(fd), rest, options.last("E", "e") === "E", view.budget);
  },
});

/** What the options, each of them on top of those before it, say. */
function waysOf(options: readonly Option[]): ReadonlySet<Way> {
  let ways = new Set<Way>();
  for (const { letter } of options) {
    if (Object.hasOwn(HOW, letter)) ways = new Set(HOW[letter as HowLetter]);
    else if (letter.startsWith(WITHOUT)) ways.delete(WAYS[letter.slice(WITHOUT.length)]!);
    else if (Object.hasOwn(WAYS, letter)) ways.add(WAYS[letter]!);
  }
  return ways;
}

/** The same for open(2); undefined where nothing could be done with the file. */
function flagsOf(ways: ReadonlySet<Way>): OpenFlag[] | undefined {
  const reads = ways.has("read");
  const writes = ways.has("write");
  if (!reads && !writes) return undefined;
  const access = !writes ? "read" : reads ? "readwrite" : "write";
  // To append is to write: it says nothing about a descriptor that is for reading.
  const others = [...ways].filter((way) => way !== "read" && way !== "write" && (way !== "append" || writes));
  return [access, ...others];
}

/** The lowest number that is free once the image's steps are done. */
function freeDescriptor({ steps }: ProcessImage, view: SystemView): number {
  // By number, whether it is open after the last step that is about it.
  const open = new Map<number, boolean>();
  for (const step of steps) {
    if (step.do === "move") open.set(step.from, false).set(step.to, true);
    else if (step.do === "copy") open.set(step.to, true);
    else if ("fd" in step) open.set(step.fd, step.do !== "close");
  }
  for (let fd = 0;; fd++) {
    view.budget.steps(1);
    if (!(open.get(fd) ?? view.isInherited(fd))) return fd;
  }
}
