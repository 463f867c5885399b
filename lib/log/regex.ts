// POSIX extended regular expressions as JavaScript ones. Only "does it match somewhere in the line" is asked, for which
// leftmost-longest and backtracking agree. The result is meant for a text of whole lines ended by newlines: nothing in
// it matches a newline, and ^ and $ hold at the ends of each line. Bytes are chars; classes are those of the C locale.
// One difference: a reference to a group that took no part in the match (a|(b)*\1) matches nothing there, all here.
// Follows regcomp(3) with REG_EXTENDED and REG_NEWLINE, and the GNU escapes \w \W \s \S \b \B \< \> \` \'.

import type { ByteString } from "../bytes.ts";

const CLASSES: Readonly<Record<string, string>> = {
  alpha: "a-zA-Z",
  digit: "0-9",
  alnum: "a-zA-Z0-9",
  upper: "A-Z",
  lower: "a-z",
  space: " \\t\\r\\v\\f",
  blank: " \\t",
  punct: "!-\\/:-@\\[-`{-~",
  print: " -~",
  graph: "!-~",
  cntrl: "\\x00-\\x09\\x0b-\\x1f\\x7f",
  xdigit: "0-9a-fA-F",
};

const NOTHING = "(?!)";
const LINE_START = "(?<![^\\n])";
const LINE_END = "(?![^\\n])";

const ESCAPES: Readonly<Record<string, string>> = {
  w: "[a-zA-Z0-9_]",
  W: "[^a-zA-Z0-9_\\n]",
  s: "[ \\t\\r\\v\\f]",
  S: "[^ \\t\\r\\v\\f\\n]",
};

const ANCHORS: Readonly<Record<string, string>> = {
  b: "\\b",
  B: "\\B",
  "<": "\\b(?=[a-zA-Z0-9_])",
  ">": "\\b(?<=[a-zA-Z0-9_])",
  "`": LINE_START,
  "'": LINE_END,
};

const MOST_REPEATS = 32767;

class BadPattern extends Error {}

