// docs/messages.md: what the overlay says, collected from the calls that say it, so that no line is forgotten.

import * as esbuild from "npm:esbuild@0.25.10";
import { parseAst } from "npm:rollup@4.52.3/parseAst";
import {
  VERBOSITY_OF_END,
  VERBOSITY_OF_EVENT,
  VERBOSITY_OF_LEVEL,
  VERBOSITY_OF_STEPS,
} from "../lib/overlay/verbosity.ts";
import type { Level } from "../lib/reporter.ts";

/** A line of process 1, or of what works for it. */
interface ReportedLine {
  readonly level: string;
  readonly subject: string;
  readonly text: string;
}

/** What a program fails with, by the code that it exits with. */
interface FailureLine {
  readonly file: string;
  readonly code: string;
  readonly text: string;
}

type Node = Readonly<Record<string, unknown>> & { readonly type: string };

const REPORTERS = new Set(["report", "reportFirst", "lastWords", "push"]);
const LEVELS = new Set(["info", "warning", "error", "fatal"]);
/** What is told by rooms that know their subject, which is that of all their lines. */
const SUBJECTS: readonly (readonly [folder: string, subject: string])[] = [
  ["lib/supervise/running_scanner.ts", "s6-svscan"],
  ["lib/supervise/", "s6-supervise <service>"],
  ["lib/overlay/", "s6-overlay"],
  ["cli/overlay/", "s6-overlay"],
];
const CODES: Readonly<Record<string, string>> = {
  usage: "100",
  bug: "101",
  system: "111",
  cannotExecute: "126",
  notFound: "127",
};

/** The page. `files` are those of the program, by their path from the root of the project. */
export async function printMessages(
  files: readonly { readonly path: string; readonly text: string }[],
  printed: string,
  table: (head: readonly string[], rows: readonly (readonly string[])[]) => string,
): Promise<string> {
  const lines: ReportedLine[] = [];
  const failures: FailureLine[] = [];
  const steps: string[] = [];
  for (const { path, text } of files) {
    const spelled = spellingOf(text);
    const { code } = await esbuild.transform(text, { loader: "ts", target: "es2024" });
    for (const call of callsIn(parseAst(code))) {
      const line = reported(call, path);
      if (line !== undefined) lines.push({ ...line, subject: spelled(line.subject), text: spelled(line.text) });
      const step = stepOf(call, path);
      if (step !== undefined) steps.push(step);
      const failure = failed(call, path);
      if (failure !== undefined) failures.push(failure);
    }
  }
  const code = (text: string): string => text === "" ? "" : `\`${text.replaceAll("`", "'")}\``;
  const rows = lines.filter(({ text }) => !/^<(?!failure>)[^<>]*>$/.test(text)).map((
    { subject, level, text },
  ) => [code(subject), level, `${VERBOSITY_OF_LEVEL[level as Level]}`, code(text)]);
  const more = failures.filter(({ text }) => !/^<[^<>]*>$/.test(text)).map((
    { file, code: exit, text },
  ) => [file, exit, code(text)]);
  return [
    "# Messages",
    printed,
    "What stands in angle brackets is filled in. `<failure>` is what was attempted, on what, and the system's reason, as in " +
    "`unable to open /a: Permission denied`.",
    "## Lines of process 1",
    "They begin with subject and level: `s6-init: warning: ...`. From which `S6_VERBOSITY` on they are printed is beside them.",
    table(["Subject", "Level", "Printed from", "Text"], unique(rows)),
    "## What S6_VERBOSITY prints",
    "A line or an event is printed when `S6_VERBOSITY` is at least its number; the default is 2. What scripts, services and " +
    "the command print is printed at any verbosity. The lines of process 1 above have their numbers beside them.",
    table(["Printed from", "What"], verbosityRows(unique(steps.map((text) => [code(text)])).flat())),
    "## What programs fail with",
    "A program prints `NAME: fatal: ` and the text, and exits with the code. What system calls fail with is not listed.",
    table(["Declared in", "Exit code", "Text"], unique(more)),
  ].join("\n\n");
}

/** What a file has a constant for is no blank to be filled in. */
function spellingOf(text: string): (line: string) => string {
  const constants = new Map(
    [...text.matchAll(/^const ([A-Z_]+) = "([^"]*)";$/gm)].map(([, name, word]) => [name, word]),
  );
  return (line) => line.replace(/<([A-Z_]+)>/g, (blank, name) => constants.get(name) ?? blank);
}

/** What is printed from which verbosity on, beside reported lines. */
function verbosityRows(steps: readonly string[]): string[][] {
  const rows = [
    ...Object.entries(VERBOSITY_OF_LEVEL).map(([level, from]) => [`${from}`, `lines of level ${level}`]),
    [`${VERBOSITY_OF_END}`, "the last line: `s6-overlay: info: stopping: <cause>`"],
    ...steps.map((text) => [`${VERBOSITY_OF_STEPS}`, text]),
    ...Object.entries(VERBOSITY_OF_EVENT).map(([event, from]) => [`${from}`, `the event "${event}" of the journal`]),
  ];
  return rows.sort(([a], [b]) => Number(a) - Number(b));
}

