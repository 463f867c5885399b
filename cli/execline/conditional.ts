// if, ifelse, ifte, ifthenelse: what runs next depends on how a block ends. After execline 2.9.

import { Blocks } from "../../lib/execline/block.ts";
import { invalid } from "../../lib/report.ts";
import { passedOnCode } from "../../lib/wait_status.ts";
import { type Applet, type Course, coursing } from "../applet.ts";
import { goOn, runUnharmed, statusOf } from "./child.ts";

export const ifTrue: Applet = coursing({
  name: "if",
  usage: "[ -n ] [ -X ] [ -t | -x exitcode ] { command... } prog...",
  summary: "go on if a command succeeds, else exit",
  help: {
    n: "go on if the command fails",
    X: "a command killed by a signal has failed, with exit code 128 and the signal",
    t: "exit 0 if the command fails",
    x: "exit with this code if the command fails",
  },
  options: "nXtx:",
  least: 0,
  *course(image, { options, args }, warn): Course {
    const code = options.last("t", "x") === "x" ? options.number("x")! : options.has("t") ? 0 : undefined;
    if (code !== undefined && code > 255) throw invalid("invalid exit code");
    const blocks = new Blocks(args, image.environment, warn);
    const result = passedOnCode(yield* runUnharmed(image.run(blocks.take()), options.has("X")));
    const negated = options.has("n");
    if ((result === 0) !== negated) return goOn(image, blocks.rest);
    return code ?? (negated ? 1 : result);
  },
});

export const ifelse: Applet = coursing({
  name: "ifelse",
  usage: "[ -n ] [ -X ] { command-if } { command-then... } command-else...",
  summary: "run one command or another, depending on a third",
  help: {
    n: "the other way round",
    X: "a command killed by a signal has failed",
  },
  options: "nX",
  least: 0,
  *course(image, { options, args }, warn): Course {
    const blocks = new Blocks(args, image.environment, warn);
    const condition = blocks.take("if");
    const then = blocks.take("then");
    const status = yield* runUnharmed(image.run(condition), options.has("X"));
    return goOn(image, (status === 0) !== options.has("n") ? then : blocks.rest);
  },
});

export const ifte: Applet = coursing({
  name: "ifte",
  usage: "[ -n ] [ -X ] { command-then... } { command-else... } command-if...",
  summary: "run one command or another, depending on a third, which comes last",
  help: {
    n: "the other way round",
    X: "a command killed by a signal has failed",
  },
  options: "nX",
  least: 0,
  *course(image, { options, args }, warn): Course {
    const blocks = new Blocks(args, image.environment, warn);
    const then = blocks.take("then");
    const otherwise = blocks.take("else");
    if (blocks.rest.length === 0) throw invalid("empty command-if");
    const status = yield* runUnharmed(image.run(blocks.rest), options.has("X"));
    return goOn(image, (status === 0) !== options.has("n") ? then : otherwise);
  },
});

export const ifthenelse: Applet = coursing({
  name: "ifthenelse",
  usage: "[ -X ] [ -s ] { command-if... } { command-then... } { command-else... } [ remainder... ]",
  summary: "run one command or another, depending on a third, and go on",
  help: {
    X: "a command killed by a signal has failed",
    s: "become the chosen command with the remainder behind its words, instead of running it and going on",
  },
  options: "Xs",
  least: 0,
  *course(image, { options, args }, warn): Course {
    const blocks = new Blocks(args, image.environment, warn);
    const condition = blocks.take("if");
    const then = blocks.take("then");
    const otherwise = blocks.take("else");
    const status = yield* runUnharmed(image.run(condition), options.has("X"));
    const chosen = status === 0 ? then : otherwise;
    // Chains that end in the remainder: what they set is set for it.
    if (options.has("s")) return goOn(image, [...chosen, ...blocks.rest]);
    const ended = yield* statusOf(image.run(chosen), warn);
    return goOn(image.withVariables([["?", String(ended)]]), blocks.rest);
  },
});
