// justc-envdir: s6-overlay's own reader of a directory of variables, which takes each file as it is.

import { readEnvdir, wholeContent } from "../../lib/envdir.ts";
import { isErrno } from "../../lib/report.ts";
import { type Applet, chain } from "../applet.ts";

export const justcEnvdir: Applet = chain({
  name: "justc-envdir",
  usage: "[ -I | -i ] dir prog...",
  summary: "run a program with variables read from the files of a directory, each as it is",
  help: {
    I: "go on if the directory does not exist",
    i: "exit if the directory does not exist (default)",
  },
  options: "Ii",
  least: 2,
  reads: true,
  next: (image, { options, args, args: [directory = ""] }, view) => {
    try {
      return image.withVariables(readEnvdir(view, directory, wholeContent)).run(args.slice(1));
    } catch (error) {
      const absent = isErrno(error, "ENOENT") && !view.exists(directory);
      if (absent && options.last("I", "i") === "I") return image.run(args.slice(1));
      throw error;
    }
  },
});
