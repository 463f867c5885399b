// POSIX regular expressions, extended and basic, read into trees. Follows regcomp(3) of glibc, with its escapes
// \w \W \s \S \b \B \< \> \` \' and with what it refuses: a repetition of nothing, an interval that is none.

import type { ByteString } from "../bytes.ts";
import { BadPattern, bracketAt, type ByteSet, setOf } from "./bracket.ts";

/** What stands on one side of a place in a text, as far as a condition can ask. */
export type Neighbour = "nothing" | "newline" | "word" | "period" | "slash" | "other";

/** Whether a place between two bytes of the text, or at its ends, will do. */
export type Assertion = (before: Neighbour, after: Neighbour) => boolean;

export type Tree =
  | { readonly kind: "set"; readonly set: ByteSet }
  | { readonly kind: "condition"; readonly holds: Assertion }
  | { readonly kind: "sequence" | "choice"; readonly parts: readonly Tree[] }
  | { readonly kind: "repeat"; readonly parts: readonly [Tree]; readonly least: number; readonly most: number }
  | { readonly kind: "group"; readonly parts: readonly [Tree]; readonly number: number }
  | { readonly kind: "reference"; readonly number: number };

export interface Syntax {
  readonly extended: boolean;
  readonly ignoreCase: boolean;
  /** ^ and $ also hold at the ends of lines within the text, and only a newline itself matches a newline. */
  readonly byLine?: boolean;
}

const WORD = "09AZaz__";
const SPACE = "\t\r  ";
const ANY = setOf("\0\xff");
const NOT_NEWLINE = setOf("\n\n", true);
const NEWLINE = 10;
const MOST_REPEATS = 32767;

const NEIGHBOURS: readonly Neighbour[] = Array.from({ length: 256 }, (_, byte) => neighbourOfChar(byte));

function neighbourOfChar(byte: number): Neighbour {
  const char = String.fromCharCode(byte);
  if (/[0-9A-Za-z_]/.test(char)) return "word";
  return char === "\n" ? "newline" : char === "." ? "period" : char === "/" ? "slash" : "other";
}

/** The neighbour that a byte is. */
export function neighbourOf(byte: number): Neighbour {
  return NEIGHBOURS[byte] ?? "nothing";
}

/** True if the condition holds at this place of the text. */
export function holdsAt(holds: Assertion, text: ByteString, at: number): boolean {
  return holds(neighbourOf(text.charCodeAt(at - 1)), neighbourOf(text.charCodeAt(at)));
}

const SETS: Readonly<Record<string, ByteSet>> = {
  w: setOf(WORD),
  W: setOf(WORD, true),
  s: setOf(SPACE),
  S: setOf(SPACE, true),
};

const atStart: Assertion = (before) => before === "nothing";
const atEnd: Assertion = (_before, after) => after === "nothing";
const atLineStart: Assertion = (before) => before === "nothing" || before === "newline";
const atLineEnd: Assertion = (_before, after) => after === "nothing" || after === "newline";

const CONDITIONS: Readonly<Record<string, Assertion>> = {
  b: (before, after) => (before === "word") !== (after === "word"),
  B: (before, after) => (before === "word") === (after === "word"),
  "<": (before, after) => before !== "word" && after === "word",
  ">": (before, after) => before === "word" && after !== "word",
  "`": atStart,
  "'": atEnd,
};

type Token =
  | { readonly kind: "end" | "open" | "close" | "or" | "interval" | "intervalEnd" | "bracket" | "backslash" }
  | { readonly kind: "star" | "plus" | "question"; readonly char: string }
  | { readonly kind: "tree"; readonly tree: Tree; readonly back?: number }
  | { readonly kind: "condition"; readonly holds: Assertion }
  | { readonly kind: "char"; readonly char: string };

interface Placed {
  readonly token: Token;
  readonly end: number;
}

