// multisubstitute: several substitution directives from one block, done in parallel. After execline 2.9; the import of
// execline 2.4 is a directive too.

import type { ByteString } from "../../lib/bytes.ts";
import { Blocks } from "../../lib/execline/block.ts";
import { type Bindings, substitute } from "../../lib/execline/substitute.ts";
import type { ProcessImage } from "../../lib/image/image.ts";
import { invalid, UsageError } from "../../lib/report.ts";
import { type Applet, chain, type SystemView } from "../applet.ts";
import { NO_OPTIONS, parseOptions } from "../getopt.ts";
import { elglobDirective } from "./glob.ts";
import {
  type Binding,
  defineDirective,
  type Directive,
  type DirectiveFinding,
  elgetpositionalsDirective,
  importasDirective,
  importDirective,
  multidefineDirective,
  valuesOf,
  type WordPlace,
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
    const words = blocks.take();
    if (blocks.rest.length === 0) throw new UsageError();
    const bound = new Bound();
    const unexported: ByteString[] = [];
    for (let at = 0; at < words.length;) {
      const [name, finding] = step({ words, at }, image, view, blocks);
      if (finding.bindings === undefined) throw invalid(`wrong key for directive ${name}`);
      if (finding.frame !== undefined) bound.addFrame(name, finding.frame);
      for (const binding of finding.bindings) bound.add(name, binding);
      if (finding.unexport !== undefined) unexported.push(finding.unexport);
      at = finding.end;
    }
    return image.withVariables(unexported.map((name) => [name, undefined]))
      .run(substitute(blocks.rest, bound, view.budget));
  },
});

/** What the directives have found so far. A key that is there already is refused. */
class Bound implements Bindings {
  private readonly values = new Map<ByteString, readonly ByteString[]>();
  private frame: Bindings | undefined;

  get(key: ByteString): readonly ByteString[] | undefined {
    return this.values.get(key) ?? this.frame?.get(key);
  }

  add(name: ByteString, binding: Binding): void {
    const [key] = binding;
    if (key === "" || this.get(key) !== undefined) throw wrongKey(name, key);
    this.values.set(key, valuesOf(binding));
  }

  addFrame(name: ByteString, frame: Bindings): void {
    if (this.frame !== undefined) throw wrongKey(name, "#");
    const taken = [...this.values.keys()].filter((key) => frame.get(key) !== undefined);
    // "#", 0 and @ come first, then the numbers.
    const place = (key: ByteString): number => "#0@".includes(key) ? "#0@".indexOf(key) - 3 : Number(key);
    if (taken.length > 0) throw wrongKey(name, taken.sort((a, b) => place(a) - place(b))[0]!);
    this.frame = frame;
  }
}

function wrongKey(name: ByteString, key: ByteString): Error {
  return invalid(`wrong key for directive ${name}: ${key}`);
}

/** What the directive at the head of the words finds. */
function step(
  { words, at }: WordPlace,
  image: ProcessImage,
  view: SystemView,
  blocks: Blocks,
): [ByteString, DirectiveFinding] {
  const name = words[at]!;
  const directive = DIRECTIVES.get(name);
  if (directive === undefined) throw invalid(`syntax error: unrecognized directive ${name}`);
  try {
    const { options, end } = parseOptions(directive.options, words, at + 1);
    if (words.length - end < directive.least) throw new UsageError();
    return [name, directive.find(image, options, { words, at: end }, view, blocks)];
  } catch (error) {
    throw error instanceof UsageError ? invalid(`syntax error at directive ${name}`) : error;
  }
}
