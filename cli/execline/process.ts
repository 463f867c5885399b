// Programs that change or replace the process: cd, umask, exec, exit. After execline 2.9.

import { Environment } from "../../lib/environment.ts";
import { UsageError } from "../../lib/report.ts";
import { type Applet, chain, utility } from "../applet.ts";
import { NO_OPTIONS } from "../getopt.ts";

function directoryChanger(name: "cd" | "execline-cd"): Applet {
  return chain({
    name,
    usage: "path prog...",
    summary: "run a program in another directory",
    options: NO_OPTIONS,
    least: 2,
    next: (image, { args: [path = "", ...rest] }) => image.step({ do: "directory", by: name, path }).run(rest),
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
    next: (image, { args: [value = "", ...rest] }) => {
      if (!/^[0-7]+$/.test(value)) throw new UsageError();
      return image.step({ do: "umask", by: name, mask: parseInt(value, 8) & 0o777 }).run(rest);
    },
  });
}

export const umask: Applet = maskChanger("umask");
export const execlineUmask: Applet = maskChanger("execline-umask");

export const exec: Applet = chain({
  name: "exec",
  usage: "[ -c ] [ -l ] [ -a argv0 ] prog...",
  summary: "run a program, under another name or with no environment",
  options: "cla:",
  least: 1,
  next: (image, { options, args: [file = "", ...rest] }) => {
    const name = `${options.has("l") ? "-" : ""}${options.value("a") ?? file}`;
    const next = image.run([name, ...rest], file);
    return options.has("c") ? next.withEnvironment(Environment.empty) : next;
  },
});

export const exit: Applet = utility({
  name: "exit",
  usage: "[ exitcode ]",
  summary: "exit with a code",
  options: NO_OPTIONS,
  least: 0,
  inProcess: true,
  run: (_context, { args: [code = "0"] }) => {
    if (!/^[0-9]+$/.test(code)) throw new UsageError();
    return Number(BigInt(code) & 0xffn);
  },
});
