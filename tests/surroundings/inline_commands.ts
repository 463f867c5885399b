// What is wrong with code in a line of the manual: command lines, options, settings, lines of Dockerfiles and first lines of
// scripts; or that it is none of them.

import { pagesOf } from "../../cli/pages.ts";
import { families } from "../../cli/index.ts";
import { subcommandPages } from "../../cli/operator/subcommand_pages.ts";
import { parseScript } from "../../lib/log/directive.ts";
import { SIGNAL_FAMILY } from "../../lib/overlay/settings.ts";
import { parseRoute } from "../../lib/overlay/signals/signals.ts";
import { unknownSettings } from "../../lib/overlay/unknown_settings.ts";
import { type InlineSpan, inlineSpans, simpleCommands } from "./inline_code.ts";
import { faultsOfOther, helpOf, isOther, optionWords, tells } from "./other_commands.ts";
import { isPlaceholder, isSubcommand, ownName, readingOfOwn, readingOfSubcommand } from "./own_commands.ts";

type Words = readonly string[];
type Span = Pick<InlineSpan, "text" | "section">;

const ROOT = decodeURIComponent(new URL("../..", import.meta.url).pathname);

/** What is said of code that has no form that can be checked. */
export const NO_COMMAND = "it is no command that this project knows";

/** Usage lines as they are declared. */
const USAGES: ReadonlySet<string> = new Set(
  [...(await Promise.all(Object.keys(families).map(pagesOf))).flat(), ...await subcommandPages()]
    .map(({ name, usage }) => `${name} ${usage}`),
);

/** Options of lines of Dockerfiles, and those of HEALTHCHECK. */
const INSTRUCTIONS: Readonly<Record<string, Words>> = {
  ADD: ["--checksum", "--chmod", "--chown"],
  ARG: [],
  COPY: ["--chmod", "--chown", "--from"],
  FROM: ["--platform"],
  HEALTHCHECK: ["--interval", "--retries", "--start-period", "--timeout"],
  STOPSIGNAL: [],
};

/** Lines of a Dockerfile that have a command, as a list or for a shell. */
const WITH_COMMAND = /^(?:RUN|CMD|ENTRYPOINT|HEALTHCHECK CMD) (.*)$/;

/** Of all pages but the list of messages, whose code is what programs print. */
export function manualSpans(): InlineSpan[] {
  const pages = ["README.md", ...Array.from(Deno.readDirSync(`${ROOT}docs`), ({ name }) => `docs/${name}`)]
    .filter((page) => page.endsWith(".md") && page !== "docs/messages.md").sort();
  return pages.flatMap((page) => inlineSpans(page, Deno.readTextFileSync(ROOT + page)));
}

/** The commands in it, where it is the first line of a script, a line of a Dockerfile, or one of a shell. */
export function commandsOfSpan(text: string): Words[] {
  if (text.startsWith("#!")) return [interpreterOf(text.slice(2).split(" "))];
  const [, command] = WITH_COMMAND.exec(text) ?? [];
  return command?.startsWith("[") ? [JSON.parse(command)] : simpleCommands(command ?? text);
}

/** What is wrong with it, a line each. */
export async function faultsOfSpan(span: Span): Promise<string[]> {
  const { text } = span;
  if (USAGES.has(text)) return [];
  const words = simpleCommands(text)[0] ?? [];
  if (!WITH_COMMAND.test(text) && Object.hasOwn(INSTRUCTIONS, words[0]!)) {
    return unknownOptions(words, INSTRUCTIONS[words[0]!]!);
  }
  if (text.startsWith("-")) return await faultsOfOptions(span);
  const [, variable, value] = /^([A-Z][A-Z0-9_]*)=(?:"(.*)"|\S+)$/.exec(text) ?? [];
  if (variable !== undefined) return await faultsOfVariable(variable, value ?? "");
  if (isLoggingScript(words)) return [];
  return (await Promise.all(commandsOfSpan(text).map(faultsOfCommand))).flat();
}

function interpreterOf([path, ...words]: Words): Words {
  return path === "/usr/bin/env" ? words : [path!, ...words];
}

function unknownOptions([name, ...words]: Words, known: Words): string[] {
  return optionWords(words).filter((option) => !known.includes(option)).map((option) => `${name} has no ${option}`);
}

/** A route of a signal, with what placeholders stand for. */
function isRoute(words: Words): boolean {
  return typeof parseRoute(words.map((word) => word === "SIGNAL" ? "TERM" : word).join(" ")) === "object";
}

async function faultsOfCommand(all: Words): Promise<string[]> {
  const start = all.findIndex((word) => !/^\w+=/.test(word));
  const variables = all.slice(0, start < 0 ? undefined : start).map((word) => word.split("=")[0]!);
  const wrong = variables.filter((variable) => [...unknownSettings([[variable, ""]])].length > 0);
  if (wrong.length > 0) return wrong.map((variable) => `${variable} is no setting`);
  const words = start < 0 ? [] : all.slice(start);
  const [first] = words;
  if (first === undefined || isPlaceholder(first)) return [];
  if (ownName(first) !== undefined) {
    const { reading, runs } = await readingOfOwn(words);
    return reading === undefined
      ? [`${first} does not take ${words.slice(1).join(" ")}`]
      : runs.length === 0
      ? []
      : await faultsOfCommand(runs);
  }
  if (isRoute(words) || isSubcommand(first) && await readingOfSubcommand(words) !== undefined) return [];
  if (!isOther(first)) return [NO_COMMAND];
  const own = placeOfOwn(words);
  if (own < 0) return await faultsOfOther(words);
  return [...await faultsOfOther(words.slice(0, own)), ...await faultsOfCommand(words.slice(own))];
}

/** Where our program begins that another one runs, as docker exec does. */
export function placeOfOwn(words: Words): number {
  return words.findIndex((word) => /^s6-|^with-contenv$/.test(word) && ownName(word) !== undefined);
}

/** Options alone are of a program that is named below the same heading, or of what builds and runs images. */
async function faultsOfOptions({ text, section }: Span): Promise<string[]> {
  const words = simpleCommands(text)[0]!;
  for (const first of section.flatMap((other) => simpleCommands(other)).map(([word]) => word!)) {
    const reading = ownName(first) !== undefined
      ? (await readingOfOwn([first, ...words])).reading
      : isSubcommand(first)
      ? await readingOfSubcommand([first, ...words])
      : undefined;
    if (reading !== undefined) return [];
  }
  const options = optionWords(words);
  if (options.every((option) => INSTRUCTIONS["HEALTHCHECK"]!.includes(option))) return [];
  for (const subcommand of ["run", "build"]) {
    const help = await helpOf(["docker", subcommand]);
    if (options.every((option) => tells(help, option))) return [];
  }
  return [`no program that is named below the heading takes ${text}`];
}

async function faultsOfVariable(variable: string, value: string): Promise<string[]> {
  if (variable.startsWith(SIGNAL_FAMILY.prefix)) {
    return isRoute(value.split(" ")) ? [] : [`${variable} is not given as ${value}`];
  }
  if (variable.startsWith("S6_")) {
    return [...unknownSettings([[variable, value]])].map(() => `${variable} is no setting`);
  }
  const bench = await Deno.readTextFile(`${ROOT}scripts/bench/main.ts`);
  return bench.includes(`Deno.env.get("${variable}")`) ? [] : [`${variable} is read by nothing`];
}

function isLoggingScript(words: Words): boolean {
  if (!/^(?:[nst]\d|!)/.test(words[0] ?? "")) return false;
  try {
    parseScript([...words, "./directory"]);
    return true;
  } catch {
    return false;
  }
}
