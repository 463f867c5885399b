// Programs that change or replace the process: cd, umask, exec, exit. After execline 2.9.

import type { ByteString } from "../../lib/bytes.ts";
import { Blocks } from "../../lib/execline/block.ts";
import { Environment } from "../../lib/environment.ts";
import type { ProcessImage } from "../../lib/image/image.ts";
import { invalid, UsageError } from "../../lib/report.ts";
import { type Applet, chain, replying } from "../applet.ts";
import { NO_OPTIONS, unsigned } from "../getopt.ts";

function directoryChanger(name: "cd" | "execline-cd"): Applet {
  return chain({
    name,
    usage: "path prog...",
    summary: "run a program in another directory",
    options: NO_OPTIONS,
    least: 2,
    next: (image, { args, args: [path = ""] }) => image.step({ do: "directory", by: name, path }).run(args.slice(1)),
  });
}

export const cd: Applet = directoryChanger("cd");
export const execlineCd: Applet = directoryChanger("execline-cd");

function maskChanger(name: "umask" | "execline-umask"): Applet {
  return chain({
    name,
    usage: "value prog...",
    summary: "run a program with another file mode creation mask",
    options: NO_OPTIONS,
    least: 2,
    next: (image, { args, args: [value = ""] }) => {
      // What follows the digits is ignored.
      const digits = /^[0-7]+/.exec(value);
      if (digits === null) throw new UsageError();
      return image.step({ do: "umask", by: name, mask: parseInt(digits[0], 8) & 0o777 }).run(args.slice(1));
    },
  });
}

export const umask: Applet = maskChanger("umask");
export const execlineUmask: Applet = maskChanger("execline-umask");

export const exec: Applet = chain({
  name: "exec",
  usage: "[ -c ] [ -l ] [ -a argv0 ] prog...",
  summary: "run a program, under another name or with no environment",
  help: {
    c: "with an empty environment",
    l: "as a login shell is called: a dash in front of the name",
    a: "the name that the program sees itself called by",
  },
  options: "cla:",
  least: 1,
  next: (image, { options, args }) => renamed(image, options, args),
});

interface ExecOptions {
  has(letter: "c" | "l"): boolean;
  value(letter: "a"): ByteString | undefined;
}

/** The image that runs the words under the name, and in the environment, that the options ask for. */
function renamed(image: ProcessImage, options: ExecOptions, words: readonly ByteString[]): ProcessImage {
  const file = words[0] ?? "";
  const argv = words.slice();
  argv[0] = `${options.has("l") ? "-" : ""}${options.value("a") ?? file}`;
  // The program is still found through the PATH that is taken away from it.
  const next = image.run(argv, file, image.environment.get("PATH"));
  return options.has("c") ? next.withEnvironment(Environment.empty) : next;
}

export const tryexec: Applet = chain({
  name: "tryexec",
  usage: "[ -n ] [ -c ] [ -l ] [ -a argv0 ] { command... } remainder...",
  summary: "run a command or, if it cannot be executed, another",
  help: {
    n: "try the rest first, then the command",
    c: "with an empty environment",
    l: "as a login shell is called: a dash in front of the name",
    a: "the name that the program sees itself called by",
  },
  options: "ncla:",
  least: 0,
  next: (image, { options, args }, view) => {
    const blocks = new Blocks(args, image.environment, view.warn);
    const block = blocks.take();
    if (block.length === 0) throw invalid("empty block");
    const reversed = options.has("n");
    if (reversed && blocks.rest.length === 0) throw invalid("empty remainder not allowed with -n");
    const [first, second] = reversed ? [blocks.rest, block] : [block, blocks.rest];
    view.budget.alternative(image.environment.size);
    return renamed(image, options, first).orElse(image.run(second));
  },
});

export const exit: Applet = replying({
  name: "exit",
  usage: "[ exitcode ]",
  summary: "exit with a code",
  options: NO_OPTIONS,
  least: 0,
  reply: ({ args: [code = "0"] }) => ({ text: "", code: unsigned(code) & 0xff }),
});
