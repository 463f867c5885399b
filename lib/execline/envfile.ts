// Files of variables, as envfile reads them: lines of KEY = value, values with quotes and C escapes. Follows
// skarnet.org's envfile page; a backslash outside quotes stands only before a blank, a quote, itself or a newline.

import type { ByteString } from "../bytes.ts";
import { Failure } from "../report.ts";

/** The variables of a file, in order. NUL ends the file. */
export function parseEnvfile(content: ByteString, name: ByteString): [ByteString, ByteString][] {
  return new Reader(content.split("\0", 1)[0]!, name).all();
}

const SPACE = "[ \\t\\f\\r]*";
const EMPTY_LINE = new RegExp(`${SPACE}(?:#[^\\n]*)?(?:\\n|$)`, "y");
const ASSIGNMENT = new RegExp(`${SPACE}([^ \\t\\f\\r\\n="'?\\\\]+)${SPACE}=${SPACE}`, "y");
/** One part of a value that is not a quote: plain text, blanks, an escape. */
const PART = /([^ \t\f\r\n"\\]+)|([ \t\f\r]+)|\\([ \t\f\r\n"\\])/y;
const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|([^]))/g;
const LETTERS: Readonly<Record<string, string>> = {
  "\n": "",
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

class Reader {
  private at = 0;

  constructor(private readonly text: ByteString, private readonly name: ByteString) {}

  all(): [ByteString, ByteString][] {
    const variables: [ByteString, ByteString][] = [];
    while (this.at < this.text.length) {
      if (this.accept(EMPTY_LINE) !== undefined) continue;
      const key = this.accept(ASSIGNMENT) ?? this.fail();
      variables.push([key[1]!, this.value()]);
    }
    return variables;
  }

  private value(): ByteString {
    let value = "";
    let pending = ""; // blanks, which belong to the value if something follows them
    while (this.at < this.text.length && this.text[this.at] !== "\n") {
      const quoted = this.quoted();
      const [, plain, blanks, escaped] = quoted === undefined ? this.accept(PART) ?? this.fail() : [];
      if (blanks !== undefined) {
        pending += blanks;
        continue;
      }
      value += pending + (plain ?? (quoted === undefined ? escaped!.replace("\n", "") : this.unescape(quoted)));
      pending = "";
    }
    this.at++;
    return value.split("\0", 1)[0]!;
  }

  /**
   * What stands in quotes, if the value goes on with one. No expression looks for its end: one that has a choice at each
   * character would have to remember them all.
   */
  private quoted(): ByteString | undefined {
    if (this.text[this.at] !== '"') return undefined;
    for (let end = this.at + 1; end < this.text.length; end++) {
      const char = this.text[end];
      if (char === "\\") end++;
      else if (char === "\n") break;
      else if (char === '"') {
        const quoted = this.text.slice(this.at + 1, end);
        this.at = end + 1;
        return quoted;
      }
    }
    return this.fail();
  }

  private unescape(quoted: ByteString): ByteString {
    return quoted.replace(ESCAPE, (_, hexadecimal, octal, letter) => {
      if (letter === "x") return this.fail();
      if (letter !== undefined) return LETTERS[letter] ?? letter;
      return String.fromCharCode(parseInt(hexadecimal ?? octal, octal === undefined ? 16 : 8) & 0xff);
    });
  }

  private accept(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return undefined;
    this.at = pattern.lastIndex;
    return found;
  }

  private fail(): never {
    const line = this.text.slice(0, this.at).split("\n").length;
    throw new Failure(1, `in ${this.name}: syntax error line ${line}`);
  }
}
