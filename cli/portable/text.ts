// Small programs that print or decide nothing but what their arguments say: s6-echo, s6-true, s6-false, s6-basename,
// s6-dirname and s6-seq. From s6-portable-utils.

import type { ByteString } from "../../lib/bytes.ts";
import { lastComponent } from "../../lib/file_path.ts";
import { UsageError } from "../../lib/report.ts";
import { type Applet, type Context, replying, utility } from "../applet.ts";
import { NO_OPTIONS, unsigned } from "../getopt.ts";

export const echo: Applet = replying({
  name: "s6-echo",
  usage: "[ -n ] [ -s sep ] args...",
  summary: "print the arguments",
  help: {
    n: "print no newline at the end",
    s: "print this character between the arguments (default a blank)",
  },
  options: "ns:",
  least: 0,
  reply: ({ options, args }) => {
    // An empty separator is its terminating NUL in C, and scripts may count on what comes out of that.
    const separator = options.has("s") ? options.value("s")![0] ?? "\0" : " ";
    return { text: args.join(separator) + (options.has("n") ? "" : "\n"), code: 0 };
  },
});

export const succeed: Applet = replying({
  name: "s6-true",
  usage: "",
  summary: "do nothing, successfully",
  options: NO_OPTIONS,
  least: 0,
  reply: () => ({ text: "", code: 0 }),
});

export const fail: Applet = replying({
  name: "s6-false",
  usage: "",
  summary: "do nothing, unsuccessfully",
  exits: { 1: "always" },
  options: NO_OPTIONS,
  least: 0,
  reply: () => ({ text: "", code: 1 }),
});

export const basename: Applet = replying({
  name: "s6-basename",
  usage: "[ -n ] file [ suffix ]",
  summary: "print the last component of a path",
  help: { n: "print no newline" },
  options: "n",
  least: 1,
  reply: ({ options, args: [file = "", suffix = ""] }) => ({
    text: lastComponent(file, suffix) + (options.has("n") ? "" : "\n"),
    code: 0,
  }),
});

export const dirname: Applet = replying({
  name: "s6-dirname",
  usage: "[ -n ] file",
  summary: "print the directory of a path",
  help: { n: "print no newline" },
  options: "n",
  least: 1,
  reply: ({ options, args: [file = ""] }) => ({ text: directoryOf(file) + (options.has("n") ? "" : "\n"), code: 0 }),
});

/** What comes before the last slash; slashes before that one stay. */
function directoryOf(path: ByteString): ByteString {
  const bare = path.replace(/\/+$/, "");
  if (bare === "") return path === "" ? "." : "/";
  const slash = bare.lastIndexOf("/");
  return slash < 0 ? "." : bare.slice(0, slash) || "/";
}

export const seq: Applet = utility({
  name: "s6-seq",
  usage: "[ -w ] [ -s separator ] limits",
  summary: "print numbers from one to another",
  help: {
    w: "fill numbers with zeroes to the same width",
    s: "print this behind each number (default a newline)",
  },
  options: "ws:",
  least: 1,
  computes: true,
  inProcess: true,
  run: (context, { options, args }) => {
    const range = rangeOf(args);
    const width = options.has("w") ? String(range.last).length : 0;
    const separator = options.has("s") ? options.value("s") || "\0" : "\n";
    printNumbers(context, range, (number) => String(number).padStart(width, "0") + separator);
    return 0;
  },
});

interface Range {
  readonly first: number;
  readonly step: number;
  readonly last: number;
}

function rangeOf(args: readonly ByteString[]): Range {
  const [one, two, three, ...more] = args.map(unsigned);
  const last = three ?? two ?? one!;
  const range = { first: two === undefined ? 1 : one!, step: three === undefined ? 1 : two!, last };
  // A step of nothing would never end.
  if (more.length > 0 || range.step === 0) throw new UsageError();
  return range;
}

const AT_ONCE = 10_000;

function printNumbers(context: Context, { first, step, last }: Range, format: (number: number) => string): void {
  let text = "";
  for (let number = first, count = 1; number <= last; number += step, count++) {
    text += format(number);
    if (count % AT_ONCE !== 0) continue;
    context.print(text);
    text = "";
  }
  context.print(text);
}
