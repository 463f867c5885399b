// What the lexer of execlineb does at each character in each state: one table. Follows skarnet.org's execlineb 2.9, whose
// automaton this is in other words.

import type { ByteString } from "../bytes.ts";

/** The characters of each class; what is in none is "blank" up to 32, else "other". NUL and the end of the text are "end". */
const MEMBERS = {
  newline: "\n",
  quote: '"',
  hash: "#",
  backslash: "\\",
  open: "{",
  close: "}",
  zero: "0",
  octal: "1234567",
  decimal: "89",
  x: "x",
  control: "tnvr",
  hexControl: "abf",
  hex: "cdeABCDEF",
} as const;

export type CharClass = "end" | "blank" | "other" | keyof typeof MEMBERS;

export type LexerState =
  | "between"
  | "comment"
  | "word"
  | "opening"
  | "closing"
  | "escape"
  | "wordEscape"
  | "quote"
  | "quoteEscape"
  | "zero"
  | "hex"
  | "hexDigit"
  | "octalDigit"
  | "octalDigits"
  | "decimalDigit"
  | "decimalDigits"
  | "number"
  | "done";

type Action =
  | "skip"
  | "begin" // a word whose first character is still to come
  | "first" // a word, this character its first
  | "add"
  | "control" // the control character that this letter stands for
  | "hexadecimal" // one more digit of a number
  | "octal"
  | "decimal"
  | "byte" // the number is complete: add its byte, and read this character again
  | "again" // read this character again in the next state
  | "finish" // the word is complete
  | "open"
  | "close"
  | "unterminated"
  | "badNumber"
  | "dangling";

export interface Cell {
  readonly do: Action;
  readonly to: LexerState;
}

type Row = Readonly<Record<CharClass, Cell>>;

const CLASSES: readonly CharClass[] = ["end", "blank", "other", ...Object.keys(MEMBERS) as (keyof typeof MEMBERS)[]];

function cell(action: Action, to: LexerState): Cell {
  return { do: action, to };
}

/** A row that treats every class alike, but for the exceptions. */
function row(all: Cell, exceptions: Partial<Row>): Row {
  return { ...Object.fromEntries(CLASSES.map((name) => [name, all])) as Row, ...exceptions };
}

const unterminated = cell("unterminated", "done");
const badNumber = cell("badNumber", "done");
const wordEnd = {
  end: cell("finish", "done"),
  newline: cell("finish", "between"),
  blank: cell("finish", "between"),
};
// The original takes a quote as closed where the text ends right behind a number, and so do we.
const byteDone = row(cell("byte", "quote"), { end: cell("byte", "word") });

function digits(classes: readonly CharClass[], to: Cell): Partial<Row> {
  return Object.fromEntries(classes.map((name) => [name, to]));
}

const OCTAL: readonly CharClass[] = ["zero", "octal"];
const DECIMAL: readonly CharClass[] = [...OCTAL, "decimal"];
const HEXADECIMAL: readonly CharClass[] = [...DECIMAL, "hexControl", "hex"];

/** Behind a brace that begins a word. A backslash newline leaves it pending, to become the beginning of the next word. */
function brace(action: "open" | "close"): Row {
  return row(cell("again", "word"), {
    end: cell(action, "done"),
    newline: cell(action, "between"),
    blank: cell(action, "between"),
    backslash: cell("skip", "escape"),
  });
}

/** What happens at each character in each state. */
export const LEXER: Readonly<Record<LexerState, Row>> = {
  between: row(cell("first", "word"), {
    end: cell("skip", "done"),
    newline: cell("skip", "between"),
    blank: cell("skip", "between"),
    hash: cell("skip", "comment"),
    quote: cell("begin", "quote"),
    backslash: cell("skip", "escape"),
    open: cell("first", "opening"),
    close: cell("first", "closing"),
  }),
  comment: row(cell("skip", "comment"), {
    end: cell("skip", "done"),
    newline: cell("skip", "between"),
  }),
  word: row(cell("add", "word"), {
    ...wordEnd,
    quote: cell("skip", "quote"),
    backslash: cell("skip", "wordEscape"),
  }),
  opening: brace("open"),
  closing: brace("close"),
  escape: row(cell("first", "word"), {
    end: cell("skip", "done"),
    newline: cell("skip", "between"),
  }),
  wordEscape: row(cell("add", "word"), {
    end: cell("dangling", "done"),
  }),
  quote: row(cell("add", "quote"), {
    end: unterminated,
    quote: cell("skip", "word"),
    backslash: cell("skip", "quoteEscape"),
  }),
  quoteEscape: row(cell("add", "quote"), {
    end: unterminated,
    newline: cell("skip", "quote"),
    zero: cell("skip", "zero"),
    octal: cell("decimal", "decimalDigit"),
    decimal: cell("decimal", "decimalDigit"),
    control: cell("control", "quote"),
    hexControl: cell("control", "quote"),
  }),
  zero: row(badNumber, {
    ...digits(OCTAL, cell("octal", "octalDigit")),
    x: cell("skip", "hex"),
  }),
  hex: row(badNumber, digits(HEXADECIMAL, cell("hexadecimal", "hexDigit"))),
  hexDigit: { ...byteDone, ...digits(HEXADECIMAL, cell("hexadecimal", "number")) },
  octalDigit: { ...byteDone, ...digits(OCTAL, cell("octal", "octalDigits")) },
  octalDigits: { ...byteDone, ...digits(OCTAL, cell("octal", "number")) },
  decimalDigit: { ...byteDone, ...digits(DECIMAL, cell("decimal", "decimalDigits")) },
  decimalDigits: { ...byteDone, ...digits(DECIMAL, cell("decimal", "number")) },
  number: byteDone,
  done: row(cell("skip", "done"), {}),
};

const CLASS_OF: CharClass[] = Array.from(
  { length: 256 },
  (_, code) => code === 0 ? "end" : code <= 32 ? "blank" : "other",
);
for (const [name, members] of Object.entries(MEMBERS)) {
  for (const char of members) CLASS_OF[char.charCodeAt(0)] = name as CharClass;
}

/** The class of the byte at this place of the text. */
export function classAt(text: ByteString, at: number): CharClass {
  return at < text.length ? CLASS_OF[text.charCodeAt(at)]! : "end";
}
