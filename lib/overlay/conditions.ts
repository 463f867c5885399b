// Conditions over the container's environment: a service that has some is started only if all of them hold. They stand in its
// file data/overlay/enabled-if, one a line.

import type { ByteString } from "../bytes.ts";
import { shown } from "./settings.ts";

/** More than a few lines is no list of conditions. */
export const LONGEST_CONDITIONS: number = 64 * 1024;

interface StartCondition {
  readonly variable: ByteString;
  /** Undefined: any that is not empty. */
  readonly value: ByteString | undefined;
  readonly isNegated: boolean;
}

/** How they are written. */
export const CONDITION_FORMS = "NAME, !NAME, NAME=value or NAME!=value";

/** The conditions of a file, or the first line that is none. Empty lines and those that begin with # count for nothing. */
export function parseConditions(
  text: ByteString,
): { readonly conditions: readonly StartCondition[] } | { readonly wrong: ByteString } {
  const conditions: StartCondition[] = [];
  for (const line of text.split("\n").map((line) => line.trim())) {
    if (line === "" || line.startsWith("#")) continue;
    const condition = parseCondition(line);
    if (condition === undefined) return { wrong: shown(line) };
    conditions.push(condition);
  }
  return { conditions };
}

function parseCondition(line: ByteString): StartCondition | undefined {
  const [, not, variable = "", operator, value] = /^(!?)([^\s!=]+)(?:(!?=)(.*))?$/.exec(line) ?? [];
  if (variable === "" || (not === "!" && operator !== undefined)) return undefined;
  return { variable, value, isNegated: not === "!" || operator === "!=" };
}

/**
 * Why the first condition does not hold; undefined if all of them do.
 * @param lookUp a variable that is not set is as an empty one
 */
export function unmetCondition(
  conditions: readonly StartCondition[],
  lookUp: (variable: ByteString) => ByteString | undefined,
): ByteString | undefined {
  const unmet = conditions.find(({ variable, value, isNegated }) => {
    const found = lookUp(variable) ?? "";
    const holds = value === undefined ? found !== "" : found === value;
    return holds === isNegated;
  });
  return unmet && explained(unmet);
}

/** Without what the variable has now, which may be a secret. */
function explained({ variable, value, isNegated }: StartCondition): ByteString {
  const name = shown(variable);
  const verb = isNegated ? "is" : "is not";
  return value === undefined ? `${name} ${verb} set` : `${name} ${verb} "${shown(value)}"`;
}
