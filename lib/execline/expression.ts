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

/** A parsed expression: its value for a subject. */
type Expression = (subject: Subject) => boolean;

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

// The original looks at whole seconds only.
function seconds(nanoseconds: bigint): bigint {
  return nanoseconds / 1_000_000_000n;
}

/** A file that does not exist is older than all others. */
function isNewer(path: ByteString, other: ByteString, subject: Subject): boolean {
  const [one, two] = [subject.find(path), subject.find(other)];
  return one !== undefined && (two === undefined || seconds(one.modified) > seconds(two.modified));
}

const JOINING = new Set(["!", "-a", "-o", "(", ")"]);

class Parser {
  private at = 0;

  constructor(private readonly words: readonly ByteString[], private readonly withPatterns: boolean) {}

  whole(): Expression {
    const expression = this.alternatives();
    return this.at < this.words.length ? this.unexpected() : expression;
  }

  private alternatives(): Expression {
    let left = this.conjunction();
    while (this.accept("-o")) {
      const [one, other] = [left, this.conjunction()];
      left = (subject) => one(subject) || other(subject);
    }
    return left;
  }

  private conjunction(): Expression {
    let left = this.negation();
    while (this.accept("-a")) {
      const [one, other] = [left, this.negation()];
      left = (subject) => one(subject) && other(subject);
    }
    return left;
  }

  private negation(): Expression {
    if (!this.accept("!")) return this.primary();
    const expression = this.negation();
    return (subject) => !expression(subject);
  }

  private primary(): Expression {
    if (this.accept("(")) {
      const expression = this.alternatives();
      return this.accept(")") ? expression : this.unexpected();
    }
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
 * @throws Failure with code 100 if it is no expression
 */
export function evaluate(words: readonly ByteString[], subject: Subject, withPatterns = true): boolean {
  return words.length > 0 && new Parser(words, withPatterns).whole()(subject);
}
