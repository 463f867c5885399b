// The environment from the command line: s6-printenv, s6-env and s6-dumpenv. From s6-portable-utils.

import { type ByteString, rawBytes } from "../../lib/bytes.ts";
import { systemError } from "../../lib/errno.ts";
import { about, ifThere, unlessThere } from "../../lib/report.ts";
import { type Applet, chain, type Context, utility } from "../applet.ts";
import { octal } from "../getopt.ts";

export const printenv: Applet = utility({
  name: "s6-printenv",
  usage: "[ -n ] [ -0 | -d delimchar ]",
  summary: "print the environment",
  help: {
    n: "print no delimiter behind the last variable",
    0: "end each variable with a NUL",
    d: "end each variable with this character (default a newline); if empty, print netstrings",
  },
  options: "n0d:",
  least: 0,
  inProcess: true,
  run: (context, { options }) => {
    const words = context.image.environment.toWords();
    const delimiter = options.last("0", "d") === "d" ? options.value("d")!.slice(0, 1) : options.has("0") ? "\0" : "\n";
    // No delimiter at all means netstrings: length, colon, content, comma.
    const text = delimiter === ""
      ? words.map((word) => `${word.length}:${word},`).join("")
      : words.join(delimiter) + (words.length > 0 && !options.has("n") ? delimiter : "");
    context.print(text);
    return 0;
  },
});

export const env: Applet = chain({
  name: "s6-env",
  usage: "[ -i ] [ name=value... ] prog...",
  summary: "run a program with a changed environment, or print it",
  help: { i: "begin with an empty environment" },
  options: "i",
  least: 0,
  next: (image, { options, args }) => {
    const at = args.findIndex((word) => !word.includes("="));
    const prog = at < 0 ? [] : args.slice(at);
    const changes = args.slice(0, at < 0 ? args.length : at).map((word): [ByteString, ByteString] => {
      const equals = word.indexOf("=");
      return [word.slice(0, equals), word.slice(equals + 1)];
    });
    const names = options.has("i") ? Array.from(image.environment, ([name]) => [name, undefined] as const) : [];
    return image.withVariables([...names, ...changes]).run(prog.length > 0 ? prog : ["s6-printenv"]);
  },
});

export const dumpenv: Applet = utility({
  name: "s6-dumpenv",
  usage: "[ -N | -n ] [ -m mode ] envdir",
  summary: "write the environment into a directory, one file a variable",
  help: {
    N: "end each file with a newline",
    n: "write the values as they are (default)",
    m: "the mode of the directory, if it is made (default 0755)",
  },
  options: "Nnm:",
  least: 1,
  run: (context, { options, args: [directory = ""] }) => {
    const end = options.last("N", "n") === "N" ? "\n" : "";
    makeDirectory(context, directory, octal(options.value("m") ?? "755"));
    for (const [name, value] of context.image.environment) {
      replace(context, `${directory}/${name}`, value + end);
    }
    return 0;
  },
});

function makeDirectory({ os }: Context, path: ByteString, mode: number): void {
  if (unlessThere(() => os.makeDirectory(path, mode))) return;
  if (os.stat(path).kind !== "directory") throw systemError("mkdir", path, "ENOTDIR");
}

/** The temporary name is one that s6-envdir passes over, should the write be interrupted. */
function replace({ os }: Context, path: ByteString, content: ByteString): void {
  const temporary = `${path}=.tmp`;
  about("open", path, () => {
    // The directory may be another user's: what lies there is not written to, nor what it leads to.
    ifThere(() => os.unlink(temporary));
    const fd = os.open(temporary, ["write", "create", "exclusive"]);
    try {
      try {
        os.writeAll(fd, rawBytes(content));
      } finally {
        os.close(fd);
      }
      os.rename(temporary, path);
    } catch (error) {
      os.unlink(temporary);
      throw error;
    }
  });
}
