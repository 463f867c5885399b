// Quoted strings: s6-quote and s6-unquote for an argument, s6-quote-filter and s6-unquote-filter for the lines of standard
// input. From s6-portable-utils.

import type { ByteString } from "../../lib/bytes.ts";
import { EXIT, Failure, invalid } from "../../lib/report.ts";
import { type Applet, type Context, utility } from "../applet.ts";
import { printChanged } from "./line_filter.ts";
import { canQuote, escaped, type Unquoted, unquoted } from "./quoting.ts";

export const quote: Applet = utility({
  name: "s6-quote",
  usage: "[ -n ] [ -u ] [ -d delim ] string",
  summary: "print a string quoted",
  help: {
    n: "print no newline",
    u: "leave out the quotation marks",
    d: "quote these characters too, the first of them being the mark",
  },
  options: "nud:",
  least: 1,
  inProcess: true,
  run: (context, { options, args: [text = ""] }) => {
    const quoted = quoter(options.value("d") ?? '"', !options.has("u"));
    context.print(quoted(text) + (options.has("n") ? "" : "\n"));
    return 0;
  },
});

export const quoteFilter: Applet = utility({
  name: "s6-quote-filter",
  usage: "[ -u ] [ -d delim ]",
  summary: "quote each line of standard input",
  help: { u: "leave out the quotation marks", d: "quote these characters too, the first of them being the mark" },
  options: "ud:",
  least: 0,
  computes: true,
  run: (context, { options }) => {
    printChanged(context, quoter(options.value("d") ?? '"', !options.has("u")));
    return 0;
  },
});

/** What quotes a string with the first of these characters, or only escapes it. */
function quoter(delimiters: ByteString, isEnclosed: boolean): (text: ByteString) => ByteString {
  const mark = delimiters.slice(0, 1);
  if (mark === "" && isEnclosed) throw invalid("no character to quote with!");
  if (mark !== "" && !canQuote(mark)) throw new Failure(EXIT.system, "unable to quote: Invalid argument");
  return isEnclosed ? (text) => mark + escaped(text, mark) + mark : (text) => escaped(text, mark);
}

export const unquote: Applet = utility({
  name: "s6-unquote",
  usage: "[ -n ] [ -d delim ] string",
  summary: "print what a quoted string stands for",
  help: { n: "print no newline", d: "one of these characters is the mark; empty for none" },
  options: "nd:",
  least: 1,
  inProcess: true,
  run: (context, { options, args: [text = ""] }) => {
    const quotes = options.value("d") ?? '"';
    const result = unquoted(text, quotes);
    if ("fault" in result) throw invalid(faultOf(result));
    if (hasRemainder(result, text, quotes)) {
      context.warn(`found ending quote character at position ${placeOf(result, text)}; ignoring remainder`);
    }
    context.print(result.text + (options.has("n") ? "" : "\n"));
    return 0;
  },
});

type Fault = Extract<Unquoted, { readonly fault: string }>;
type Good = Exclude<Unquoted, Fault>;

function faultOf(result: Fault): string {
  switch (result.fault) {
    case "empty":
      return "the empty string isn't a quoted string";
    case "no opening":
      return "invalid starting quote character";
    case "no closing":
      return "no ending quote character";
    case "bad":
      return `unable to unquote at character ${result.at}: ${result.reason}`;
  }
}

function hasRemainder({ end }: Good, text: ByteString, quotes: ByteString): boolean {
  return quotes !== "" && end + 1 < text.length;
}

function placeOf({ end }: Good, text: ByteString): string {
  return `${end}/${text.length - 1}`;
}

type Strictness = "q" | "Q" | "v" | "w";

export const unquoteFilter: Applet = utility({
  name: "s6-unquote-filter",
  usage: "[ -q | -Q | -v | -w ] [ -d delim ]",
  summary: "print what the quoted lines of standard input stand for",
  help: {
    q: "print a line that is not quoted rightly as it is",
    Q: "warn of it too (default)",
    v: "warn of it, and show it",
    w: "end at it",
    d: "one of these characters is the mark; empty for none",
  },
  options: "qQvwd:",
  least: 0,
  computes: true,
  run: (context, { options }) => {
    const quotes = options.value("d") ?? '"';
    const strictness = options.last("q", "Q", "v", "w") ?? "Q";
    printChanged(context, (line) => lineOf(context, unquoted(line, quotes), { line, quotes, strictness }));
    return 0;
  },
});

interface Quoted {
  readonly line: ByteString;
  readonly quotes: ByteString;
  readonly strictness: Strictness;
}

/** What the line stands for; itself if it is not quoted well. */
function lineOf(context: Context, result: Unquoted, { line, quotes, strictness }: Quoted): ByteString {
  const isVerbose = strictness === "v" || strictness === "w";
  if ("fault" in result) {
    if (strictness === "w") throw invalid(lineFaultOf(result));
    if (strictness !== "q") context.warn(lineFaultOf(result, strictness === "v" ? line : undefined));
    return line;
  }
  if (isVerbose && hasRemainder(result, line, quotes)) {
    const place = placeOf(result, line);
    context.warn(`found ending quote character at position ${place}, ignoring remainder of line: ${line}`);
  }
  return result.text;
}

/** The fault of a line, which is quoted if it is given. */
function lineFaultOf(result: Fault, line?: ByteString): string {
  const where = line === undefined ? "" : ` in line: ${line}`;
  switch (result.fault) {
    case "empty":
      return "empty line";
    case "no opening":
      return `invalid starting quote character${where}`;
    case "no closing":
      return `unable to unquote: no ending quote character${where}`;
    case "bad":
      return `unable to unquote${line === undefined ? "" : ` line: ${line}`}: ${result.reason}`;
  }
}