/** The expression, with the flag g; undefined if it is not one. */
export function compileRegex(pattern: ByteString): RegExp | undefined {
  try {
    const reader = new Reader(pattern);
    const source = reader.alternatives(0);
    return new RegExp(source, "g");
  } catch (error) {
    if (error instanceof BadPattern || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

class Reader {
  private at = 0;
  private groups = 0;
  private readonly closed = new Set<number>();

  constructor(private readonly text: ByteString) {}

  private get next(): string | undefined {
    return this.text[this.at];
  }

  private skip(char: string): boolean {
    if (this.next !== char) return false;
    this.at++;
    return true;
  }

  /** A branch, or several with "|" between them; `depth` is the number of groups around it. */
  alternatives(depth: number): string {
    let source = this.branch(depth);
    while (this.skip("|")) source += "|" + this.branch(depth);
    return source;
  }

  private branch(depth: number): string {
    let source = "";
    for (;;) {
      const char = this.next;
      if (char === undefined || char === "|" || (char === ")" && depth > 0)) return source;
      if (this.repeatAhead()) throw new BadPattern();
      const anchor = this.anchor();
      // Nothing repeats an anchor: a repetition behind one stands at the beginning of a piece, and is an error.
      source += anchor ?? this.repeated(this.atom(depth));
    }
  }

  private repeatAhead(): boolean {
    return this.next !== undefined && "*+?{".includes(this.next);
  }

  private anchor(): string | undefined {
    if (this.skip("^")) return LINE_START;
    if (this.skip("$")) return LINE_END;
    const anchor = this.next === "\\" ? ANCHORS[this.text[this.at + 1] ?? ""] : undefined;
    if (anchor !== undefined) this.at += 2;
    return anchor;
  }

  private repeated(atom: string): string {
    let source = atom;
    while (this.repeatAhead()) {
      // Wrapped each time, as "a+?" is a lazy repetition in JavaScript and a repeated one here.
      source = `(?:${source})` + (this.next === "{" ? this.interval() : this.text[this.at++]!);
    }
    return source;
  }

  private interval(): string {
    const [whole, low, comma, high] = /^\{([0-9]*)(,?)([0-9]*)\}/.exec(this.text.slice(this.at)) ?? [];
    if (whole === undefined || (low === "" && comma === "")) throw new BadPattern();
    const least = Number(low);
    const most = comma === "" ? least : high === "" ? Infinity : Number(high);
    if (least > most || least > MOST_REPEATS || (most > MOST_REPEATS && most !== Infinity)) throw new BadPattern();
    this.at += whole.length;
    return `{${least},${most === Infinity ? "" : most}}`;
  }

  private atom(depth: number): string {
    const char = this.text[this.at++]!;
    switch (char) {
      case "(": {
        const group = ++this.groups;
        const inner = this.alternatives(depth + 1);
        if (!this.skip(")")) throw new BadPattern();
        this.closed.add(group);
        return `(${inner})`;
      }
      case ".":
        return "[^\\n]";
      case "[":
        return this.bracket();
      case "\\":
        return this.escape();
      case "\n":
        return NOTHING;
      default:
        return literal(char);
    }
  }

  private escape(): string {
    const char = this.text[this.at++];
    if (char === undefined) throw new BadPattern();
    if (/[1-9]/.test(char)) {
      if (!this.closed.has(Number(char))) throw new BadPattern();
      return `(?:\\${char})`;
    }
    return ESCAPES[char] ?? literal(char);
  }

  /** A bracket expression, behind its "[". */
  private bracket(): string {
    const negated = this.skip("^");
    let items = "";
    for (let first = true; first || this.next !== "]"; first = false) items += this.item(first);
    this.at++;
    if (negated) return `[^\\n${items}]`;
    return new RegExp(`[${items}]`).test("\n") ? `(?!\\n)[${items}]` : `[${items}]`;
  }

  private item(first: boolean): string {
    if (this.ahead("[:")) {
      const set = CLASSES[this.named(":")];
      if (set === undefined || this.rangeAhead()) throw new BadPattern();
      return set;
    }
    const equivalence = this.ahead("[=");
    // A dash in the middle is a range's, unless it begins one: "[a--]" is wrong, "[--/]" is not.
    if (this.ahead("-") && !first && !this.ahead("-]") && !this.ahead("--")) throw new BadPattern();
    const low = this.element();
    if (!this.rangeAhead()) return literal(low);
    this.at++;
    if (equivalence || this.ahead("[:") || this.ahead("[=")) throw new BadPattern();
    const high = this.element();
    if (low > high) throw new BadPattern();
    return `${literal(low)}-${literal(high)}`;
  }

  private ahead(text: string): boolean {
    return this.text.startsWith(text, this.at);
  }

  private rangeAhead(): boolean {
    return this.ahead("-") && !this.ahead("-]");
  }

  /** One char of a bracket expression, spelled plainly, as [.c.] or as [=c=]. */
  private element(): string {
    const kind = this.next === "[" ? this.text[this.at + 1] : undefined;
    if (kind === "." || kind === "=") {
      const name = this.named(kind);
      if (name.length !== 1) throw new BadPattern();
      return name;
    }
    const char = this.text[this.at++];
    if (char === undefined) throw new BadPattern();
    return char;
  }

  /** The name between "[:" and ":]", or their likes. */
  private named(kind: string): string {
    const end = this.text.indexOf(`${kind}]`, this.at + 2);
    if (end < 0) throw new BadPattern();
    const name = this.text.slice(this.at + 2, end);
    this.at = end + 2;
    return name;
  }
}

/** The char as a pattern for itself, inside and outside brackets. */
function literal(char: string): string {
  return /[a-zA-Z0-9 _]/.test(char) ? char : `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`;
}
