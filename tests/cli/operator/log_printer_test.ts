import { deepEqual, equal } from "node:assert/strict";
import { LogPrinter } from "../../../cli/operator/log_printer.ts";

interface Printed {
  readonly labelled?: boolean;
  readonly isTerminal?: boolean;
}

/** "web text": a line of a log. "web +text" goes on with the line before, and "+" at the end says that more follows. */
function printed(lines: readonly string[], { labelled = false, isTerminal = false }: Printed = {}): string {
  let all = "";
  const printer = new LogPrinter((text) => all += text, labelled, isTerminal);
  for (const written of lines) {
    const [label, text] = [written.slice(0, written.indexOf(" ")), written.slice(written.indexOf(" ") + 1)];
    const [begins, ends] = [!text.startsWith("+"), !text.endsWith("+")];
    printer.line(label, { at: undefined, text: text.replaceAll("+", ""), begins, ends });
  }
  printer.flush();
  return all;
}

const STRANGE = "web a\x1b[31m\xff\tb\xc3\xa9";

Deno.test("what goes to a pipe is what was logged", () => {
  equal(printed([STRANGE, "db c"]), "a\x1b[31m\xff\tb\xc3\xa9\nc\n");
});

Deno.test("what a terminal would obey is made visible, but for tabs", () => {
  equal(printed([STRANGE], { isTerminal: true }), "a\\x1b[31m\\xff\tb\xc3\xa9\n");
});

Deno.test("each line of several logs begins with the name of its own, once", () => {
  equal(printed(["web one+", "web +more+", "web +end", "db two"], { labelled: true }), "web: onemoreend\ndb: two\n");
  equal(printed(["web one+", "db two"], { labelled: true }), "web: one\ndb: two\n");
  equal(printed(["w\x1b one"], { labelled: true, isTerminal: true }), "w\\x1b: one\n");
});

Deno.test("a log that is longer than what is printed at once has several turns, in the middle of no line", () => {
  let all = "";
  const printer = new LogPrinter((text) => all += text, true, false);
  const text = "x".repeat(65_536);
  const left = Array.from(
    { length: 12 },
    (_, at) => ({ at: undefined, text, begins: at % 6 === 0, ends: at % 6 === 5 }),
  );
  const lines = { next: () => left.shift() };
  const turns: boolean[] = [];
  do turns.push(printer.turn("web", lines)); while (turns.at(-1) === true);
  deepEqual([turns, all], [[true, true, false], `web: ${text.repeat(6)}\n`.repeat(2)]);
});
