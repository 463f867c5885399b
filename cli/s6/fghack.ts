// s6-fghack: keeps a daemon that puts itself into the background in sight. It gets many descriptors of one pipe: as
// long as one of them is open, it lives.

import type { ProcessImage } from "../../lib/image/image.ts";
import type { Os } from "../../lib/os/os.ts";
import { EXIT, Failure, textOf } from "../../lib/report.ts";
import { shellCode } from "../../lib/wait_status.ts";
import { type Applet, type Context, fork } from "../applet.ts";
import { readToEnd } from "../reading.ts";
import { NO_OPTIONS } from "../getopt.ts";

/** Daemons close descriptors they do not know, but seldom this many. */
const COPIES = 30;
const WROTE = 102;

export const fghack: Applet = fork({
  name: "s6-fghack",
  usage: "prog...",
  summary: "stay as long as a program lives that puts itself into the background",
  exits: { 102: "the program wrote to a descriptor that it was not to know" },
  notes: ["s6-background-watch does better: it passes signals on, and knows the daemon by its pid file."],
  options: NO_OPTIONS,
  least: 1,
  run: (context, { args }) => {
    const { os } = context;
    const pipe = os.pipe();
    const child = started(context, withCopies(context, pipe.write).run(args));
    os.close(pipe.write);
    if (readToEnd(os, pipe.read) !== "") return WROTE;
    return shellCode(os.wait(child));
  },
});

function withCopies({ os, image, name }: Context, from: number): ProcessImage {
  return freeDescriptors(os).reduce((next, to) => next.step({ do: "copy", from, to, by: name }), image);
}

function freeDescriptors(os: Pick<Os, "isOpen">): number[] {
  const free: number[] = [];
  for (let fd = 3; free.length < COPIES; fd++) if (!os.isOpen(fd)) free.push(fd);
  return free;
}

function started(context: Context, image: ProcessImage): number {
  try {
    return context.spawn(image);
  } catch (error) {
    throw new Failure(EXIT.system, textOf(error));
  }
}
