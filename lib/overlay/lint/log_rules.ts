// Loggers that cannot write: the directory of a log/run, where it is written out, and what the image has in its place. Volumes
// and scripts may have made it by the time that the logger starts, so all but a plain contradiction is a warning.

import { credentialsOf } from "../../accounts.ts";
import type { ByteString } from "../../bytes.ts";
import type { Credentials } from "../../os/operands.ts";
import type { FileStatus } from "../../os/os.ts";
import { Failure } from "../../report.ts";
import { LOG_USER, logCredentials } from "../logging/log_account.ts";
import { type LintedImage, type LintFault, OF_THE_CONTAINER } from "./linted_image.ts";
import { optionsIn } from "./literal_options.ts";
import { type Invocation, type ScriptText, type ScriptWord, shortLines } from "./script_text.ts";

const LOGGERS: Readonly<Record<string, string>> = { "logutil-service": "d:u:f:", "s6-log": "d:qvbpl:t:" };
const PROGRAMS: ReadonlySet<string> = new Set(Object.keys(LOGGERS));
/** Commands that make or give away what a variable names. */
const MAKES_SOMETHING = /\b(?:mkdir|install|chown|chmod|cp|mv|ln|tar|rsync|s6-mkdir|s6-chown)\b.*\$/;

/** A directory that a logger is told to write to. */
interface Target {
  readonly word: ScriptWord;
  readonly directory: ByteString;
  /** Whose ids the logger has; undefined where that is not known, and where it may write anywhere. */
  readonly writer: { readonly name: ByteString; readonly ids: Credentials } | undefined;
}

export function* logDirectory(script: ScriptText, image: LintedImage): Generator<LintFault> {
  if (script.script.role !== "logger" || !image.survey.isWhole) return;
  for (const invocation of script.invocations(PROGRAMS)) {
    for (const target of targetsOf(invocation, image)) {
      const fault = faultOf(target, script, image);
      if (fault !== undefined) yield { path: script.script.path, ...script.place(target.word.at), ...fault };
    }
  }
}

function targetsOf({ program, words, before }: Invocation, image: LintedImage): Target[] {
  const given = optionsIn(words, LOGGERS[program]!);
  if (given === undefined) return [];
  const isUtility = program === "logutil-service";
  const writer = isUtility ? namedWriter(given.values.get("u"), image) : changedWriter(before, image);
  const operands = isUtility ? given.operands.slice(0, 1) : given.operands;
  return operands.flatMap((word) => {
    const directory = word.literal?.replace(/\/+$/, "");
    return directory?.startsWith("/") && !OF_THE_CONTAINER.test(directory) ? [{ word, directory, writer }] : [];
  });
}

/** An account that the image does not have is another rule's to find. */
function idsOf(find: () => Credentials): Credentials | undefined {
  try {
    return find();
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

function namedWriter(word: ScriptWord | undefined, { accounts }: LintedImage): Target["writer"] {
  const name = word === undefined ? LOG_USER : word.literal;
  if (name === undefined) return undefined;
  const ids = idsOf(() => logCredentials(accounts, name));
  return ids && { name, ids };
}

function changedWriter(before: readonly ScriptWord[], { accounts }: LintedImage): Target["writer"] {
  const at = before.findLastIndex(({ literal }) => literal !== undefined && /(?:^|\/)s6-setuidgid$/.test(literal));
  const name = before[at + 1]?.literal;
  if (at < 0 || name === undefined) return undefined;
  const ids = idsOf(() => credentialsOf(accounts, name));
  return ids && { name, ids };
}

function faultOf(
  { directory, writer }: Target,
  script: ScriptText,
  image: LintedImage,
): Pick<LintFault, "severity" | "text" | "cure"> | undefined {
  const { tree } = image;
  const there = tree.find(directory);
  if (there !== undefined && there.kind !== "directory") {
    return { severity: "error", text: `${directory} is a ${there.kind}, not a directory`, cure: "log to another one" };
  }
  if (isMadeElsewhere(directory, script, image)) return undefined;
  const owner = writer?.name ?? "root";
  const cure =
    `make it in a script of cont-init.d, mkdir -p ${directory} && chown ${owner} ${directory}, or in the image`;
  const parent = there ?? tree.find(directory.slice(0, directory.lastIndexOf("/")) || "/");
  if (parent === undefined) {
    return { severity: "warning", text: `the logger cannot make ${directory}: there is no directory for it`, cure };
  }
  if (writer === undefined || mayWrite(writer.ids, parent)) return undefined;
  const what = there === undefined ? `make ${directory}` : `write to ${directory}`;
  return { severity: "warning", text: `the logger runs as ${writer.name}, which may not ${what}`, cure };
}

function mayWrite({ uid, gid, groups }: Credentials, { mode, ...owner }: FileStatus): boolean {
  if (uid === 0) return true;
  const shift = owner.uid === uid ? 6 : owner.gid === gid || groups.includes(owner.gid) ? 3 : 0;
  return ((mode >> shift) & 0o3) === 0o3;
}

/** A script, a rule of fix-attrs.d or the logger itself names it, or a directory above it. */
function isMadeElsewhere(directory: ByteString, script: ScriptText, image: LintedImage): boolean {
  if (image.hasHook) return true;
  for (const { line } of shortLines(image.initialization)) if (MAKES_SOMETHING.test(line)) return true;
  const others = [image.initialization, ownLines(script), image.attributeRules];
  for (let path = directory; path !== ""; path = path.slice(0, path.lastIndexOf("/"))) {
    const name = new RegExp(`(?<![\\w./-])${path.replace(/[^\w/-]/g, "\\$&")}/*(?![\\w./-])`);
    if (others.some((text) => name.test(text))) return true;
  }
  return false;
}

/** The logger's script but for the calls of loggers. */
function ownLines({ text }: ScriptText): ByteString {
  return text.split("\n").slice(1).filter((line) => !/\b(?:s6-log|logutil-service)\b/.test(line)).join("\n");
}