const SPECIAL: Readonly<Record<string, Token>> = {
  "(": { kind: "open" },
  ")": { kind: "close" },
  "{": { kind: "interval" },
  "}": { kind: "intervalEnd" },
  "|": { kind: "or" },
  "+": { kind: "plus", char: "+" },
  "?": { kind: "question", char: "?" },
};

const REPEATS = new Set<Token["kind"]>(["star", "plus", "question", "interval"]);

/** Capitals for small letters. */
export function folded(text: ByteString): ByteString {
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

/**
 * The tree of an expression, and how many groups it has.
 * @throws BadPattern
 */
export function parseExpression(pattern: ByteString, syntax: Syntax): { tree: Tree; groups: number } {
  const parser = new Parser(pattern, syntax);
  return { tree: parser.whole(), groups: parser.groups };
}

/** What is open between two parentheses, or around all of them. */
interface Level {
  /** The number of the group; 0 outside of all. */
  readonly number: number;
  /** The branches that are complete. */
  readonly branches: Tree[];
  /** The pieces of the branch that is not. */
  pieces: Tree[];
}

function joined(kind: "sequence" | "choice", parts: readonly Tree[]): Tree {
  return parts.length === 1 ? parts[0]! : { kind, parts };
}

class Parser {
  groups = 0;
  private readonly closed = new Set<number>();
  private readonly singles: ByteSet[] = [];
  private placed: Placed;
  private at = 0;

  constructor(private readonly text: ByteString, private readonly syntax: Syntax) {
    this.placed = this.tokenAt(0, true);
  }

  private get token(): Token {
    return this.placed.token;
  }

  /** Goes on to the next token. In front of it a ^ is an anchor if `caret` is set or the expression begins here. */
  private advance(caret = false): void {
    this.at = this.placed.end;
    this.placed = this.tokenAt(this.at, caret);
  }

  /** With a stack rather than recursion, as groups may nest as deep as the expression is long. */
  whole(): Tree {
    const levels: Level[] = [{ number: 0, branches: [], pieces: [] }];
    for (;;) {
      const level = levels.at(-1)!;
      const { token } = this;
      if (token.kind === "or") {
        this.advance(true);
        level.branches.push(joined("sequence", level.pieces));
        level.pieces = [];
      } else if (token.kind === "open") {
        this.advance(true);
        levels.push({ number: ++this.groups, branches: [], pieces: [] });
      } else if (token.kind === "end" || (token.kind === "close" && levels.length > 1)) {
        const tree = joined("choice", [...level.branches, joined("sequence", level.pieces)]);
        if (levels.length === 1) return tree;
        levels.pop();
        levels.at(-1)!.pieces.push(this.group(level.number, tree));
      } else level.pieces.push(this.piece(token));
    }
  }

  private group(number: number, part: Tree): Tree {
    if (this.token.kind !== "close") throw new BadPattern();
    this.advance();
    this.closed.add(number);
    return this.withRepeats({ kind: "group", parts: [part], number });
  }

  private piece(token: Token): Tree {
    if (token.kind !== "condition") return this.withRepeats(this.atom(token));
    // Nothing repeats an anchor.
    this.advance();
    return { kind: "condition", holds: token.holds };
  }

  private withRepeats(atom: Tree): Tree {
    let tree = atom;
    while (REPEATS.has(this.token.kind)) {
      tree = this.repeated(tree);
      const again = this.token.kind === "star" || this.token.kind === "interval";
      if (again && !this.syntax.extended) throw new BadPattern();
    }
    return tree;
  }

  private atom(token: Token): Tree {
    switch (token.kind) {
      case "bracket": {
        const { set, end } = bracketAt(this.text, this.at, (char) => this.fold(char));
        if (this.syntax.byLine && this.text[this.at + 1] === "^") set[NEWLINE] = 0;
        this.placed = this.tokenAt(end, false);
        this.at = end;
        return { kind: "set", set };
      }
      case "tree":
        if (token.back !== undefined && !this.closed.has(token.back)) throw new BadPattern();
        this.advance();
        return token.tree;
      case "char":
        return this.literal(token.char);
      case "intervalEnd":
        return this.literal("}");
      case "close":
        if (this.syntax.extended) return this.literal(")");
        throw new BadPattern();
      case "star":
      case "plus":
      case "question":
        if (!this.syntax.extended) return this.literal(token.char);
        throw new BadPattern();
      default:
        throw new BadPattern();
    }
  }

  private literal(char: string): Tree {
    this.advance();
    return { kind: "set", set: this.single(this.fold(char).charCodeAt(0)) };
  }

  private repeated(part: Tree): Tree {
    const { kind } = this.token;
    let [least, most] = [kind === "plus" ? 1 : 0, kind === "question" ? 1 : Infinity];
    if (kind === "interval") [least, most] = this.interval();
    else this.advance();
    return most === 0 ? { kind: "sequence", parts: [] } : { kind: "repeat", parts: [part], least, most };
  }

  private interval(): [least: number, most: number] {
    const pattern = this.syntax.extended ? /([0-9]*)(?:(,)([0-9]*))?\}/y : /([0-9]*)(?:(,)([0-9]*))?\\\}/y;
    pattern.lastIndex = this.placed.end;
    const [whole, low, comma = "", high] = pattern.exec(this.text) ?? [];
    if (whole === undefined || (low === "" && comma === "")) throw new BadPattern();
    const least = Number(low);
    const most = comma === "" ? least : high === "" ? Infinity : Number(high);
    if (least > most || (most === Infinity ? least : most) > MOST_REPEATS) throw new BadPattern();
    this.at = this.placed.end + whole.length;
    this.placed = this.tokenAt(this.at, false);
    return [least, most];
  }

  /** The set of one byte, made once: most of an expression are such. */
  private single(code: number): ByteSet {
    const char = String.fromCharCode(code);
    return this.singles[code] ??= setOf(char + char);
  }

  private fold(char: string): string {
    return this.syntax.ignoreCase ? folded(char) : char;
  }

  private tokenAt(at: number, caret: boolean): Placed {
    const char = this.text[at];
    const { extended, byLine } = this.syntax;
    const is = (token: Token): Placed => ({ token, end: at + 1 });
    if (char === undefined) return { token: { kind: "end" }, end: at };
    if (char === "\\") return this.escaped(at);
    if (char === "[") return is({ kind: "bracket" });
    if (char === ".") return is({ kind: "tree", tree: { kind: "set", set: byLine ? NOT_NEWLINE : ANY } });
    if (char === "*") return is({ kind: "star", char });
    if (char === "^" && (extended || caret || at === 0)) {
      return is({ kind: "condition", holds: byLine ? atLineStart : atStart });
    }
    if (char === "$" && (extended || this.closesBranch(at + 1))) {
      return is({ kind: "condition", holds: byLine ? atLineEnd : atEnd });
    }
    if (extended && Object.hasOwn(SPECIAL, char)) return is(SPECIAL[char]!);
    return is({ kind: "char", char });
  }

  private closesBranch(at: number): boolean {
    return at === this.text.length || this.text.startsWith("\\)", at) || this.text.startsWith("\\|", at);
  }

  private escaped(at: number): Placed {
    const char = this.text[at + 1];
    const is = (token: Token): Placed => ({ token, end: at + 2 });
    if (char === undefined) return is({ kind: "backslash" });
    if (/[1-9]/.test(char)) {
      const number = Number(char);
      return is({ kind: "tree", tree: { kind: "reference", number }, back: number });
    }
    if (Object.hasOwn(SETS, char)) return is({ kind: "tree", tree: { kind: "set", set: SETS[char]! } });
    if (Object.hasOwn(CONDITIONS, char)) return is({ kind: "condition", holds: CONDITIONS[char]! });
    if (!this.syntax.extended && Object.hasOwn(SPECIAL, char)) return is(SPECIAL[char]!);
    return is({ kind: "char", char });
  }
}
