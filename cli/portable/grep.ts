// s6-grep: the lines of standard input that match. From s6-portable-utils. An expression runs over a block of lines in one
// pass, in time that does not depend on it; only one that refers back is tried line by line.

import { type ByteString, byteString } from "../../lib/bytes.ts";
import { linesOf, STDIN, wholeLines } from "../../lib/input.ts";
import { BadPattern } from "../../lib/regexp/bracket.ts";
import { type Found, LineMatcher } from "../../lib/regexp/line_matcher.ts";
import { regularExpression } from "../../lib/regexp/pattern.ts";
import { parseExpression, type Syntax } from "../../lib/regexp/syntax.ts";
import { EXIT, Failure } from "../../lib/report.ts";
import { type Applet, utility } from "../applet.ts";

type Block = Uint8Array<ArrayBuffer>;

/** Finds the lines of a block, each with 1 as its verdict if it matches, else 0. */
type Matcher = (lines: Block, found: Found) => void;

const NEWLINE = 10;
const [SMALL_A, SMALL_Z, TO_CAPITAL] = [97, 122, 32];

export const grep: Applet = utility({
  name: "s6-grep",
  usage: "[ -E | -F ] [ -i ] [ -c ] [ -n ] [ -q ] [ -v ] pattern",
  summary: "print the lines of standard input that match",
  help: {
    E: "the pattern is an extended regular expression",
    F: "the pattern is a plain text",
    i: "upper and lower case are the same",
    c: "print only how many lines match",
    n: "print the number of each line",
    q: "print nothing",
    v: "the lines that do not match",
  },
  exits: { 1: "no line matches" },
  options: "EFicnqv",
  least: 1,
  computes: true,
  run: (context, { options, args: [pattern = ""] }) => {
    const kind = options.last("E", "F");
    const match = matcher(kind === "F" ? escaped(pattern) : pattern, {
      extended: kind === "E",
      ignoreCase: options.has("i"),
    });
    const wanted = options.has("v") ? 0 : 1;
    const prints = !options.has("q") && !options.has("c");
    let [number, count] = [0, 0];
    for (const block of wholeLines(context.os, STDIN)) {
      const lines = ended(block);
      const selection = new Selection(lines, options.has("n"));
      match(lines, {
        add: (end, verdict) => {
          number++;
          if (verdict === wanted) count++;
          selection.pass(end, prints && verdict === wanted, number);
        },
      });
      context.print(selection.text());
    }
    if (options.has("c") && !options.has("q")) context.print(`${count}\n`);
    return count > 0 ? 0 : 1;
  },
});

/** A basic expression that matches just this. */
function escaped(text: ByteString): ByteString {
  return text.replace(/[.[*^$\\]/g, "\\$&");
}

/** With an end for the last line. */
function ended(block: Block): Block {
  if (block.at(-1) === NEWLINE) return block;
  const lines = new Uint8Array(block.length + 1);
  lines.set(block);
  lines[block.length] = NEWLINE;
  return lines;
}

/** Lines of a block that are selected. */
class Selection {
  private selected: ByteString = "";
  /** Where the line begins, and the lines before it that are selected but not taken yet. */
  private start = 0;
  private from = 0;

  constructor(private readonly lines: Block, private readonly numbered: boolean) {}

  /** Goes to the end of a line. */
  pass(end: number, isSelected: boolean, number: number): void {
    if (!isSelected || this.numbered) {
      this.take();
      if (isSelected) this.selected += `${number}:`;
      this.from = isSelected ? this.start : end;
    }
    this.start = end;
  }

  private take(): void {
    if (this.from < this.start) this.selected += byteString(this.lines.subarray(this.from, this.start));
  }

  text(): ByteString {
    this.take();
    this.from = this.start;
    return this.selected;
  }
}

/** @throws Failure 111 if it is not an expression */
function matcher(pattern: ByteString, syntax: Syntax): Matcher {
  try {
    const { tree } = parseExpression(pattern, syntax);
    const lines = new LineMatcher([tree], ([match]) => match === undefined ? undefined : Number(match));
    return (block, found) => lines.read(syntax.ignoreCase ? inCapitals(block) : block, found);
  } catch (error) {
    if (!(error instanceof BadPattern)) throw error;
    return oneByOne(pattern, syntax);
  }
}

function oneByOne(pattern: ByteString, syntax: Syntax): Matcher {
  const expression = compiled(pattern, syntax);
  return (block, found) => {
    let end = 0;
    for (const line of linesOf(byteString(block))) {
      end += line.length + 1;
      found.add(end, Number(expression.test(line)));
    }
  };
}

function compiled(pattern: ByteString, syntax: Syntax): ReturnType<typeof regularExpression> {
  try {
    return regularExpression(pattern, syntax);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(EXIT.system, `unable to compile regular expression ${pattern}: Invalid regular expression`);
  }
}

function inCapitals(block: Block): Block {
  return block.map((byte) => byte >= SMALL_A && byte <= SMALL_Z ? byte - TO_CAPITAL : byte);
}
