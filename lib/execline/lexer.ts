// The lexer of execlineb: script text to argument vector, by the table in lexer_table.ts. Blocks are encoded as execline
// does: a leading blank for each level of nesting, an empty word at the end. Follows skarnet.org's execlineb 2.9; errors
// also name the place.

import type { ByteString } from "../bytes.ts";
import { Budget } from "../image/budget.ts";
import { EXIT, Failure } from "../report.ts";
import { type Cell, classAt, LEXER, type LexerState } from "./lexer_table.ts";

const CONTROL_LETTERS = "abtnvfr";
const CONTROL_VALUES = "\x07\b\t\n\v\f\r";
const BASE = { octal: 8, decimal: 10, hexadecimal: 16 } as const;

/** A place in a text: lines and columns are counted from 1, columns in bytes. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** Where the byte at this offset is. */
export function placeIn(text: ByteString, at: number): TextPlace {
  const before = text.slice(0, at);
  return { line: before.split("\n").length, column: at - before.lastIndexOf("\n") };
}

/** A text is not a script: exit code 100, and the place of the fault. */
export class ScriptFailure extends Failure {
  /** @param file what the script was read from */
  constructor(readonly fault: string, readonly place: TextPlace, file: ByteString | undefined) {
    const from = file === undefined ? "" : `${file}, `;
    super(EXIT.usage, `${from}line ${place.line}, column ${place.column}: ${fault}`);
  }
}

/** A word of a script, and where it stands. */
interface PlacedWord {
  readonly word: ByteString;
  /** The offset at which it begins in the text, and the one behind it. */
  readonly at: number;
  readonly end: number;
  /** How many blocks it is in; the empty word that ends a block is not in that block. */
  readonly depth: number;
}

class Lexer {
  readonly argv: ByteString[] = [];
  /** Where each block that is still open began. */
  private readonly blocks: number[] = [];
  private at = 0;
  /** What a backslash newline left pending, which becomes the beginning of the next word. */
  private pending = "";
  private word = "";
  /** How many bytes the words come to. */
  private size = 0;
  private number = 0;
  private wordStart = 0;
  private escapeStart = 0;
  private quoteStart = 0;

  constructor(
    private readonly text: ByteString,
    private readonly file: ByteString | undefined,
    private readonly budget: Budget,
    /** Takes all words with their places. */
    private readonly placed?: PlacedWord[],
  ) {}

  run(): ByteString[] {
    let state: LexerState = "between";
    while (state !== "done") {
      const cell: Cell = LEXER[state][classAt(this.text, this.at)];
      if (cell.to !== state) this.note(state, cell.to);
      this.act(cell);
      state = cell.to;
    }
    const open = this.blocks.at(-1);
    if (open !== undefined) throw this.error("unterminated block", open);
    return this.argv;
  }

  /** Remembers the places that errors point at. */
  private note(from: LexerState, to: LexerState): void {
    if (to === "quote" && (from === "between" || from === "word")) this.quoteStart = this.at;
    if (to === "quoteEscape" || to === "wordEscape") {
      this.escapeStart = this.at;
      this.number = 0;
    }
  }

  private act(cell: Cell): void {
    const { do: action } = cell;
    switch (action) {
      case "again":
        return;
      case "skip":
        this.at = this.endOfRun(cell);
        return;
      case "byte":
        return this.addNumber();
      case "begin":
        this.beginWord();
        break;
      case "first":
        this.beginWord();
        this.word += this.text[this.at];
        break;
      case "add":
        return this.addRun(cell);
      case "control":
        this.word += CONTROL_VALUES[CONTROL_LETTERS.indexOf(this.text[this.at]!)];
        break;
      case "hexadecimal":
      case "octal":
      case "decimal":
        this.number = this.number * BASE[action] + Number.parseInt(this.text[this.at]!, 16);
        break;
      case "finish":
        this.finishWord();
        break;
      case "open":
        this.openBlock();
        break;
      case "close":
        this.closeBlock();
        break;
      case "unterminated":
        throw this.error('syntax error: unterminated "', this.quoteStart);
      case "badNumber":
        throw this.error("syntax error: \\0 needs octal digits, or x and hexadecimal ones", this.escapeStart);
      case "dangling":
        throw this.error("syntax error: nothing follows the backslash", this.escapeStart);
    }
    this.at++;
  }

  /** Adds this character, and those behind it for which the table has the same. */
  private addRun(cell: Cell): void {
    const end = this.endOfRun(cell);
    this.word += this.text.slice(this.at, end);
    this.at = end;
  }

  /** Where something else begins than what this character does. */
  private endOfRun(cell: Cell): number {
    const row = LEXER[cell.to];
    let end = this.at + 1;
    while (end < this.text.length && row[classAt(this.text, end)] === cell) end++;
    return end;
  }

  private addNumber(): void {
    if (this.number < 1 || this.number > 255) {
      throw this.error(`syntax error: ${this.number} is not the value of a byte`, this.escapeStart);
    }
    this.word += String.fromCharCode(this.number);
  }

  private beginWord(): void {
    this.wordStart = this.at;
    this.pending += this.word;
    this.word = " ".repeat(this.blocks.length);
  }

  private finishWord(): void {
    const word = this.pending + this.word;
    this.size += word.length + 1;
    this.budget.words(this.argv.length + 1);
    this.budget.word(word.length);
    this.budget.expansion(this.size);
    this.argv.push(word);
    this.placed?.push({ word, at: this.wordStart, end: this.at, depth: this.blocks.length });
    this.pending = this.word = "";
  }

  /** The brace and its blanks are not a word. */
  private openBlock(): void {
    this.word = "";
    this.blocks.push(this.wordStart);
    this.budget.depth(this.blocks.length);
  }

  private closeBlock(): void {
    if (this.blocks.pop() === undefined) throw this.error("unmatched }", this.wordStart);
    this.word = " ".repeat(this.blocks.length);
    this.finishWord();
  }

  private error(fault: string, at: number): ScriptFailure {
    return new ScriptFailure(fault, placeIn(this.text, at), this.file);
  }
}

/**
 * The argument vector that a script stands for; `file` is what errors say it was read from.
 * @throws ScriptFailure if the text is not a script
 */
export function lex(text: ByteString, file?: ByteString, budget: Budget = Budget.unlimited): ByteString[] {
  budget.script(text.length);
  budget.steps(text.length >> 2);
  return new Lexer(text, file, budget).run();
}

/**
 * The same words, each with its place. The word that ends a block begins at the brace.
 * @throws ScriptFailure if the text is not a script
 */
export function placedWords(text: ByteString): PlacedWord[] {
  const placed: PlacedWord[] = [];
  new Lexer(text, undefined, Budget.unlimited, placed).run();
  return placed;
}
