// A script that has been read: in which language it is, and the words of it that can be known without running it.

import type { ByteString } from "../../bytes.ts";
import { placedWords, placeIn, ScriptFailure, type TextPlace } from "../../execline/lexer.ts";
import { baseName } from "../../image/locate.ts";
import { HEAD_SIZE, parseShebang, type Shebang, wordsOfEnv } from "../../image/shebang.ts";
import { hasForeignLineEnds, MOST_CONVERTED } from "../boot/line_ends.ts";
import type { ImageTree } from "./image_tree.ts";
import type { LintedScript } from "./survey.ts";

/** A word, and where it begins in the text. */
export interface ScriptWord {
  readonly at: number;
  /** Undefined where it is known only when the script runs. */
  readonly literal: ByteString | undefined;
}

/** A program that a script calls, and the words behind it. */
export interface Invocation {
  readonly program: string;
  readonly words: readonly ScriptWord[];
  /** The words before it that it is part of: programs that change the process for it. */
  readonly before: readonly ScriptWord[];
}

const CONTAINER_ENVIRONMENT = /^with-contenv(?:-legacy)?$/;
const SHELL = /^(?:ba|da|a|k|mk|z)?sh$/;
/** What prints its words, whatever these are. */
const PRINTERS = /^(?:echo|s6-echo|printf|s6-printenv)$/;
/** What begins a line of a shell that is read: programs that become the rest of their words. */
const CHAINS = /^(?:\/\S*\/)?(?:s6-|logutil-|with-contenv)/;
/** Lines of a shell after which it is not known where a program is looked for, and functions. */
const CHANGES_SEARCH = /\bPATH=|^[ \t]*(?:\.|source)[ \t]|\bcommand_not_found|<</m;
const MOST_WORDS = 256;
const LONGEST_LINE = 4096;
const PLAIN_WORD = /^[\w@%+=:,./-]+$/;

export class ScriptText {
  private constructor(
    readonly script: LintedScript,
    /** Without foreign line ends where the boot converts them; all of it unless it is longer than what is converted. */
    readonly text: ByteString,
    readonly hasForeignLineEnds: boolean,
    readonly shebang: Shebang | undefined,
  ) {}

  static read(tree: ImageTree, script: LintedScript): ScriptText {
    const head = tree.readHead(script.path, HEAD_SIZE);
    const isCommandLine = script.role === "oneshot";
    const shebang = isCommandLine ? undefined : parseShebang(head.replace("\r\n", "\n"));
    // What is not a script is not read to its end.
    const whole = shebang === undefined && !isCommandLine ? head : tree.readHead(script.path, MOST_CONVERTED + 1);
    const isForeign = hasForeignLineEnds(head);
    const isConverted = isForeign && script.isConverted && whole.length <= MOST_CONVERTED;
    return new ScriptText(script, isConverted ? whole.replaceAll("\r\n", "\n") : whole, isForeign, shebang);
  }

  get isWhole(): boolean {
    return this.text.length <= MOST_CONVERTED;
  }

  /** The commands that the interpreter runs in its place, one after another: the last one reads the script. */
  get runs(): readonly ByteString[] {
    const { shebang } = this;
    if (shebang === undefined) return [];
    const isContenv = CONTAINER_ENVIRONMENT.test(baseName(shebang.interpreter));
    // The kernel gives it all that stands behind the interpreter as one word.
    const words = isContenv && shebang.argument !== undefined ? [shebang.argument] : wordsOfEnv(shebang) ?? [];
    const end = words.findIndex((word) => !CONTAINER_ENVIRONMENT.test(baseName(word)));
    return end < 0 ? words : words.slice(0, end + 1);
  }

  get language(): "execline" | "shell" | "other" {
    if (this.script.role === "oneshot") return "execline";
    const reader = baseName(this.runs.at(-1) ?? this.shebang?.interpreter ?? "");
    return reader === "execlineb" ? "execline" : SHELL.test(reader) ? "shell" : "other";
  }

  place(at: number): TextPlace {
    return placeIn(this.text, at);
  }

