// envfile, export-array, homeof: variables from a file, a list as a variable, a user's home. After execline 2.9.

import { findUser } from "../../lib/accounts.ts";
import { Blocks } from "../../lib/execline/block.ts";
import { parseEnvfile } from "../../lib/execline/envfile.ts";
import { toNetstrings } from "../../lib/execline/transform.ts";
import { EXIT, invalid, isErrno, UsageError } from "../../lib/report.ts";
import { type Applet, chain, fork, utility } from "../applet.ts";
import { NO_OPTIONS } from "../getopt.ts";
import { checkName } from "./environment.ts";
import { readToEnd } from "../reading.ts";

export const envfile: Applet = fork({
  name: "envfile",
  usage: "[ -i | -I ] file prog...",
  summary: "run a program with variables from a file",
  help: {
    i: "exit if the file does not exist (default)",
    I: "go on if the file does not exist",
  },
  exits: { 1: "the file has an error of syntax" },
  options: "iI",
  least: 2,
  run: ({ os, image }, { options, args: [file = "", ...rest] }) => {
    try {
      const content = file === "-" ? readToEnd(os, 0) : os.readFile(file);
      return image.withVariables(parseEnvfile(content, file)).run(rest);
    } catch (error) {
      if (isErrno(error, "ENOENT") && options.last("i", "I") === "I") return image.run(rest);
      throw error;
    }
  },
});

export const exportArray: Applet = chain({
  name: "export-array",
  usage: "[ -d delim ] var { values... } prog...",
  summary: "run a program with a list in a variable",
  help: { d: "end each value with this character; without it the values are netstrings" },
  options: "d:",
  least: 1,
  next: (image, { options, args, args: [name = ""] }, view) => {
    checkName(name);
    const blocks = new Blocks(args.slice(1), image.environment, view.warn);
    const values = blocks.tryTake();
    if (values === undefined) throw new UsageError();
    const delimiter = options.value("d")?.[0];
    const text = delimiter === undefined ? toNetstrings(values) : values.map((value) => value + delimiter).join("");
    view.budget.word(text.length);
    return image.withVariables([[name, text]]).run(blocks.rest);
  },
});

export const homeof: Applet = utility({
  name: "homeof",
  usage: "user",
  summary: "print the home directory of a user",
  options: NO_OPTIONS,
  least: 1,
  inProcess: true,
  run: (context, { args: [name = ""] }) => {
    const user = findUser(context.os, name);
    if (user === undefined) throw invalid(`unable to find user ${name}: no such user`, EXIT.system);
    context.print(`${user.home}\n`);
    return 0;
  },
});
