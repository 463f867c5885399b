// Test expressions, as eltest and s6-test have them. Every word that looks like an operator is one, unless a backslash
// begins it; "!" binds tightest, then -a, then -o. Follows skarnet.org's eltest page.

import type { ByteString } from "../bytes.ts";
import type { FileStatus } from "../os/os.ts";
import { invalid } from "../report.ts";
import { regularExpression } from "../regexp/pattern.ts";

/** What an expression may ask about. */
export interface Subject {
  /** Following links; undefined where nothing is. */
  find(path: ByteString): FileStatus | undefined;
  findLink(path: ByteString): FileStatus | undefined;
  mayRead(path: ByteString): boolean;
  mayWrite(path: ByteString): boolean;
  mayExecute(path: ByteString): boolean;
  isTerminal(fd: number): boolean;
  variable(name: ByteString): ByteString | undefined;
  readonly uid: number;
  readonly gid: number;
}

/** A test with its operands: its value for a subject. */
type Test = (subject: Subject) => boolean;

/**
 * A step of an expression, which is a list of them, as words may nest as deep as they are many. There is one value: a
 * test sets it, "not" turns it over, and "skip" goes on at another step if it has the given value, so that what need
 * not be tested is not.
 */
type Step =
  | { readonly do: "test"; readonly test: Test }
  | { readonly do: "not" }
  | { readonly do: "skip"; readonly if: boolean; to: number };

type Unary = (operand: ByteString, subject: Subject) => boolean;
type Binary = (left: ByteString, right: ByteString, subject: Subject) => boolean;

function status(test: (status: FileStatus, subject: Subject) => boolean): Unary {
  return (path, subject) => {
    const found = subject.find(path);
    return found !== undefined && test(found, subject);
  };
}

const isLink: Unary = (path, subject) => subject.findLink(path)?.kind === "link";

const UNARY: Readonly<Record<string, Unary>> = {
  "-b": status(({ kind }) => kind === "block"),
  "-c": status(({ kind }) => kind === "character"),
  "-d": status(({ kind }) => kind === "directory"),
  "-e": status(() => true),
  "-f": status(({ kind }) => kind === "file"),
  "-g": status(({ mode }) => (mode & 0o2000) !== 0),
  "-G": status(({ gid }, subject) => gid === subject.gid),
  "-h": isLink,
  "-k": status(({ mode }) => (mode & 0o1000) !== 0),
  "-L": isLink,
  "-n": (word) => word !== "",
  "-N": status(({ modified, accessed }) => seconds(modified) > seconds(accessed)),
  "-O": status(({ uid }, subject) => uid === subject.uid),
  "-p": status(({ kind }) => kind === "fifo"),
  "-r": (path, subject) => subject.mayRead(path),
  "-s": status(({ size }) => size > 0),
  "-S": status(({ kind }) => kind === "socket"),
  "-t": (word, subject) => subject.isTerminal(integer(word) ?? fault("-t requires an integer argument")),
  "-u": status(({ mode }) => (mode & 0o4000) !== 0),
  "-U": status(({ uid }, subject) => uid === subject.uid),
  "-v": (name, subject) => subject.variable(name) !== undefined,
  "-w": (path, subject) => subject.mayWrite(path),
  "-x": (path, subject) => subject.mayExecute(path),
  "-z": (word) => word === "",
};

const BINARY: Readonly<Record<string, Binary>> = {
  "=": (left, right) => left === right,
  "!=": (left, right) => left !== right,
  "<": (left, right) => left < right,
  "<=": (left, right) => left <= right,
  ">": (left, right) => left > right,
  ">=": (left, right) => left >= right,
  "-eq": integers("-eq", (left, right) => left === right),
  "-ne": integers("-ne", (left, right) => left !== right),
  "-gt": integers("-gt", (left, right) => left > right),
  "-ge": integers("-ge", (left, right) => left >= right),
  "-lt": integers("-lt", (left, right) => left < right),
  "-le": integers("-le", (left, right) => left <= right),
  "-nt": (left, right, subject) => isNewer(left, right, subject),
  "-ot": (left, right, subject) => subject.find(left) === undefined || isNewer(right, left, subject),
  "-ef": (left, right, subject) => {
    const [one, other] = [subject.find(left), subject.find(right)];
    return one !== undefined && one.inode === other?.inode && one.device === other.device;
  },
  "=~": (text, pattern) => regularExpression(pattern, { extended: true, ignoreCase: false }).test(text),
};

function fault(text: string): never {
  throw invalid(text);
}

/** The integer that a word begins with. */
function integer(word: ByteString): number | undefined {
  const digits = /^[+-]?[0-9]+/.exec(word);
  return digits === null ? undefined : Number(digits[0]);
}

