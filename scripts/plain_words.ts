// Phrases that comments, hand-written prose and names of tests do without, as a plainer one says the same, and what
// finds them. Other string literals, code and printed documentation are not searched: messages have tests of their own.

/** Each also across the end of a line. */
const PHRASES = [
  "anybody",
  "befalls?",
  "divided by blanks",
  "everybody",
  "for ever",
  "in (?:its|their|his) stead",
  "no such end",
  "of ours",
  "on and on",
  "so many",
  "somebody",
  "told of",
  "who(?:so)?ever",
];

const LINE_END = String.raw`\s+(?:(?://|\*)\s+)?`;
const PHRASE = new RegExp(`\\b(?:${PHRASES.join("|").replaceAll(" ", LINE_END)})\\b`, "gi");

/** Comments, those of successive lines as one; and what may hold the marks of a comment: strings, templates, expressions. */
const TOKENS = new RegExp(
  [
    String.raw`(//[^\n]*(?:\n[ \t]*//[^\n]*)*|/\*[^]*?\*/)`,
    String.raw`"(?:\\.|[^"\\\n])*"`,
    String.raw`'(?:\\.|[^'\\\n])*'`,
    "`(?:\\\\[^]|[^`\\\\])*`",
    String.raw`(?<=[=(,:!&|?{;[>]\s*)/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+/`,
  ].join("|"),
  "g",
);

/** A name is the first argument of what registers a test, or called so. */
const NAME = new RegExp(
  String.raw`(?:\bDeno\.test(?:\.ignore)?\(|\bname:|\b(?:fault|reported|onTree|scanned|supervised|logScript)\()\s*` +
    '("(?:[^"\\\\\\n]|\\\\.)*"|`(?:[^`\\\\]|\\\\[^])*`)',
  "g",
);

const PRINTED_DOCUMENT = "<!-- Printed by ";
const PRINTED_TABLE = /<!-- (\w+) -->[^]*?<!-- end of \1 -->/g;

/** A file with comments or prose, by its path from the root of the project. */
interface WrittenFile {
  readonly path: string;
  readonly text: string;
}

/** All TypeScript, C and Markdown files of the project. */
export async function writtenFiles(root: string): Promise<WrittenFile[]> {
  const files: WrittenFile[] = [];
  const visit = async (directory: string, isRoot = false): Promise<void> => {
    for await (const { name, isFile, isDirectory } of Deno.readDir(root + directory)) {
      if (isDirectory && !isRoot) await visit(`${directory}${name}/`);
      else if (isFile && /\.(?:ts|c|h|md)$/.test(name)) {
        files.push({ path: directory + name, text: await Deno.readTextFile(root + directory + name) });
      }
    }
  };
  await visit("", true);
  for (const directory of [".github/", "cli/", "docs/", "lib/", "scripts/", "tests/"]) await visit(directory);
  return files.sort((a, b) => a.path < b.path ? -1 : 1);
}

/** The phrases that are still in comments, prose and names of tests, one line each. */
export function faultsOfWords(files: readonly WrittenFile[]): string[] {
  return files.flatMap(({ path, text }) =>
    piecesOf(path, text).flatMap(({ start, part }) =>
      Array.from(part.matchAll(PHRASE), ({ 0: phrase, index }) => {
        const line = text.slice(0, start + index).split("\n").length;
        return `${path}:${line} says "${phrase.replace(new RegExp(LINE_END), " ")}": there is a plainer word`;
      })
    )
  );
}

/** A piece of a text, and where it begins there. */
interface Piece {
  readonly start: number;
  readonly part: string;
}

function piecesOf(path: string, text: string): Piece[] {
  if (path.endsWith(".md")) return proseOf(text);
  return path.startsWith("tests/") ? [...commentsOf(text), ...namesOf(text)] : commentsOf(text);
}

function namesOf(text: string): Piece[] {
  return Array.from(text.matchAll(NAME), ({ 0: all, 1: part = "", index }) => ({
    start: index + all.length - part.length,
    part,
  }));
}

function commentsOf(text: string): Piece[] {
  return Array.from(text.matchAll(TOKENS), ({ 1: part = "", index: start }) => ({ start, part }));
}

/** What is printed is left blank, so that all else stays in its place. */
function proseOf(text: string): Piece[] {
  if (text.includes(PRINTED_DOCUMENT)) return [];
  return [{ start: 0, part: text.replace(PRINTED_TABLE, (table) => table.replace(/[^\n]/g, " ")) }];
}
