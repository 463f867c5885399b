// multisubstitute: several substitution directives from one block, done in parallel. After execline 2.9; the import of
// execline 2.4 is a directive too.

import type { ByteString } from "../../lib/bytes.ts";
import { Blocks } from "../../lib/execline/block.ts";
import { substitute } from "../../lib/execline/substitute.ts";
import type { ProcessImage } from "../../lib/image/image.ts";
import { invalid, UsageError } from "../../lib/report.ts";
import { type Applet, chain, type SystemView } from "../applet.ts";
import { NO_OPTIONS, parse } from "../getopt.ts";
import { elglobDirective } from "./glob.ts";
import {
  defineDirective,
  type Directive,
  elgetpositionalsDirective,
  type Finding,
  importasDirective,
  importDirective,
  multidefineDirective,
  valuesOf,
} from "./substitute.ts";

const DIRECTIVES: ReadonlyMap<ByteString, Directive> = new Map(
  [
    defineDirective,
    elgetpositionalsDirective,
    elglobDirective,
    importDirective,
    importasDirective,
    multidefineDirective,
  ].map((directive) => [directive.name, directive]),
);

export const multisubstitute: Applet = chain({
  name: "multisubstitute",
  usage: "{ define... importas... elglob... elgetpositionals... multidefine... } prog...",
  summary: "do several substitutions in the command line in parallel",
  options: NO_OPTIONS,
  least: 0,
  reads: true,
  next: (image, { args }, view) => {
    const blocks = new Blocks(args, image.environment, view.warn);
    let words: readonly ByteString[] = blocks.take();
    if (blocks.rest.length === 0) throw new UsageError();
    const bindings = new Map<ByteString, readonly ByteString[]>();
    const unexported: ByteString[] = [];
    while (words.length > 0) {
      const [name, finding] = step(words, image, view, blocks);
      if (finding.bindings === undefined) throw invalid(`wrong key for directive ${name}`);
      for (const binding of finding.bindings) {
        const [key] = binding;
        if (key === "" || bindings.has(key)) throw invalid(`wrong key for directive ${name}: ${key}`);
        bindings.set(key, valuesOf(binding));
      }
      if (finding.unexport !== undefined) unexported.push(finding.unexport);
      words = finding.rest;
    }
    return image.withVariables(unexported.map((name) => [name, undefined])).run(substitute(blocks.rest, bindings));
  },
});

/** What the directive at the head of the words finds. */
function step(
  words: readonly ByteString[],
  image: ProcessImage,
  view: SystemView,
  blocks: Blocks,
): [ByteString, Finding] {
  const name = words[0]!;
  const directive = DIRECTIVES.get(name);
  if (directive === undefined) throw invalid(`syntax error: unrecognized directive ${name}`);
  try {
    const call = parse(directive.options, words.slice(1));
    if (call.args.length < directive.least) throw new UsageError();
    return [name, directive.find(image, call, view, blocks)];
  } catch (error) {
    throw error instanceof UsageError ? invalid(`syntax error at directive ${name}`) : error;
  }
}
