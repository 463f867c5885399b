// Which lines a script's groups act on. A whole batch of lines is decided at once, one mark a line: each regular
// expression runs over the text of the batch and jumps from line to line only where it matches.
// Follows s6-log(8), selection: the state of a line is carried from group to group.

import { type ByteString, byteString } from "../bytes.ts";
import { invalid } from "../report.ts";
import type { Group, Selection } from "./directive.ts";
import type { Bytes, LineEnds } from "./lines.ts";
import { compileRegex } from "./regex.ts";

/** A mark for each line of a batch, 1 where the line is selected; undefined is every line. */
export type Selected = Uint8Array | undefined;

type Rule =
  | { readonly mark: 0 | 1; readonly regex: RegExp | undefined }
  | "rest";

export class Selector {
  private readonly rules: readonly (readonly Rule[])[];

  /** @throws Failure with exit code 100 on a bad regular expression */
  constructor(groups: readonly Group[]) {
    const rules = groups.map(({ selections }) => selections.map(compile));
    this.rules = rules.filter((_, group) => groups[group]!.actions.length > 0);
  }

  /** True if every group acts on every line. */
  get selectsAll(): boolean {
    return this.rules.every((rules) => rules.length === 0);
  }

  /** For each group, the lines it acts on. */
  select(lines: Bytes, ends: LineEnds): Selected[] {
    if (this.selectsAll) return this.rules.map(() => undefined);
    const state = new Uint8Array(ends.count).fill(1);
    const acted = new Uint8Array(ends.count);
    let text: string | undefined;
    return this.rules.map((rules) => {
      for (const rule of rules) {
        if (rule === "rest") acted.forEach((done, line) => state[line] = 1 - done);
        else if (rule.regex === undefined) state.fill(rule.mark);
        else markMatches(rule.regex, text ??= textOf(lines), ends, (line) => state[line] = rule.mark);
      }
      state.forEach((chosen, line) => acted[line]! |= chosen);
      return state.includes(0) ? state.slice() : undefined;
    });
  }
}

function compile(selection: Selection): Rule {
  if (selection.select === "rest") return "rest";
  const mark = selection.select === "take" ? 1 : 0;
  if (selection.regex === "") return { mark, regex: undefined };
  const regex = compileRegex(selection.regex);
  if (regex === undefined) throw invalid(`unrecognized directive: ${mark === 1 ? "+" : "-"}${selection.regex}`);
  return { mark, regex };
}

const asciiDecoder = new TextDecoder("latin1");

/**
 * The bytes as a byte string. The runtime's decoder is seven times faster than byteString, but what it calls latin1 is
 * windows-1252: its answer counts only where all is ASCII.
 */
function textOf(lines: Bytes): ByteString {
  const text = asciiDecoder.decode(lines);
  // deno-lint-ignore no-control-regex
  return /[^\x00-\x7f]/.test(text) ? byteString(lines) : text;
}

function markMatches(regex: RegExp, text: string, ends: LineEnds, mark: (line: number) => void): void {
  let line = 0;
  regex.lastIndex = 0;
  for (let match = regex.exec(text); match !== null; match = regex.exec(text)) {
    while (line < ends.count && ends.after(line) <= match.index) line++;
    if (line === ends.count) return;
    mark(line);
    regex.lastIndex = ends.after(line);
  }
}