  /** What is wrong with the syntax of a script in execline. */
  syntaxFailure(): ScriptFailure | undefined {
    try {
      if (this.language === "execline" && this.isWhole) placedWords(this.text);
      return undefined;
    } catch (error) {
      if (error instanceof ScriptFailure) return error;
      throw error;
    }
  }

  /**
   * The command line that the script becomes: of execline all of it, of a shell its last exec, if that stands by itself.
   * Empty where it is known only when the script runs.
   */
  becomes(): readonly ScriptWord[] {
    if (!this.isWhole || this.syntaxFailure() !== undefined) return [];
    if (this.language === "execline") return execlineChains(this).at(-1) ?? [];
    return this.language === "shell" && !CHANGES_SEARCH.test(this.text) ? lastExec(this) : [];
  }

  /** Calls of these programs, as far as they can be known. */
  *invocations(programs: ReadonlySet<string>): Generator<Invocation> {
    if (!this.isWhole || this.syntaxFailure() !== undefined) return;
    const chains = this.language === "execline"
      ? execlineChains(this)
      : this.language === "shell"
      ? shellLines(this)
      : [];
    for (const chain of chains) {
      for (const [index, { literal }] of chain.entries()) {
        const program = literal === undefined ? "" : baseName(literal);
        if (!programs.has(program)) continue;
        yield { program, words: chain.slice(index + 1, index + 1 + MOST_WORDS), before: chain.slice(0, index) };
      }
    }
  }
}

/** The words of the script itself and of each block, but for those that are printed. */
function execlineChains({ text }: ScriptText): ScriptWord[][] {
  const chains: ScriptWord[][] = [];
  const open: ScriptWord[][] = [[]];
  let behind = 0;
  let isPrinted = false;
  for (const { word, at, end, depth } of placedWords(text)) {
    const begins = open.length <= depth || text.slice(behind, at).includes("\n");
    while (open.length <= depth) open.push([]);
    while (open.length > depth + 1) chains.push(open.pop()!);
    behind = end;
    const literal = word.slice(depth);
    // The end of a block, and not a word that is empty.
    if (literal === "" && text[at] === "}") {
      isPrinted = false;
      continue;
    }
    if (begins) isPrinted = PRINTERS.test(literal);
    if (!isPrinted) open.at(-1)!.push({ at, literal: literal.includes("$") ? undefined : literal });
  }
  return chains.concat(open);
}

/** A line that begins with exec and a program, whatever is redirected: a function or a condition is indented. */
function lastExec({ text }: ScriptText): ScriptWord[] {
  const [found] = Array.from(shortLines(text)).filter(({ line }) => /^exec[ \t]+[\w/]/.test(line)).slice(-1);
  if (found === undefined || /^exec[ \t]+\d*[<>]/.test(found.line)) return [];
  const [begin = ""] = /^exec[ \t]+/.exec(found.line) ?? [];
  return Array.from(found.line.slice(begin.length).matchAll(/[^ \t]+/g), ({ 0: word, index }) => ({
    at: found.at + begin.length + index,
    literal: plainWord(word),
  }));
}

/** Lines that are one plain command each, without what is redirected, up to the first text that the script holds. */
function* shellLines({ text }: ScriptText): Generator<ScriptWord[]> {
  for (const { line, at } of shortLines(text)) {
    if (line.includes("<<")) return;
    const [, before = "", command = ""] = /^([ \t]*(?:exec[ \t]+)?)((?:[^;|&<>()#`\\]|(?<!\s)#)*)/.exec(line) ?? [];
    const words = Array.from(command.matchAll(/[^ \t]+/g), ({ 0: word, index }) => ({
      at: at + before.length + index,
      literal: plainWord(word),
    }));
    if (CHAINS.test(words[0]?.literal ?? "")) yield words;
  }
}

function plainWord(word: ByteString): ByteString | undefined {
  const inner = /^(["'])(.*)\1$/s.exec(word)?.[2] ?? word;
  return PLAIN_WORD.test(inner) ? inner : undefined;
}

/** The lines of a text that people may have written: patterns take too long on what has none. */
export function* shortLines(text: ByteString): Generator<{ readonly line: ByteString; readonly at: number }> {
  let at = 0;
  for (const line of text.split("\n")) {
    if (line.length <= LONGEST_LINE) yield { line, at };
    at += line.length + 1;
  }
}