/** A line of what the overlay does, as generation 2 prints it. */
function stepOf(call: Node, path: string): string | undefined {
  const callee = call["callee"] as Node;
  if (!path.startsWith("lib/overlay/") || callee.type !== "MemberExpression") return undefined;
  const [first] = argumentsOf(call);
  const isStep = ["line", "write"].includes(nameOf(callee["property"] as Node)) &&
    nameOf(callee["object"] as Node) === "out";
  return isStep && first !== undefined ? textOf(first).trim() : undefined;
}

function unique(rows: readonly (readonly string[])[]): string[][] {
  return [...new Map(rows.map((row) => [row.join("\0"), [...row]])).entries()]
    .sort(([a], [b]) => a < b ? -1 : 1).map(([, row]) => row);
}

function* callsIn(tree: unknown): Generator<Node> {
  if (typeof tree !== "object" || tree === null) return;
  if (Array.isArray(tree)) { for (const each of tree) yield* callsIn(each); }
  else {
    const node = tree as Node;
    if (node.type === "CallExpression" || node.type === "NewExpression") yield node;
    yield* callsIn(Object.values(node));
  }
}

const argumentsOf = (call: Node): readonly Node[] => call["arguments"] as readonly Node[];

/** The last name of what is called: "warn" of this.troubles.warn(). */
function calleeOf(call: Node): string {
  const callee = call["callee"] as Node;
  if (callee.type === "CallExpression") return calleeOf(callee) === "reporterTo" ? "report" : "";
  return callee.type === "MemberExpression" ? nameOf(callee["property"] as Node) : nameOf(callee);
}

function nameOf(node: Node): string {
  return node.type === "Identifier" ? node["name"] as string : "";
}

function reported(call: Node, path: string): ReportedLine | undefined {
  const callee = calleeOf(call);
  const subject = SUBJECTS.find(([folder]) => path.startsWith(folder))?.[1];
  if (subject === undefined) return undefined;
  const [first, second, third] = argumentsOf(call);
  if (first === undefined) return undefined;
  if (callee === "warn") return { level: "warning", subject, text: textOf(first) };
  if (callee === "again" && second !== undefined) return { level: "warning", subject, text: textOf(second) };
  if (callee === "attempt" && second !== undefined && path.startsWith("lib/supervise/")) {
    return { level: "warning", subject, text: `unable to ${textOf(first)}: <reason>` };
  }
  if (!REPORTERS.has(callee)) return undefined;
  // reports.push([level, subject, text])
  const [level, by, text] = callee === "push"
    ? (first["elements"] as readonly Node[] | undefined) ?? []
    : [first, second, third];
  if (level === undefined || by === undefined || text === undefined || !LEVELS.has(`${level["value"]}`)) {
    return undefined;
  }
  return { level: `${level["value"]}`, subject: textOf(by), text: textOf(text) };
}

function failed(call: Node, path: string): FailureLine | undefined {
  const callee = calleeOf(call);
  const [first, second, third] = argumentsOf(call);
  if (first === undefined) return undefined;
  if (callee === "DefinitionFailure") {
    return { file: path, code: third === undefined ? "1" : codeOf(third), text: textOf(first) };
  }
  // A kind of Failure calls its constructor with what all of its kind have in common.
  const isKind = (call["callee"] as Node).type === "Super" && codeOf(first) !== "varies";
  if ((callee === "Failure" || isKind) && second !== undefined) {
    return { file: path, code: codeOf(first), text: textOf(second) };
  }
  if (callee === "invalid") {
    return { file: path, code: second === undefined ? "100" : codeOf(second), text: textOf(first) };
  }
  return undefined;
}

function codeOf(node: Node): string {
  if (node.type === "Literal") return `${node["value"]}`;
  const name = node.type === "MemberExpression" ? nameOf(node["property"] as Node) : nameOf(node);
  return CODES[name] ?? "varies";
}

/** The text of an expression, with what is not known in angle brackets. */
function textOf(node: Node): string {
  switch (node.type) {
    case "Literal":
      return `${node["value"]}`;
    case "TemplateLiteral":
      return templateOf(node);
    case "BinaryExpression":
      return textOf(node["left"] as Node) + textOf(node["right"] as Node);
    case "ConditionalExpression": {
      const both = [node["consequent"], node["alternate"]].map((part) => textOf(part as Node)).filter((text) =>
        text !== ""
      );
      return both.length === 1 ? `[${both[0]}]` : `[${both.join(" | ")}]`;
    }
    default:
      return `<${placeholder(node)}>`;
  }
}

function templateOf(node: Node): string {
  const quasis = node["quasis"] as readonly { readonly value: { readonly cooked: string } }[];
  const parts = node["expressions"] as readonly Node[];
  return quasis.map(({ value }, at) => value.cooked + (parts[at] === undefined ? "" : textOf(parts[at]))).join("");
}

/** A word for what is filled in. */
function placeholder(node: Node): string {
  if (node.type === "Identifier") return nameOf(node);
  if (node.type === "MemberExpression") return nameOf(node["property"] as Node) || placeholder(node["object"] as Node);
  if (node.type !== "CallExpression") return "value";
  const callee = calleeOf(node);
  if (callee === "textOf") return "failure";
  if (callee === "causeOf" || callee === "explainFailure") return "reason";
  const [first] = argumentsOf(node);
  if (["join", "slice", "map"].includes(callee)) return placeholder((node["callee"] as Node)["object"] as Node);
  return first === undefined ? callee : placeholder(first);
}