function integers(name: string, compare: (left: number, right: number) => boolean): Binary {
  return (left, right) => {
    const [one, other] = [integer(left), integer(right)];
    if (one === undefined || other === undefined) return fault(`${name} requires integer arguments`);
    return compare(one, other);
  };
}

// The original compares whole seconds only.
function seconds(nanoseconds: bigint): bigint {
  return nanoseconds / 1_000_000_000n;
}

/** A file that does not exist is older than all others. */
function isNewer(path: ByteString, other: ByteString, subject: Subject): boolean {
  const [one, two] = [subject.find(path), subject.find(other)];
  return one !== undefined && (two === undefined || seconds(one.modified) > seconds(two.modified));
}

const JOINING = new Set(["!", "-a", "-o", "(", ")"]);

/** What is open between two parentheses, or around all of them. */
class Level {
  /** The steps that skip the rest of an -a, or of an -o, and do not know yet where it ends. */
  and: (Step & { do: "skip" }) | undefined;
  or: (Step & { do: "skip" }) | undefined;
  /** An odd number of "!" stands before the operand to come. */
  negated = false;
}

class Parser {
  private readonly steps: Step[] = [];
  private at = 0;

  constructor(private readonly words: readonly ByteString[], private readonly withPatterns: boolean) {}

  whole(): readonly Step[] {
    const levels = [new Level()];
    for (;;) {
      const level = levels.at(-1)!;
      while (this.accept("!")) level.negated = !level.negated;
      if (this.accept("(")) levels.push(new Level());
      else {
        this.steps.push({ do: "test", test: this.test() });
        if (!this.goesOn(levels)) return this.steps;
      }
    }
  }

  /** Closes what is complete behind an operand. False at the end of the expression, else one more operand follows. */
  private goesOn(levels: Level[]): boolean {
    for (let level = levels.at(-1)!;; level = levels.at(-1)!) {
      if (level.negated) this.steps.push({ do: "not" });
      level.negated = false;
      if (level.and !== undefined) level.and.to = this.steps.length;
      level.and = this.accept("-a") ? this.skip(false) : undefined;
      if (level.and !== undefined) return true;
      if (level.or !== undefined) level.or.to = this.steps.length;
      level.or = this.accept("-o") ? this.skip(true) : undefined;
      if (level.or !== undefined) return true;
      if (levels.length === 1) return this.at < this.words.length ? this.unexpected() : false;
      if (!this.accept(")")) this.unexpected();
      levels.pop();
    }
  }

  private skip(value: boolean): Step & { do: "skip" } {
    const step = { do: "skip" as const, if: value, to: 0 };
    this.steps.push(step);
    return step;
  }

  private test(): Test {
    const test = lookUp(UNARY, this.words[this.at]);
    if (test !== undefined) {
      this.at++;
      const operand = this.operand();
      return (subject) => test(operand, subject);
    }
    const left = this.operand();
    const compare = this.binaryOperator();
    if (compare === undefined) return () => left !== "";
    const right = this.operand();
    return (subject) => compare(left, right, subject);
  }

  private binaryOperator(): Binary | undefined {
    const word = this.words[this.at];
    const compare = word === "=~" && !this.withPatterns ? undefined : lookUp(BINARY, word);
    if (compare !== undefined) this.at++;
    return compare;
  }

  /** A word that is data. */
  private operand(): ByteString {
    const word = this.words[this.at];
    if (word === undefined || JOINING.has(word) || lookUp(UNARY, word) || lookUp(BINARY, word)) {
      return this.unexpected();
    }
    this.at++;
    return word.startsWith("\\") ? word.slice(1) : word;
  }

  private accept(word: string): boolean {
    if (this.words[this.at] !== word) return false;
    this.at++;
    return true;
  }

  private unexpected(): never {
    return fault(`parse error at argument ${this.at}`);
  }
}

function lookUp<T>(table: Readonly<Record<string, T>>, word: ByteString | undefined): T | undefined {
  return word !== undefined && Object.hasOwn(table, word) ? table[word] : undefined;
}

/**
 * The value of an expression. No words at all are false.
 * @param withPatterns `=~` is an operator; s6-test does not have it
 * @throws Failure with code 100 if it is not an expression
 */
export function evaluate(words: readonly ByteString[], subject: Subject, withPatterns = true): boolean {
  if (words.length === 0) return false;
  const steps = new Parser(words, withPatterns).whole();
  let value = false;
  for (let at = 0; at < steps.length; at++) {
    const step = steps[at]!;
    if (step.do === "test") value = step.test(subject);
    else if (step.do === "not") value = !value;
    else if (value === step.if) at = step.to - 1;
  }
  return value;
}
