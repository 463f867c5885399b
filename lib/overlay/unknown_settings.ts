// Variables that look like settings and are none, so that a misspelt one does not stay without effect in silence.

import type { ByteString } from "../bytes.ts";
import { nearestWord } from "../nearest_word.ts";
import { NAMES_BEGIN_WITH, SETTINGS, shown, SIGNAL_FAMILY } from "./settings.ts";
import { DUMP_VARIABLES, HOLDER_RIGHTS, SETTINGS_OF_LATER, STAGE2_EXITED } from "./variable_names.ts";

const KNOWN: readonly string[] = Object.values(SETTINGS).map(({ variable }) => variable);
/** Without what all of them begin with. */
const OWN_NAMES = KNOWN.map((variable) => variable.slice(NAMES_BEGIN_WITH.length));
const FOR_OTHERS: ReadonlySet<string> = new Set([
  ...SETTINGS_OF_LATER,
  ...Object.values(HOLDER_RIGHTS),
  STAGE2_EXITED,
]);
const FAMILIES = [SIGNAL_FAMILY.prefix, ...Object.values(DUMP_VARIABLES)];
/** What builds leave behind (the version that was installed), and what clusters tell of a service that is called s6. */
const OF_BUILDS_AND_CLUSTERS =
  /(^|_)(OVERLAY|VERSION|ARCH|ARCHITECTURE|PLATFORM|RELEASE|URL|SHA256|CHECKSUM|DOWNLOAD|SERVICE_(HOST|PORT)|PORT)(_|$)/;

/** A cluster gives a container thousands of variables. */
const MOST_TOLD = 10;

/** Reports variables that are not settings, each with the setting that is nearest. */
export function tellOfUnknown(
  variables: Iterable<readonly [ByteString, ByteString]>,
  warn: (line: ByteString) => void,
): void {
  for (const { variable, near } of unknownSettings(variables)) {
    warn(`${shown(variable)} is not a setting and has no effect${near === undefined ? "" : `; did you mean ${near}?`}`);
  }
}

/** A variable that is named like a setting and is none. */
interface UnknownSetting {
  readonly variable: ByteString;
  /** The setting that may be meant. */
  readonly near: string | undefined;
}

/** The first such variables. */
export function* unknownSettings(variables: Iterable<readonly [ByteString, ByteString]>): Generator<UnknownSetting> {
  let found = 0;
  for (const [variable] of variables) {
    if (!variable.startsWith(NAMES_BEGIN_WITH) || !isUnknown(variable)) continue;
    if (++found > MOST_TOLD) return;
    yield { variable, near: nearest(variable) };
  }
}

function isUnknown(variable: ByteString): boolean {
  if (KNOWN.includes(variable) || FOR_OTHERS.has(variable)) return false;
  if (FAMILIES.some((prefix) => variable.startsWith(prefix))) return false;
  return !OF_BUILDS_AND_CLUSTERS.test(variable.slice(NAMES_BEGIN_WITH.length));
}

/** The setting whose name is nearest; undefined if none is near. */
export function nearest(variable: ByteString): string | undefined {
  const near = nearestWord(variable.toUpperCase().slice(NAMES_BEGIN_WITH.length), OWN_NAMES);
  return near === undefined ? undefined : NAMES_BEGIN_WITH + near;
}
