// Code in the lines of a page of the manual, in prose, lists and cells of tables; and the commands of a shell in such a span.

// @ts-types="npm:@types/markdown-it@14.1.2"
import MarkdownIt from "npm:markdown-it@14.1.0";

export interface InlineSpan {
  readonly page: string;
  /** Where its paragraph, item or row begins. */
  readonly line: number;
  readonly text: string;
  /** All spans below the same heading. */
  readonly section: readonly string[];
}

/** All of a page, in its order. */
export function inlineSpans(page: string, markdown: string): InlineSpan[] {
  const spans: InlineSpan[] = [];
  let [line, section]: [number, string[]] = [0, []];
  for (const { type, map, children } of new MarkdownIt().parse(markdown, {})) {
    if (map !== null) line = map[0] + 1;
    if (type === "heading_open") section = [];
    for (const { type: kind, content: text } of children ?? []) {
      if (kind !== "code_inline") continue;
      section.push(text);
      spans.push({ page, line, text, section });
    }
  }
  return spans;
}

type Words = readonly string[];

/** What a shell takes for one word: quoted and other parts without a blank between them. */
const WORD = /(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'|;&<>\\])+/y;
const OPERATOR = /&&|\|\||[|;&]/y;
const REDIRECTION = /\d?[<>]+(?:&\d|\s*[^\s|;&]+)?/y;
/** Words in front of a command that are none of it. */
const KEYWORDS = new Set(["while", "do", "done", "if", "then", "fi"]);

/** The simple commands of a line of shell, those in substitutions too: its words, without redirections and what is left out. */
export function simpleCommands(line: string): Words[] {
  const inner = Array.from(line.matchAll(/\$\(([^()]*)\)/g), ([, text]) => text!).flatMap(simpleCommands);
  const commands: string[][] = [[]];
  for (let at = 0; at < line.length;) {
    const take = (pattern: RegExp): string | undefined => {
      pattern.lastIndex = at;
      const [found] = pattern.exec(line) ?? [];
      at += found?.length ?? 0;
      return found;
    };
    if (take(/\s+/y) !== undefined || take(REDIRECTION) !== undefined) continue;
    if (take(OPERATOR) !== undefined) commands.push([]);
    else commands.at(-1)!.push(unquoted(take(WORD) ?? line[at++]!));
  }
  return [...commands.map(withoutKeywords).filter((words) => words.length > 0), ...inner];
}

function unquoted(word: string): string {
  return word.replace(
    /"((?:\\.|[^"\\])*)"|'([^']*)'|\\(.)/g,
    (_, double, single, escaped) => double ?? single ?? escaped,
  );
}

function withoutKeywords(words: Words): Words {
  return words.filter((word, at) => word !== "..." && !(at === 0 && KEYWORDS.has(word)));
}
