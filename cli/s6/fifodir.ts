// Event directories from the command line: s6-mkfifodir, s6-cleanfifodir and s6-ftrig-notify.

import { cleanFifodir, makeFifodir } from "../../lib/event/fifodir.ts";
import { publish } from "../../lib/event/publish.ts";
import { about } from "../../lib/report.ts";
import { type Applet, utility } from "../applet.ts";
import { NO_OPTIONS } from "../getopt.ts";
import { numericId } from "../numeric_id.ts";

export const mkfifodir: Applet = utility({
  name: "s6-mkfifodir",
  usage: "[ -f ] [ -g gid ] fifodir",
  summary: "make an event directory",
  help: {
    f: "set the owner and mode of a directory that is there",
    g: "let members of this group listen, and nobody else",
  },
  options: "fg:",
  least: 1,
  run: ({ os }, { options, args: [directory = ""] }) => {
    const word = options.value("g");
    const group = word === undefined ? undefined : numericId(word);
    about("create fifodir at", directory, () => makeFifodir(os, directory, group, options.has("f")));
    return 0;
  },
});

export const cleanfifodir: Applet = utility({
  name: "s6-cleanfifodir",
  usage: "fifodir",
  summary: "remove listeners that are gone from an event directory",
  options: NO_OPTIONS,
  least: 1,
  run: ({ os }, { args: [directory = ""] }) => {
    about("clean up fifodir at", directory, () => cleanFifodir(os, directory));
    return 0;
  },
});

export const ftrigNotify: Applet = utility({
  name: "s6-ftrig-notify",
  usage: "fifodir message",
  summary: "send events to the listeners of an event directory",
  options: "",
  least: 2,
  run: ({ os }, { args: [directory = "", message = ""] }) => {
    about("notify", directory, () => {
      const held = os.door.hold(directory);
      publish(os, held, message);
      os.close(held);
    });
    return 0;
  },
});
