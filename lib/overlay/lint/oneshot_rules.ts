// The command lines of oneshots: what a first line with #! means there, which is nothing, and the program that they name.

import { baseName } from "../../image/locate.ts";
import { cureOfPassedOver, interpreterPassedOver, passedOverInWords } from "../rc/script_in_up.ts";
import type { LintedImage, LintFault } from "./linted_image.ts";
import type { ScriptText } from "./script_text.ts";

type OneshotRule = (script: ScriptText, image: LintedImage) => Iterable<LintFault>;

function* shebang({ script: { path }, text }: ScriptText): Generator<LintFault> {
  if (!text.startsWith("#!")) return;
  const name = baseName(path);
  const interpreter = interpreterPassedOver(text);
  if (interpreter === undefined) {
    const what = `its first line is a comment: ${name} is one command line in execline, and no interpreter is started`;
    return yield { severity: "hint", path, line: 1, text: what, cure: "remove the line" };
  }
  yield { severity: "error", path, line: 1, text: passedOverInWords(interpreter), cure: cureOfPassedOver(name) };
}

function* missingProgram(script: ScriptText, image: LintedImage): Generator<LintFault> {
  const { path } = script.script;
  if (!image.survey.isWhole) return;
  for (const program of script.script.runs ?? []) {
    if (image.tree.find(program) !== undefined || image.own.standsIn(program)) continue;
    const severity = image.hasHook ? "warning" : "error";
    const cure = "put it into the image, or name what is there";
    yield { severity, path, text: `is to run ${program}, which does not exist`, cure };
  }
}

export const ONESHOT_RULES: Readonly<Record<string, OneshotRule>> = {
  "shebang": shebang,
  "missing-program": missingProgram,
};
