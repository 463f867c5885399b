// Documentation that is printed from declarations: `deno task docs` writes it, with --check it only tells what differs.
// Prose is written by hand, in README.md and the other files of docs/.

import { subcommandPages } from "../cli/operator/subcommand_pages.ts";
import { FAMILIES, type Page, pagesOf } from "../cli/pages.ts";
import { DIAGNOSES } from "../lib/overlay/explain/diagnoses.ts";
import type { LifeState } from "../lib/overlay/life.ts";
import { lifeRows } from "../lib/overlay/life_rows.ts";
import { SETTINGS, SIGNAL_FAMILY } from "../lib/overlay/settings.ts";
import { ROUTES, SIGNAL_ROWS } from "../lib/overlay/signals/signal_manual.ts";
import { SIGNALS } from "../lib/overlay/signals/signals.ts";
import { SERVICE_COMMANDS } from "../lib/supervise/control.ts";
import { type TransitionRow, transitionRows } from "../lib/supervise/transition.ts";
import { faultsOfDifferences } from "./differences/check.ts";
import { DIFFERENCES, printDifferences } from "./differences/print.ts";
import { printEngines } from "./engine_docs.ts";
import { generationRows, printGenerations } from "./generations.ts";
import { sourceFiles } from "./house.ts";
import { printJson } from "./json_docs.ts";
import { MAN_DIRECTORY, manPages } from "./man_pages.ts";
import { printMessages } from "./messages.ts";
import { refusedCallRows } from "./refused_calls.ts";
import { printServiceDirectory } from "./service_directory.ts";

const ROOT = decodeURIComponent(new URL("..", import.meta.url).pathname);
const PRINTED = "<!-- Printed by `deno task docs`; changes made here are lost. -->";

interface Document {
  readonly path: string;
  /** The new text, from the present one. */
  readonly print: (present: string) => Promise<string> | string;
}

const DOCUMENTS: readonly Document[] = [
  { path: "docs/applets.md", print: printApplets },
  { path: "docs/differences.md", print: () => printDifferences(DIFFERENCES, PRINTED) },
  { path: "docs/engines.md", print: () => printEngines(PRINTED, table) },
  { path: "docs/generations.md", print: () => printGenerations(PRINTED, table) },
  { path: "docs/json.md", print: () => printJson((path) => Deno.readTextFileSync(ROOT + path), PRINTED, table) },
  { path: "docs/life.md", print: printLife },
  { path: "docs/messages.md", print: async () => await printMessages(await programFiles(), PRINTED, table) },
  { path: "docs/service-directory.md", print: () => printServiceDirectory(PRINTED, table) },
  { path: "docs/supervision.md", print: printSupervision },
  { path: "docs/troubleshooting.md", print: (present) => between(present, "diagnoses", diagnosesTable()) },
  { path: "docs/users.md", print: (present) => between(present, "calls", callsTable()) },
  { path: "README.md", print: (present) => printReadme(present) },
];

