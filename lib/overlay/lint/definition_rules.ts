// Definitions of generation 3: what makes the boot refuse them, what it ignores, and what it never starts.

import type { ByteString } from "../../bytes.ts";
import { longrunNumbers } from "../../rc/longrun_numbers.ts";
import { Failure, OsError } from "../../report.ts";
import { signalNumber } from "../../signals.ts";
import { PARAMETER_SIZE, parameterLine } from "../../supervise/service_dir.ts";
import { USER_BUNDLES } from "../rc/built_in_definitions.ts";
import { DefinitionFiles } from "./definition_files.ts";
import type { LintedDefinitions, RefusedDefinition } from "./definitions.ts";
import type { ImageRule } from "./ignored_rules.ts";
import type { LintedImage, LintFault } from "./linted_image.ts";

type DefinitionRule = (definitions: LintedDefinitions, image: LintedImage) => Iterable<LintFault>;

const MOST_ENTRIES = 4096;
const SIGNALS = ["down-signal", "reload-signal"];

/** What keeps all services from being started. */
function* refused(definitions: LintedDefinitions, image: LintedImage): Generator<LintFault> {
  for (const refusal of definitions.refused) {
    const severity = severityOf(refusal, definitions, image);
    if (severity === undefined) continue;
    const { place: { file, line, column }, text, cure } = refusal;
    const place = { ...line === undefined ? {} : { line }, ...column === undefined ? {} : { column } };
    yield { severity, path: file, ...place, text, cure };
  }
}

/** Undefined for what the rest of the image may still have: files that are added to one extend its definitions. */
function severityOf(
  { place: { file, name }, text }: RefusedDefinition,
  { unread }: LintedDefinitions,
  { hasHook, survey, tree }: LintedImage,
): LintFault["severity"] | undefined {
  if (text.includes("will be ignored")) return "warning";
  const isAbsence = name !== undefined || file.endsWith("/type") && tree.find(file) === undefined;
  if (!isAbsence) return "error";
  const isKnown = [...unread.values()].some((directory) => file.startsWith(`${directory}/`) && name !== undefined);
  if (!survey.isWhole || isKnown) return undefined;
  // The hook runs before definitions are read.
  return hasHook ? "hint" : "error";
}

function* numbers({ longruns }: LintedDefinitions, { tree }: LintedImage): Generator<LintFault> {
  for (const { name, directory } of longruns) {
    try {
      longrunNumbers(new DefinitionFiles(tree), name, directory, () => {});
    } catch (error) {
      if (!(error instanceof Failure || error instanceof OsError)) throw error;
      const path = error instanceof OsError ? error.object : `${directory}/lock-fd`;
      const cure = error instanceof OsError ? "write a number alone into it" : "take another number";
      yield { severity: "error", path, line: 1, text: error.message, cure };
    }
  }
}

function* signals({ longruns }: LintedDefinitions, { tree }: LintedImage): Generator<LintFault> {
  for (const { directory } of longruns) {
    for (const name of SIGNALS) {
      const path = `${directory}/${name}`;
      if (tree.find(path)?.kind !== "file") continue;
      const line = parameterLine(tree.readHead(path, PARAMETER_SIZE));
      if (signalNumber(line) !== undefined) continue;
      const text = `"${line}" is not a signal, and is passed over`;
      yield { severity: "error", path, line: 1, text, cure: "write the name or number of a signal" };
    }
  }
}

/** Files that something else there stands in front of, or that mean nothing in a longrun. */
function* ignored({ longruns, oneshots }: LintedDefinitions, { tree }: LintedImage): Generator<LintFault> {
  for (const { directory } of [...longruns, ...oneshots]) {
    if (tree.find(`${directory}/dependencies.d`) === undefined) continue;
    const path = `${directory}/dependencies`;
    if (tree.find(path) === undefined) continue;
    yield {
      severity: "warning",
      path,
      text: "is not read, as there is dependencies.d",
      cure: "make its lines files there",
    };
  }
  for (const { name, directory } of longruns) {
    if (tree.find(`${directory}/log`)?.kind === "directory") {
      yield {
        severity: "warning",
        path: `${directory}/log`,
        text: "is no logger in s6-rc.d, and is ignored",
        cure: `make it a service of its own, ${name}-log, with consumer-for, and name that in producer-for of ${name}`,
      };
    }
    if (tree.find(`${directory}/down`) !== undefined) {
      const cure = "leave the service out of the bundles, and it is not started";
      yield { severity: "warning", path: `${directory}/down`, text: "has no effect in s6-rc.d", cure };
    }
  }
}

/** A file among the directories. */
function* noDefinitions({ places: { sources } }: LintedDefinitions, { tree }: LintedImage): Generator<LintFault> {
  for (const name of tree.list(sources, MOST_ENTRIES)) {
    const path = `${sources}/${name}`;
    if (name.startsWith(".") || tree.find(path)?.kind !== "file") continue;
    if (!/^(?:#!|\x7fELF)/.test(tree.readHead(path, 4))) continue;
    const text = "is a file, and definitions are directories: it is ignored";
    yield { severity: "warning", path, text, cure: "move it to /etc/s6-overlay/scripts, and have an up name it" };
  }
}

/** In the older of the two places. */
function* oldPlace({ places: { sources, bundles } }: LintedDefinitions, { tree }: LintedImage): Generator<LintFault> {
  for (const name of USER_BUNDLES) {
    const path = `${sources}/${name}`;
    if (tree.find(path)?.kind !== "directory") continue;
    yield {
      severity: "hint",
      path,
      text:
        `is the older place of the bundle ${name}: s6-overlay from 3.2.3.2 on warns of it, and ignores ${bundles} then`,
      cure: `move its contents.d to ${bundles}/${name}`,
    };
  }
}

/** Services that no script of the boot starts either. */
function* notStarted(definitions: LintedDefinitions, image: LintedImage): Generator<LintFault> {
  const { longruns, oneshots, started, refused, places: { bundles } } = definitions;
  if (image.hasHook || !image.survey.isWhole || refused.length > 0) return;
  for (const { name, directory } of [...longruns, ...oneshots]) {
    if (started.has(name) || isStartedByScript(image, name)) continue;
    yield {
      severity: "hint",
      path: directory,
      text: "is not started: no bundle that the boot starts has it, and nothing that is started depends on it",
      cure: `make an empty file ${bundles}/user/contents.d/${name}, or start it by s6-rc start ${name}`,
    };
  }
}

function isStartedByScript({ initialization }: LintedImage, name: ByteString): boolean {
  return initialization.includes("s6-rc") && initialization.includes(name);
}

const RULES: Readonly<Record<string, DefinitionRule>> = {
  "definition": refused,
  "parameter": numbers,
  "signal": signals,
  "ignored-file": ignored,
  "not-a-definition": noDefinitions,
  "bundle-place": oldPlace,
  "not-started": notStarted,
};

/** The rules for all places where definitions are. */
export const DEFINITION_RULES: Readonly<Record<string, ImageRule>> = Object.fromEntries(
  Object.entries(RULES).map(([name, rule]): [string, ImageRule] => [
    name,
    function* (image: LintedImage): Generator<LintFault> {
      for (const definitions of image.survey.definitions) yield* rule(definitions, image);
    },
  ]),
);
