// Compares what a page shows with what is printed. Times, process ids and amounts may be others, columns wider; "..." is
// any text, and alone in its line any lines.

const DAY = String.raw`\d{4}-\d\d-\d\d`;
const TIME = String.raw`\d\d:\d\d:\d\d(?:\.\d+)?`;
const UNIT = "(?:ms|s|min|h|d)";
const DURATION = String.raw`\d+(?:\.\d+)? ${UNIT}(?: \d+ ${UNIT})?`;

/** What is another text each time, and what stands for it in a pattern. */
const VARYING: readonly (readonly [shown: string, pattern: string])[] = [
  // The axis of a timeline, and what is drawn below it.
  [`^0(?: ${DURATION})+$`, `0(?: ${DURATION})+`],
  [`[█░│]+(?: [█░│]+)*`, `[█░│]+(?: [█░│]+)*`],
  [String.raw`@[0-9a-f]{24}`, "@[0-9a-f]{24}"],
  [String.raw`\w{3} \w{3} +\d+ \d\d:\d\d:\d\d UTC \d{4}`, String.raw`\w{3} \w{3} +\d+ \d\d:\d\d:\d\d UTC \d{4}`],
  [DAY, DAY],
  [TIME, TIME],
  [String.raw`\b${DURATION}(?!\w)`, DURATION],
  [String.raw`\d+(?:\.\d+)? [kMG]B\b`, String.raw`\d+(?:\.\d+)? [kMG]B`],
  [String.raw`\bpid \d+`, String.raw`pid \d+`],
  // The port of a client.
  [String.raw`\]:\d{4,5}\b`, String.raw`\]:\d+`],
  [String.raw`\b\d+ seconds`, String.raw`\d+ seconds`],
  [String.raw`\bstarted \d+ times`, String.raw`started \d+ times`],
  [String.raw`\.\.\.`, ".*"],
];
/** In a table of services: process ids and counts. */
const NUMBER: readonly [string, string] = [String.raw`(?<= )\d+(?= )`, String.raw`\d+`];

/** True if the line is as the one that is shown. */
export function isLike(shown: string, printed: string, varying = VARYING): boolean {
  return patternOf(spaced(shown), varying).test(spaced(printed));
}

function spaced(line: string): string {
  return line.trim().replace(/\s+/g, " ");
}

function patternOf(shown: string, varying: typeof VARYING): RegExp {
  const any = new RegExp(varying.map(([text]) => `(${text})`).join("|"), "g");
  let pattern = "";
  let at = 0;
  for (const found of shown.matchAll(any)) {
    const which = varying.findIndex((_, number) => found[number + 1] !== undefined);
    pattern += literally(shown.slice(at, found.index)) + varying[which]![1];
    at = found.index + found[0].length;
  }
  return new RegExp(`^${pattern}${literally(shown.slice(at))}$`);
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/**
 * The first line that is shown and not printed, or printed and not shown; undefined if there is none.
 * @param streams lines of standard output and error, which may come in any order towards each other
 */
export function difference(shown: readonly string[], streams: readonly (readonly string[])[]): string | undefined {
  const places = streams.map(() => 0);
  let isLoose = false;
  const varying = shown.some((line) => line.startsWith("SERVICE ")) ? [...VARYING, NUMBER] : VARYING;
  for (const line of shown) {
    if (line === "...") {
      isLoose = true;
      continue;
    }
    const loose = isLoose;
    const found = streams.map((lines, stream) =>
      lines.findIndex((printed, at) =>
        at >= places[stream]! && (loose || at === places[stream]) && isLike(line, printed, varying)
      )
    );
    const stream = found.findIndex((at) => at >= 0);
    if (stream < 0) return `shown and not printed: ${line}`;
    places[stream] = found[stream]! + 1;
    isLoose = false;
  }
  if (shown.includes("...")) return undefined;
  const more = streams.flatMap((lines, stream) => lines.slice(places[stream]));
  return more.length === 0 ? undefined : `printed and not shown: ${more[0]}`;
}