async function programFiles(): Promise<{ readonly path: string; readonly text: string }[]> {
  return (await sourceFiles(ROOT)).filter(({ path }) => /^(cli|lib)\//.test(path));
}

/** Every applet with its usage line, by the folder of the family it comes from. */
async function printApplets(): Promise<string> {
  const families = await Promise.all(FAMILIES.map(async (family) => ({ family, pages: await pagesOf(family) })));
  const count = families.reduce((sum, { pages }) => sum + pages.length, 0);
  return [
    "# Applets",
    PRINTED,
    `The ${count} programs of this version. Each is a symbolic link to the launcher, in \`/command\` and, unless ` +
    "distributions have a program of that name, in `/usr/bin`; `init` is `/init`. `s6-overlay help` tells what each " +
    "option means.",
    ...families.flatMap(({ family, pages }) => [
      `## ${FAMILY_TITLES[family] ?? family}`,
      table(["Name", "Usage", "What it does"], pages.map(row)),
    ]),
    "## Subcommands of s6-overlay",
    "`s6-overlay SUBCOMMAND --help` tells what each option means, and `s6-overlay help -m SUBCOMMAND` prints a man page. " +
    "Completion (`s6-overlay help -c SHELL`) knows them, their options, and the services that they take.",
    table(["Name", "Usage", "What it does"], (await subcommandPages()).map(row)),
  ].join("\n\n");
}

/** Where the programs of a family come from, where its name does not say it. */
export const FAMILY_TITLES: Readonly<Record<string, string>> = {
  linux: "From s6-linux-utils",
  overlay: "Of s6-overlay",
  portable: "From s6-portable-utils",
  s6_rc: "From s6-rc",
};

function row({ name, usage, summary }: Page): string[] {
  return [code(name), code(`${name} ${usage}`.trim()), summary];
}

function printReadme(present: string): string {
  const tables = { settings: settingsTable(), signals: signalsTable(), routes: routesTable() };
  return Object.entries(tables).reduce((text, [name, table]) => between(text, name, table), present);
}

function signalsTable(): string {
  const rows = SIGNAL_ROWS.map(({ names, effect, sender }) => [
    names.map((name) => name.includes(" ") ? name : code(name)).join(", "),
    effect,
    sender,
    names.some((name) => Object.hasOwn(SIGNALS, name))
      ? names.map((name) => code(SIGNAL_FAMILY.prefix + name)).join(", ")
      : "",
  ]);
  return table(["Signal", "What it does", "Who sends it", "Setting"], rows);
}

function routesTable(): string {
  return table(["Value", "What the signal does"], Object.entries(ROUTES).map(([value, doc]) => [code(value), doc]));
}

function diagnosesTable(): string {
  return table(["Name", "What was found"], DIAGNOSES.map(({ name, says }) => [code(name), says]));
}

function callsTable(): string {
  return table(["System call", "Without it"], refusedCallRows());
}

const VALUES = { flag: "0 or 1", number: "number", milliseconds: "milliseconds", text: "text" } as const;

function settingsTable(): string {
  const rows = Object.values(SETTINGS).map((row) => [
    code(row.variable),
    VALUES[row.type],
    row.default === "" ? "none" : code(typeof row.default === "boolean" ? `${Number(row.default)}` : `${row.default}`),
    row.doc,
  ]);
  rows.push([code(`${SIGNAL_FAMILY.prefix}...`), "words", "none", SIGNAL_FAMILY.doc]);
  return table(["Variable", "Value", "Default", "Meaning"], rows);
}

const STATES: Readonly<Record<TransitionRow["state"], string>> = {
  down: "Nothing runs.",
  starting: "A process has been started that is to become `run`. Whatever holds it up, it counts as up after a second.",
  up: "`run` lives.",
  finish: "`run` has died, and `finish` is being run.",
  lastStarting: "As starting; the supervisor of the service ends when it is down.",
  lastUp: "As up; the supervisor of the service ends when it is down.",
  lastFinish: "As finish; the supervisor of the service ends when it is down.",
  gone: "The supervisor of the service has ended. Whatever comes is ignored.",
};

/** The life of a service: what happens in which state, as a diagram and as tables. */
export function printSupervision(): string {
  const rows = transitionRows();
  const sections = Object.entries(STATES).flatMap(([state, meaning]) => {
    const own = rows.filter((row) => row.state === state && row.effect !== "nothing");
    const lines = own.map(({ event, effect, to }) => [code(event), lettersOf(event), effect, to ?? ""]);
    const heading = [`## ${state}`, meaning];
    return lines.length === 0 ? heading : [...heading, table(["Event", "s6-svc", "What is done", "Next state"], lines)];
  });
  return [
    "# The life of a service",
    PRINTED,
    "Each service is in one of these states. An event changes the state only where a next state is given; an event that is " +
    "missing from a table does nothing in that state, or cannot happen in it. The letters after `event` are what " +
    "is published to those who wait in the service's `event` directory.",
    diagram(rows, "down", "gone"),
    ...sections,
  ].join("\n\n");
}

const LIFE_STATES: Readonly<Record<LifeState, string>> = {
  booting: "Stage 2, up to the command: the user's files, fix-attrs.d, cont-init.d, services.d.",
  running: "The command runs.",
  idle: "There is no command: the container lives on its services.",
  bringingDown: "Services of generation 3 go down in the order of their dependencies, as long as services have time.",
  down: "They are down, or their time is over.",
  stopping:
    "The services were told to end. If the stop waits for them, the command may still run, and its code counts.",
  interrupted:
    "Nothing is started any more. A script of the boot that the stop has met has the time that services have.",
  lastScripts: "Stage 3: cont-finish.d, each script with a bound of its own, and what is left of the services' time.",
  lastSignals: "TERM to everybody, the grace time, KILL to everybody.",
  over: "Process 1 exits. Whatever comes is ignored.",
};

/** The life of a container. */
function printLife(): string {
  const rows = lifeRows();
  const sections = Object.entries(LIFE_STATES).flatMap(([state, meaning]) => {
    const own = rows.filter((row) => row.state === state && (row.effect !== "nothing" || row.to !== undefined));
    const lines = own.map(({ event, effect, to }) => [code(event), effect, to ?? ""]);
    const heading = [`## ${state}`, meaning];
    return lines.length === 0 ? heading : [...heading, table(["Event", "What is done", "Next state"], lines)];
  });
  return [
    "# The life of a container",
    PRINTED,
    "A container is in one of these states. An event changes the state only where a next state is given; an event that is " +
    "missing from a table does nothing in that state, or cannot happen in it. A code that is recorded becomes the " +
    "container's exit code; the first cause of its end counts.",
    diagram(rows, "booting", "over"),
    ...sections,
  ].join("\n\n");
}

type Edge = { readonly state: string; readonly event: string; readonly to: string | undefined };

function diagram(rows: readonly Edge[], first: string, last: string): string {
  const edges = new Map<string, string[]>();
  for (const { state, event, to } of rows) {
    if (to === undefined || to === state) continue;
    const edge = `${state} --> ${to}`;
    edges.set(edge, [...edges.get(edge) ?? [], event]);
  }
  const lines = [...edges].map(([edge, events]) => `    ${edge}: ${events.join(", ")}`);
  return ["```mermaid", "stateDiagram-v2", `    [*] --> ${first}`, ...lines, `    ${last} --> [*]`, "```"].join("\n");
}

/** The options of s6-svc that bring an event about. */
function lettersOf(event: TransitionRow["event"]): string {
  const letters = Object.entries(SERVICE_COMMANDS).filter(([, command]) => command.on === event);
  return letters.map(([letter]) => code(`-${letter}`)).join(" ");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function code(text: string): string {
  return `\`${text}\``;
}

/** The text with what is between the two markers of that name replaced. */
function between(text: string, name: string, replacement: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the markers ${start} and ${end} are missing`);
  return `${text.slice(0, from + start.length)}\n\n${replacement}\n\n${text.slice(to)}`;
}

async function formatted(markdown: string): Promise<string> {
  const args = ["fmt", "--ext", "md", "-"];
  const child = new Deno.Command(Deno.execPath(), { args, cwd: ROOT, stdin: "piped", stdout: "piped" }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(markdown));
  await writer.close();
  const { success, stdout } = await child.output();
  if (!success) throw new Error("deno fmt failed");
  return new TextDecoder().decode(stdout);
}

/** The text of a file of the project; undefined if there is none. */
function textAt(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(ROOT + path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Text by path; undefined for a file that is to go. */
async function printed(): Promise<ReadonlyMap<string, string | undefined>> {
  const texts = new Map<string, string | undefined>();
  for (const { path, print } of DOCUMENTS) texts.set(path, await formatted(await print(textAt(path) ?? "")));
  await Deno.mkdir(ROOT + MAN_DIRECTORY, { recursive: true });
  for (const { name } of Deno.readDirSync(ROOT + MAN_DIRECTORY)) texts.set(`${MAN_DIRECTORY}/${name}`, undefined);
  for (const [path, text] of await manPages()) texts.set(path, text);
  return texts;
}

async function update(check: boolean): Promise<number> {
  const faults = faultsOfDifferences([...DIFFERENCES, ...generationRows()], textAt);
  for (const fault of faults) console.error(`docs: scripts/differences: ${fault}`);
  let differing = 0;
  for (const [path, text] of await printed()) {
    if (text === textAt(path)) continue;
    differing++;
    if (check) console.error(`docs: ${path} is not what the declarations say: run deno task docs`);
    else if (text === undefined) await Deno.remove(ROOT + path);
    else await Deno.writeTextFile(ROOT + path, text);
  }
  return faults.length + (check ? differing : 0);
}

if (import.meta.main) Deno.exit(await update(Deno.args.includes("--check")) > 0 ? 1 : 0);
