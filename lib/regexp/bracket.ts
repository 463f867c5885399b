// Bracket expressions of POSIX regular expressions, [a-z], [^[:digit:]], as sets of bytes in the C locale. Follows
// regcomp(3) of glibc, which refuses more than POSIX asks for: reversed ranges, unknown classes, a stray "-".

import type { ByteString } from "../bytes.ts";

/** 256 flags, one for each byte. */
export type ByteSet = Uint8Array;

export class BadPattern extends Error {}

/** It is an expression, but has too many states for an automaton. */
export class TooLarge extends BadPattern {}

const CLASSES: Readonly<Record<string, string>> = {
  alnum: "09AZaz",
  alpha: "AZaz",
  blank: "\t\t  ",
  cntrl: "\0\x1f\x7f\x7f",
  digit: "09",
  graph: "!~",
  lower: "az",
  print: " ~",
  punct: "!/:@[`{~",
  space: "\t\r  ",
  upper: "AZ",
  xdigit: "09AFaf",
};

/** The set of these ranges: pairs of first and last. */
export function setOf(ranges: string, negated = false): ByteSet {
  const set = new Uint8Array(256);
  for (let at = 0; at < ranges.length; at += 2) {
    for (let code = ranges.charCodeAt(at); code <= ranges.charCodeAt(at + 1); code++) set[code] = 1;
  }
  return negated ? complement(set) : set;
}

function complement(set: ByteSet): ByteSet {
  return set.map((flag) => 1 - flag);
}

interface Element {
  readonly kind: "char" | "equivalence" | "class";
  readonly text: string;
}

/**
 * The set of the bracket expression whose "[" stands at this place, and where it ends.
 * @param fold every byte of the pattern becomes what it stands for
 * @throws BadPattern
 */
export function bracketAt(
  pattern: ByteString,
  start: number,
  fold: (char: string) => string,
): { set: ByteSet; end: number } {
  const reader = new BracketReader(pattern, start + 1, fold);
  return { set: reader.set(), end: reader.at };
}

class BracketReader {
  private readonly found = new Uint8Array(256);

  constructor(
    private readonly pattern: ByteString,
    public at: number,
    private readonly fold: (char: string) => string,
  ) {}

  set(): ByteSet {
    const negated = this.ahead("^");
    if (negated) this.at++;
    for (let first = true; first || !this.ahead("]"); first = false) this.item(first);
    this.at++;
    return negated ? complement(this.found) : this.found;
  }

  private item(first: boolean): void {
    const low = this.element(first);
    if (low.kind === "class") return this.addClass(low.text);
    const isRange = low.kind === "char" && this.ahead("-") && !this.ahead("-]");
    if (isRange) this.at++;
    const high = isRange ? this.element(true) : low;
    if (high.kind === "class" || (isRange && high.kind !== "char")) throw new BadPattern();
    const [from, to] = [low.text.charCodeAt(0), high.text.charCodeAt(0)];
    if (from > to) throw new BadPattern();
    this.found.fill(1, from, to + 1);
  }

  private addClass(name: string): void {
    const ranges = Object.hasOwn(CLASSES, name) ? CLASSES[name]! : undefined;
    if (ranges === undefined) throw new BadPattern();
    const folds = this.fold("a") !== "a" && (name === "upper" || name === "lower");
    setOf(folds ? CLASSES["alpha"]! : ranges).forEach((flag, code) => this.found[code]! |= flag);
  }

  /** One thing between the brackets; `mayBeDash` where a "-" can only stand for itself. */
  private element(mayBeDash: boolean): Element {
    const kind = this.ahead("[") ? this.pattern[this.at + 1] : undefined;
    if (kind === ":") return { kind: "class", text: this.named(kind) };
    if (kind === "." || kind === "=") {
      const name = this.named(kind);
      if (name.length !== 1) throw new BadPattern();
      return { kind: kind === "=" ? "equivalence" : "char", text: this.fold(name) };
    }
    if (this.ahead("-") && !mayBeDash && !this.ahead("-]")) throw new BadPattern();
    const char = this.pattern[this.at++];
    if (char === undefined) throw new BadPattern();
    return { kind: "char", text: this.fold(char) };
  }

  /** The name between "[:" and ":]", or their likes. */
  private named(kind: string): string {
    const end = this.pattern.indexOf(`${kind}]`, this.at + 2);
    if (end < 0) throw new BadPattern();
    const name = this.pattern.slice(this.at + 2, end);
    this.at = end + 2;
    return name;
  }

  private ahead(text: string): boolean {
    return this.pattern.startsWith(text, this.at);
  }
}
