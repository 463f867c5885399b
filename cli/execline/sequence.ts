// foreground, background and pipeline: a block runs before, or beside, what follows. After execline 2.9.

import type { ByteString } from "../../lib/bytes.ts";
import { Blocks } from "../../lib/execline/block.ts";
import type { ProcessImage } from "../../lib/image/image.ts";
import { EXIT, Failure, invalid } from "../../lib/report.ts";
import { type Applet, type Context, type Course, coursing, fork } from "../applet.ts";
import { NO_OPTIONS } from "../getopt.ts";
import { blocksOf, goOn, startBlock, statusOf } from "./child.ts";
import { openPipe } from "../pipe.ts";
import { readToEnd } from "../reading.ts";

export const foreground: Applet = coursing({
  name: "foreground",
  usage: "{ command... } prog...",
  summary: "run a command to its end, then go on",
  options: NO_OPTIONS,
  least: 0,
  *course(image, { args }, warn): Course {
    const blocks = new Blocks(args, image.environment, warn);
    const code = yield* statusOf(image.run(blocks.take()), warn);
    return goOn(image.withVariables([["?", String(code)]]), blocks.rest);
  },
});

export const background: Applet = fork({
  name: "background",
  usage: "[ -d ] { command... } prog...",
  summary: "start a command and go on",
  help: { d: "fork twice, so that the rest has no child that it does not know" },
  options: "d",
  least: 0,
  run: async (context, { options, args }) => {
    const blocks = blocksOf(context, args);
    const command = blocks.take();
    if (command.length === 0) throw invalid("empty block");
    const pid = await start(context, command, context.image, options.has("d"));
    return goOn(context.image.withVariables([["!", String(pid)]]), blocks.rest);
  },
});

export const pipeline: Applet = fork({
  name: "pipeline",
  usage: "[ -d ] [ -r | -w ] { command... } command...",
  summary: "run two commands with a pipe between them",
  help: {
    d: "fork twice, so that the rest has no child that it does not know",
    r: "the block writes, the rest reads (default)",
    w: "the rest writes, the block reads",
  },
  options: "drw",
  least: 0,
  run: async (context, { options, args }) => {
    const { os, image } = context;
    const blocks = blocksOf(context, args);
    const command = blocks.take();
    if (blocks.rest.length === 0) throw invalid("empty remainder");
    const writes = options.last("r", "w") !== "w";
    const pipe = openPipe(os);
    const [theirs, ours] = writes ? [pipe.write, pipe.read] : [pipe.read, pipe.write];
    const child = image.step({ do: "copy", by: "pipeline", from: theirs, to: writes ? 1 : 0 });
    // The original's child has nothing to do then, and is there nevertheless.
    const work = command.length === 0 ? ["exit"] : command;
    const pid = await start(context, work, child, options.has("d"));
    os.close(theirs);
    os.duplicateOnto(ours, writes ? 0 : 1);
    os.close(ours);
    return goOn(image.withVariables([["!", String(pid)]]), blocks.rest);
  },
});

/** Starts a command, as a child or, `apart`, as a grandchild whose parent is gone already. */
function start(
  context: Context,
  command: readonly ByteString[],
  image: ProcessImage,
  apart: boolean,
): number {
  if (!apart) return startBlock(context, image.run(command));
  const { os } = context;
  const pipe = openPipe(os);
  // The parent in between is a background of its own, which then prints the pid for us and ends.
  const told = String(pipe.write);
  const quoted = ["fdclose", told, ...command].map((word) => ` ${word}`);
  const print = ["fdmove", "1", told, "importas", "pid", "!", "s6-echo", "-n", "$pid"];
  const child = startBlock(
    context,
    image.step({ do: "copy", by: context.name, from: pipe.write, to: Number(told) })
      .run(["background", ...quoted, "", ...print]),
  );
  os.close(pipe.write);
  const pid = readToEnd(os, pipe.read);
  os.close(pipe.read);
  os.wait(child);
  if (pid === "") throw new Failure(EXIT.system, `unable to start ${command[0]}`);
  return Number(pid);
}
