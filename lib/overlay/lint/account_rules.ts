// Accounts that the image does not have: in the rules of fix-attrs.d, and in the words of scripts that are known without running them.

import { findGroup, findUser } from "../../accounts.ts";
import type { ByteString } from "../../bytes.ts";
import { Failure } from "../../report.ts";
import { parseRule, resolveOwner } from "../attributes/attribute_rule.ts";
import type { LintedImage, LintFault } from "./linted_image.ts";
import { optionsIn } from "./literal_options.ts";
import { type Invocation, type ScriptText, type ScriptWord, shortLines } from "./script_text.ts";

const ADD_IT = "add it to /etc/passwd in the image, or name one that is there";
/** More rules than these a file does not have for a reason. */
const MOST_RULES = 4096;
const MOST_BYTES = 8 * 1024 * 1024;

/** What is wrong with a file of fix-attrs.d. */
export function* attributeRules(path: ByteString, image: LintedImage): Generator<LintFault> {
  const kind = image.tree.find(path)?.kind;
  if (kind !== "file") {
    const target = image.tree.linkTarget(path);
    const text = kind !== undefined
      ? `is a ${kind}, and no rules are read from it`
      : `is a link to ${target}, which does not exist`;
    return yield { severity: "error", path, text, cure: "put a file of rules there, or remove it" };
  }
  const lines = image.tree.readHead(path, MOST_BYTES).split("\n").slice(0, MOST_RULES);
  for (const [index, line] of lines.entries()) yield* attributeRule(path, index + 1, line, image);
}

function* attributeRule(path: ByteString, line: number, text: ByteString, image: LintedImage): Generator<LintFault> {
  const fault = (said: string, cure: string, column?: number): LintFault => ({
    severity: "error",
    path,
    line,
    ...column === undefined ? {} : { column },
    text: said,
    cure,
  });
  let rule;
  try {
    rule = parseRule(text);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return yield fault(error.message, "", 1);
  }
  if (rule === undefined) return;
  for (const said of rule.faults) yield fault(said, "", 1);
  if (!image.survey.isWhole) return;
  try {
    resolveOwner(image.accounts, rule.account);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const column = 1 + (/^[ \t]*[^ \t]+[ \t]+[^ \t]+[ \t]+/.exec(text)?.[0].length ?? 0);
    const found = fault(
      error.message,
      `add it to the image, or give the ids to take without it: ${rule.account.split(",")[0]},1000:1000`,
      column,
    );
    yield image.hasHook ? { ...found, severity: "warning" } : found;
  }
}

/** What is asked of a word that names an account; undefined if it is as it should be. */
type Question = (name: ByteString, image: LintedImage) => string | undefined;

const isId = (word: ByteString): boolean => /^[0-9]+$/.test(word);
const user: Question = (name, { accounts }) => findUser(accounts, name) ? undefined : `unknown user: ${name}`;
const group: Question = (name, { accounts }) =>
  findGroup(accounts, name) === undefined ? `unknown group: ${name}` : undefined;

const userOrPair: Question = (name, image) => {
  if (name === "") return undefined;
  if (!name.includes(":")) return user(name, image);
  return /^[0-9]+:[0-9]+$/.test(name)
    ? undefined
    : `${name} is not a pair of numbers: of user:group only numbers are taken`;
};

const userAndGroup: Question = (name, image) => {
  const [one = "", other = ""] = name.split(/:([^]*)/);
  return (one === "" ? undefined : user(one, image)) ?? (other === "" ? undefined : group(other, image));
};

const number: Question = (word) =>
  isId(word) ? undefined : `${word} is not a number: s6-applyuidgid takes ids, and s6-setuidgid names`;

/** For each program its options, as getopt has them, and the words that name accounts. */
const NAMING: Readonly<
  Record<string, { readonly options: string; asked(given: NonNullable<ReturnType<typeof optionsIn>>): Asked[] }>
> = {
  "s6-setuidgid": { options: "", asked: ({ operands }) => [[operands[0], userOrPair]] },
  "s6-envuidgid": {
    options: "iD:ugBn",
    asked: ({ values, operands: [account] }) => {
      if (values.has("D") || values.has("n")) return [];
      return [[account, values.has("u") ? user : values.has("g") ? group : values.has("B") ? userAndGroup : user]];
    },
  },
  "s6-applyuidgid": {
    options: "zu:g:G:U",
    asked: ({ values }) => [[values.get("u"), number], [values.get("g"), number]],
  },
  "logutil-service": { options: "d:u:f:", asked: ({ values }) => [[values.get("u"), user]] },
};
type Asked = readonly [word: ScriptWord | undefined, question: Question];

const PROGRAMS: ReadonlySet<string> = new Set(Object.keys(NAMING));

/** Accounts in a script that the image does not have. */
export function* scriptAccounts(script: ScriptText, image: LintedImage): Generator<LintFault> {
  if (!image.survey.isWhole) return;
  for (const invocation of script.invocations(PROGRAMS)) yield* accountsOf(invocation, script, image);
}

function* accountsOf({ program, words }: Invocation, script: ScriptText, image: LintedImage): Generator<LintFault> {
  const { options, asked } = NAMING[program]!;
  const given = optionsIn(words, options);
  if (given === undefined) return;
  for (const [word, question] of asked(given)) {
    if (word?.literal === undefined) continue;
    const text = question(word.literal, image);
    if (text === undefined || isInQuestion(script, word.literal)) continue;
    const severity = image.mayMakeAccounts && text.startsWith("unknown") ? "warning" : "error";
    yield {
      severity,
      path: script.script.path,
      ...script.place(word.at),
      text,
      cure: text.startsWith("unknown") ? ADD_IT : "",
    };
  }
}

/** The script looks by itself whether there is such an account, or makes it. */
function isInQuestion({ text }: ScriptText, name: ByteString): boolean {
  const word = name.replace(/[^\w-]/g, "\\$&");
  const asks = new RegExp(`\\b(?:id|getent|grep|adduser|useradd|addgroup|groupadd)\\b.*(?<![\\w-])${word}(?![\\w-])`);
  for (const { line } of shortLines(text)) if (asks.test(line)) return true;
  return false;
}
