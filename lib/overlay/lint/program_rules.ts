// The program that the script of a service becomes: whether the image has it, and can load it. Only what is certain without
// running the script is followed; a volume or a script may bring a program that is missing, so that this is a warning.

import type { ByteString } from "../../bytes.ts";
import { obstacleOfLoader } from "../../image/explain.ts";
import { ELF_HEAD_SIZE, parseElf, runsOn } from "../../image/elf.ts";
import { baseName } from "../../image/locate.ts";
import { PATHS } from "../paths.ts";
import { type LintedImage, type LintFault, OF_THE_CONTAINER } from "./linted_image.ts";
import { optionsIn } from "./literal_options.ts";
import type { ScriptText, ScriptWord } from "./script_text.ts";

/** Programs that become the rest of their words: their options, as getopt has them, and how many operands come before. */
const CHAINS: Readonly<Record<string, { readonly options: string; readonly operands: number }>> = {
  "cd": { options: "", operands: 1 },
  "exec": { options: "cla:", operands: 0 },
  "export": { options: "", operands: 2 },
  "fdclose": { options: "", operands: 1 },
  "fdmove": { options: "c", operands: 2 },
  "foreground": { options: "", operands: 0 },
  "importas": { options: "iD:uNnsCcd:S", operands: 2 },
  "redirfd": { options: "rwuacxNnbfEe", operands: 2 },
  "s6-envdir": { options: "IinfLc:", operands: 1 },
  "s6-notifyoncheck": { options: "d3:s:T:t:w:n:c:", operands: 0 },
  "s6-setlock": { options: "rwnNt:d:", operands: 1 },
  "s6-setuidgid": { options: "", operands: 1 },
  "umask": { options: "", operands: 1 },
  "unexport": { options: "", operands: 1 },
  "with-contenv": { options: "", operands: 0 },
};

/** The program of a service's run that is not there, or cannot be loaded. */
export function* serviceProgram(script: ScriptText, image: LintedImage): Generator<LintFault> {
  const { script: { path, role } } = script;
  if (role !== "service" || !path.endsWith("/run") || !image.survey.isWhole || image.hasHook) return;
  const word = programOf(script.becomes(), image);
  if (word?.literal === undefined || OF_THE_CONTAINER.test(word.literal)) return;
  const name = word.literal;
  const place = { path, ...script.place(word.at) };
  const file = image.locate(name);
  if (file !== undefined) return yield* notLoadable(name, file, image, place);
  if (image.initialization.includes(baseName(name))) return;
  yield {
    severity: "warning",
    ...place,
    text: `it becomes ${name}, which ${name.includes("/") ? "does not exist" : "no directory of PATH has"}`,
    cure: "install it, or correct its name",
  };
}

/** Undefined where it is one of our own, or is known only when the script runs. */
function programOf(chain: readonly ScriptWord[], image: LintedImage): ScriptWord | undefined {
  let words = chain;
  for (;;) {
    const [word, ...more] = words;
    if (word?.literal === undefined) return undefined;
    const name = baseName(word.literal);
    const { options, operands } = Object.hasOwn(CHAINS, name) ? CHAINS[name]! : {};
    if (options === undefined || operands === undefined) {
      const isPlain = /^(?:\/|[\w][^/=]*$)/.test(word.literal);
      return image.own.names.includes(name) || !isPlain ? undefined : word;
    }
    words = optionsIn(more, options)?.operands.slice(operands) ?? [];
  }
}

function* notLoadable(
  name: ByteString,
  file: ByteString,
  { tree }: LintedImage,
  place: Pick<LintFault, "path">,
): Generator<LintFault> {
  const elf = parseElf(tree.readHead(file, ELF_HEAD_SIZE));
  if (elf === undefined) return;
  const own = parseElf(tree.readHead(PATHS.launcher, ELF_HEAD_SIZE))?.machine;
  if (own !== undefined && !runsOn(elf.machine, own)) {
    const text = `it becomes ${name}, a program for ${elf.machine}, and the overlay in this image is for ${own}`;
    return yield { severity: "error", ...place, text, cure: "take both for the architecture that the image is for" };
  }
  const found = obstacleOfLoader(tree, { what: name, elf });
  if (found !== undefined) yield { severity: "error", ...place, text: found.fault, cure: found.cure ?? "" };
}
