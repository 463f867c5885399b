// What a page of the manual shows that can be tried: files, and commands with what they print. A file is a fenced block
// behind a line that ends with its path and a colon, as `root/etc/services.d/web/run`:. Commands are in blocks of the
// language console, each behind "$ ".

/** A file of the image, by its path beside the Dockerfile. */
interface ShownFile {
  readonly kind: "file";
  readonly line: number;
  readonly path: string;
  readonly text: string;
}

/** A command on the machine, and the lines that it prints. */
export interface ShownCommand {
  readonly kind: "command";
  readonly line: number;
  readonly command: string;
  readonly output: readonly string[];
}

/** A health check, as the container that runs then passes it. */
interface ShownCheck {
  readonly kind: "check";
  readonly line: number;
  readonly command: readonly string[];
}

export type ShownPart = ShownFile | ShownCommand | ShownCheck;

interface FencedBlock {
  /** The number of the line behind the opening fence, from 1 on. */
  readonly line: number;
  readonly language: string;
  /** The last line before it that is not empty. */
  readonly before: string;
  readonly lines: readonly string[];
}

/** In the order of the page. */
export function shownIn(markdown: string): ShownPart[] {
  return fencedBlocks(markdown).flatMap(shownInBlock);
}

/** Nothing where the block is none of a file, of commands or of a health check. */
export function shownInBlock(block: FencedBlock): ShownPart[] {
  if (block.language === "console") return commandsIn(block);
  const path = /`(root\/[^`]+)`:$/.exec(block.before)?.[1];
  if (path !== undefined) return [{ kind: "file", line: block.line, path, text: textOf(block) }];
  const [, check] = /^HEALTHCHECK CMD (.*)\n$/.exec(textOf(block)) ?? [];
  if (check !== undefined) return [{ kind: "check", line: block.line, command: wordsOfCheck(check) }];
  // A file whose path has slipped into another line would be left out without a word.
  if (/^(?:sh)?$/.test(block.language)) throw new Error(`line ${block.line}: the block is a file without a path`);
  return [];
}

/** A list of words, or what a shell is given. */
function wordsOfCheck(check: string): readonly string[] {
  return check.startsWith("[") ? JSON.parse(check) : ["/bin/sh", "-c", check];
}

/** All fenced blocks, whatever they are. */
export function fencedBlocks(markdown: string): FencedBlock[] {
  const blocks: FencedBlock[] = [];
  const lines = markdown.split("\n");
  let before = "";
  for (let at = 0; at < lines.length; at++) {
    const fence = /^```(\w*)$/.exec(lines[at]!);
    if (fence === null) {
      if (lines[at] !== "") before = lines[at]!;
      continue;
    }
    const end = lines.indexOf("```", at + 1);
    if (end < 0) throw new Error(`line ${at + 1}: the block does not end`);
    blocks.push({ line: at + 2, language: fence[1]!, before, lines: lines.slice(at + 1, end) });
    at = end;
    before = "";
  }
  return blocks;
}

/** The text of a block, as a file has it. */
export function textOf({ lines }: Pick<FencedBlock, "lines">): string {
  return lines.map((line) => `${line}\n`).join("");
}

function commandsIn({ line, lines }: FencedBlock): ShownCommand[] {
  const starts = lines.flatMap((text, at) => text.startsWith("$ ") ? [at] : []);
  if (starts[0] !== 0) throw new Error(`line ${line}: the block does not begin with a command`);
  return starts.map((at, number) => ({
    kind: "command",
    line: line + at,
    command: lines[at]!.slice(2),
    output: lines.slice(at + 1, starts[number + 1] ?? lines.length),
  }));
}
