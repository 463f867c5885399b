// foreground, background and pipeline: a block runs before, or beside, what follows. After execline 2.9.

import type { ByteString } from "../../lib/bytes.ts";
import { Blocks } from "../../lib/execline/block.ts";
import type { ProcessImage } from "../../lib/image/image.ts";
import { NeedsProcess } from "../../lib/image/search.ts";
import { EXIT, Failure, invalid } from "../../lib/report.ts";
import { type Applet, type Context, type Course, coursing, fork, type Outcome } from "../applet.ts";
import { NO_OPTIONS } from "../getopt.ts";
import { goOn, leaveBlock, startBlock, statusOf } from "./child.ts";
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
  // With -d there is a process in between, made by the program itself.
  course: (image, { options, args }, warn) => options.has("d") ? refuse() : inBackground(image, args, warn),
  run: (context, { options, args }) => {
    const warn = (text: string): void => context.warn(text);
    if (!options.has("d")) return context.follow(inBackground(context.image, args, warn));
    const { command, rest } = backgroundBlocks(context.image, args, warn);
    return goOnBeside(context.image, startApart(context, command, context.image), rest);
  },
});

interface Beside {
  readonly command: readonly ByteString[];
  readonly rest: readonly ByteString[];
}

type Warn = (text: string) => void;

function backgroundBlocks(image: ProcessImage, args: readonly ByteString[], warn: Warn): Beside {
  const blocks = new Blocks(args, image.environment, warn);
  const command = blocks.take();
  if (command.length === 0) throw invalid("empty block");
  return { command, rest: blocks.rest };
}

function* inBackground(image: ProcessImage, args: readonly ByteString[], warn: Warn): Course {
  const { command, rest } = backgroundBlocks(image, args, warn);
  return goOnBeside(image, yield* leaveBlock(image.run(command), "leave"), rest);
}

function goOnBeside(image: ProcessImage, pid: number, rest: readonly ByteString[]): Outcome {
  return goOn(image.withVariables([["!", String(pid)]]), rest);
}

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
  course: (image, { options, args }, warn) =>
    options.has("d") ? refuse() : inPipeline(image, args, options.last("r", "w") !== "w", warn),
  run: (context, { options, args }) => {
    const { image } = context;
    const warn = (text: string): void => context.warn(text);
    const blockWrites = options.last("r", "w") !== "w";
    if (!options.has("d")) return context.follow(inPipeline(image, args, blockWrites, warn));
    return pipelineApart(context, pipelineBlocks(image, args, warn), blockWrites);
  },
});

function pipelineBlocks(image: ProcessImage, args: readonly ByteString[], warn: Warn): Beside {
  const blocks = new Blocks(args, image.environment, warn);
  const command = blocks.take();
  if (blocks.rest.length === 0) throw invalid("empty remainder");
  // The original's child has nothing to do then, and is there nevertheless.
  return { command: command.length === 0 ? ["exit"] : command, rest: blocks.rest };
}

function* inPipeline(image: ProcessImage, args: readonly ByteString[], blockWrites: boolean, warn: Warn): Course {
  const { command, rest } = pipelineBlocks(image, args, warn);
  return goOnBeside(image, yield* leaveBlock(image.run(command), blockWrites ? "readFrom" : "writeTo"), rest);
}

function pipelineApart(context: Context, { command, rest }: Beside, blockWrites: boolean): Outcome {
  const { os, image } = context;
  const pipe = openPipe(os);
  const [theirs, ours] = blockWrites ? [pipe.write, pipe.read] : [pipe.read, pipe.write];
  const child = image.step({ do: "copy", by: context.name, from: theirs, to: blockWrites ? 1 : 0 });
  const pid = startApart(context, command, child);
  os.close(theirs);
  os.duplicateOnto(ours, blockWrites ? 0 : 1);
  os.close(ours);
  return goOnBeside(image, pid, rest);
}

function refuse(): never {
  throw new NeedsProcess();
}

/** Starts a command as a grandchild whose parent is gone already. */
function startApart(context: Context, command: readonly ByteString[], image: ProcessImage): number {
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
