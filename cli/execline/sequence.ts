// foreground, background and pipeline: a block runs before, or beside, what follows. After execline 2.9.

import type { ByteString } from "../../lib/bytes.ts";
import { Blocks } from "../../lib/execline/block.ts";
import type { ProcessImage } from "../../lib/image/image.ts";
import { invalid } from "../../lib/report.ts";
import { type Applet, type Course, coursing, type Outcome } from "../applet.ts";
import { NO_OPTIONS } from "../getopt.ts";
import { goOn, leaveBlock, statusOf } from "./child.ts";

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

const APART = "fork twice, so that the rest has no child that it does not know";

export const background: Applet = coursing({
  name: "background",
  usage: "[ -d ] { command... } prog...",
  summary: "start a command and go on",
  help: { d: APART },
  options: "d",
  least: 0,
  *course(image, { options, args }, warn): Course {
    const { command, rest } = blocksBeside(image, args, warn);
    if (command.length === 0) throw invalid("empty block");
    const pid = yield* leaveBlock(image.run(command), "leave", options.has("d"));
    return goOnBeside(image, pid, rest);
  },
});

export const pipeline: Applet = coursing({
  name: "pipeline",
  usage: "[ -d ] [ -r | -w ] { command... } command...",
  summary: "run two commands with a pipe between them",
  help: {
    d: APART,
    r: "the block writes, the rest reads (default)",
    w: "the rest writes, the block reads",
  },
  options: "drw",
  least: 0,
  *course(image, { options, args }, warn): Course {
    const { command, rest } = blocksBeside(image, args, warn);
    if (rest.length === 0) throw invalid("empty remainder");
    // The original's child has nothing to do then, and is there nevertheless.
    const words = command.length === 0 ? ["exit"] : command;
    const way = options.last("r", "w") === "w" ? "writeTo" : "readFrom";
    const pid = yield* leaveBlock(image.run(words), way, options.has("d"));
    return goOnBeside(image, pid, rest);
  },
});

interface Beside {
  readonly command: readonly ByteString[];
  readonly rest: readonly ByteString[];
}

function blocksBeside(image: ProcessImage, args: readonly ByteString[], warn: (text: string) => void): Beside {
  const blocks = new Blocks(args, image.environment, warn);
  return { command: blocks.take(), rest: blocks.rest };
}

function goOnBeside(image: ProcessImage, pid: number, rest: readonly ByteString[]): Outcome {
  return goOn(image.withVariables([["!", String(pid)]]), rest);
}
