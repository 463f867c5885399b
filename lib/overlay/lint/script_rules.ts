// What keeps a script or program from running: the file itself, its line ends, its interpreter, the loader of either, and
// the syntax of execline.

import type { ByteString } from "../../bytes.ts";
import {
  loadedProgram,
  type Obstacle,
  obstacleOf,
  obstacleOfInterpreter,
  obstacleOfLoader,
} from "../../image/explain.ts";
import { ELF_HEAD_SIZE, parseElf, runsOn } from "../../image/elf.ts";
import { HEAD_SIZE, wordsOfEnv } from "../../image/shebang.ts";
import type { Look } from "../../image/search.ts";
import { PATHS } from "../paths.ts";
import type { LintedImage, LintFault } from "./linted_image.ts";
import type { ScriptText } from "./script_text.ts";

type ScriptRule = (script: ScriptText, image: LintedImage) => Iterable<LintFault>;

const EXECUTABLE = 0o111;
const CONVERT = "convert it, e.g. with dos2unix";
const INSTALL = "install it, or name a program that the image has";
/** Where the interpreter's name begins in the first line. */
const INTERPRETER_COLUMN = 3;

/** The image, with the script as the boot runs it. */
function lookOf({ tree, own }: LintedImage, { script, text, shebang }: ScriptText): Look {
  const isOwn = (path: ByteString): boolean => path === script.path;
  const find = (path: ByteString): ReturnType<Look["find"]> =>
    tree.find(path) ?? (own.standsIn(path) ? tree.find(PATHS.launcher) : undefined);
  return {
    find,
    mayExecute: (path) => isOwn(path) && script.isMadeExecutable || ((find(path)?.mode ?? 0) & EXECUTABLE) !== 0,
    // Of a script all is known, as it is run.
    readHead: (path, size = HEAD_SIZE) =>
      isOwn(path) && shebang !== undefined ? text.slice(0, size) : tree.readHead(path, size),
    linkTarget: (path) => tree.linkTarget(path),
  };
}

function error(script: ScriptText, { fault, cure = "" }: Obstacle, column?: number): LintFault {
  const place = column === undefined ? {} : { line: 1, column };
  return { severity: "error", path: script.script.path, ...place, text: fault, cure };
}

function* notRunnable(script: ScriptText, image: LintedImage): Generator<LintFault> {
  const { path } = script.script;
  const found = obstacleOf(lookOf(image, script), path, image.tree.find(path));
  if (found !== undefined) yield error(script, found);
}

function* lineEnds({ script, hasForeignLineEnds, isWhole, text, language }: ScriptText): Generator<LintFault> {
  const { path } = script;
  if (hasForeignLineEnds) {
    if (!script.isConverted) return;
    yield isWhole
      ? {
        severity: "warning",
        path,
        line: 1,
        text: "has CRLF line ends, and is run as a copy without them",
        cure: CONVERT,
      }
      : {
        severity: "error",
        path,
        line: 1,
        text: "has CRLF line ends, and is too long to be converted",
        cure: CONVERT,
      };
    return;
  }
  const at = language === "shell" ? text.indexOf("\r\n") : -1;
  if (at < 0) return;
  const line = text.slice(0, at).split("\n").length;
  yield {
    severity: "warning",
    path,
    line,
    text: "the line ends in CRLF, and the shell takes the CR for a part of it",
    cure: CONVERT,
  };
}

function* interpreter(script: ScriptText, image: LintedImage): Generator<LintFault> {
  const { shebang, runs } = script;
  if (shebang === undefined) return;
  const look = lookOf(image, script);
  const isThere = image.tree.find(shebang.interpreter) !== undefined;
  // Where there is no env the overlay runs what it names.
  if (isThere || image.survey.isWhole && wordsOfEnv(shebang) === undefined) {
    const found = obstacleOfInterpreter(look, script.script.path);
    if (found !== undefined) {
      return yield error(script, isThere ? found : { cure: INSTALL, ...found }, INTERPRETER_COLUMN);
    }
  }
  if (!image.survey.isWhole) return;
  for (const name of runs) {
    const isFound = image.own.names.includes(name) || image.own.standsIn(name) || image.locate(name) !== undefined;
    if (isFound) continue;
    const fault = name.includes("/")
      ? `${shebang.interpreter} is to run ${name}, which does not exist`
      : `${shebang.interpreter} is to run ${name}, which no directory of PATH has`;
    const cure = /[ \t]/.test(name)
      ? "the kernel gives it all of that as one word: leave the options out, and set them in the script"
      : INSTALL;
    yield error(script, { fault, cure }, INTERPRETER_COLUMN);
  }
}

/** The program that the kernel loads, and those that its interpreter runs in turn. */
function programsOf(script: ScriptText, image: LintedImage): NonNullable<ReturnType<typeof loadedProgram>>[] {
  const look = lookOf(image, script);
  const paths = script.runs.flatMap((name) => image.locate(name) ?? []);
  const more = paths.flatMap((path) => {
    const elf = parseElf(look.readHead(path, ELF_HEAD_SIZE));
    return elf === undefined ? [] : [{ what: `its interpreter ${path}`, elf }];
  });
  const first = loadedProgram(look, script.script.path);
  return first === undefined ? more : [first, ...more];
}

function* loader(script: ScriptText, image: LintedImage): Generator<LintFault> {
  if (!image.survey.isWhole) return;
  for (const program of programsOf(script, image)) {
    const found = obstacleOfLoader(lookOf(image, script), program);
    if (found !== undefined) yield error(script, found);
  }
}

function* architecture(script: ScriptText, image: LintedImage): Generator<LintFault> {
  const own = parseElf(image.tree.readHead(PATHS.launcher, ELF_HEAD_SIZE))?.machine;
  if (own === undefined) return;
  for (const { what, elf: { machine } } of programsOf(script, image)) {
    if (runsOn(machine, own)) continue;
    const fault = `${what} is a program for ${machine}, and the overlay in this image is for ${own}`;
    yield error(script, { fault, cure: "take both for the architecture that the image is for" });
  }
}

function* execlineSyntax(script: ScriptText): Generator<LintFault> {
  const failure = script.syntaxFailure();
  if (failure === undefined) return;
  const { fault, place } = failure;
  yield { severity: "error", path: script.script.path, ...place, text: fault, cure: "" };
}

export const RUNNING_RULES: Readonly<Record<string, ScriptRule>> = {
  "not-runnable": notRunnable,
  "line-ends": lineEnds,
  interpreter,
  loader,
  architecture,
  "execline-syntax": execlineSyntax,
};
