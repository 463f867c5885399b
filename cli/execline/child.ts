// Running a block as a child, as all the programs that have blocks do it. An empty block is a success.

import type { ByteString } from "../../lib/bytes.ts";
import { Blocks } from "../../lib/execline/block.ts";
import { checkLength } from "../../lib/execline/pieces.ts";
import type { ProcessImage } from "../../lib/image/image.ts";
import type { Ended } from "../../lib/os/ended.ts";
import type { Way } from "../../lib/os/operation.ts";
import { EXIT, exitCodeOf, Failure, textOf } from "../../lib/report.ts";
import { killedBy, questionMark, type WaitStatus } from "../../lib/wait_status.ts";
import type { Context, Course, CourseCommand, Outcome } from "../applet.ts";

/** The blocks among the operands of a running program. */
export function blocksOf(context: Context, args: readonly ByteString[]): Blocks {
  return new Blocks(args, context.image.environment, (text) => context.warn(text));
}

/** Runs the image's command to its end. That it cannot be executed is our own failure, with code 111. */
export function* runBlock(image: ProcessImage): Course<WaitStatus> {
  if (image.argv.length === 0) return 0;
  return (yield* endOf({ image, way: "run" })).status;
}

/** The same, with what it prints. */
export function* captureBlock(image: ProcessImage): Course<Ended> {
  return yield* endOf({ image, way: "capture" });
}

/**
 * Starts it and goes on: its pid, or the descriptor where what it prints is to be read. That it cannot be executed is our
 * own failure, with code 111.
 */
export function* leaveBlock(image: ProcessImage, way: Exclude<Way, "run" | "capture">, apart = false): Course<number> {
  return (yield* endOf({ image, way, apart })).status;
}

/** All that there is to read at a descriptor, until the other side closes. */
export function* textAt(fd: number): Course<ByteString> {
  let text = "";
  for (;;) {
    const portion = (yield { way: "read", fd }).text;
    if (portion === "") return text;
    text = checkLength(text + portion);
  }
}

/** A descriptor where the text can be read. */
export function* supplyText(text: ByteString): Course<number> {
  return (yield* endOf({ way: "supply", text })).status;
}

function* endOf(command: CourseCommand): Course<Ended> {
  try {
    return yield command;
  } catch (error) {
    throw new Failure(EXIT.system, textOf(error));
  }
}

/** Starts the image's command and returns its pid; failures as above. */
export function startBlock(context: Context, image: ProcessImage): number {
  try {
    return context.spawn(image);
  } catch (error) {
    throw new Failure(EXIT.system, textOf(error));
  }
}

/** As `runBlock`, but the child must not be killed by a signal: that is a failure, with code 128 + n. */
export function* runUnharmed(image: ProcessImage, mayCrash: boolean): Course<WaitStatus> {
  const status = yield* runBlock(image);
  const signal = killedBy(status);
  if (signal !== 0 && !mayCrash) throw new Failure(128 + signal, `child crashed with signal ${signal}`);
  return status;
}

/** How a block ends, as "?" has it: 126 or 127 if it cannot be run at all, which is only warned of. */
export function* statusOf(image: ProcessImage, warn: (text: string) => void): Course<number> {
  if (image.argv.length === 0) return 0;
  try {
    return questionMark((yield { image, way: "run" }).status);
  } catch (error) {
    warn(textOf(error));
    return exitCodeOf(error) === EXIT.cannotExecute ? EXIT.cannotExecute : EXIT.notFound;
  }
}

/** The image that runs the words, or success if there are none. */
export function goOn(image: ProcessImage, words: readonly ByteString[]): Outcome {
  return words.length === 0 ? 0 : image.run(words);
}
