// The files of a longrun's definition that hold a number. Follows s6-rc-compile.

import type { ByteString } from "../bytes.ts";
import { systemError } from "../errno.ts";
import { about, Failure, ifThere } from "../report.ts";
import { type DefinitionPorts, readStart, unsignedWord } from "./definition_file.ts";
import { type Progress, VERBOSITY } from "./progress.ts";

type NumberPorts = Pick<DefinitionPorts, "open" | "read" | "close" | "lacks">;

const DESCRIPTORS = ["notification-fd", "lock-fd"] as const;
const OTHERS = ["timeout-kill", "timeout-finish", "max-death-tally"] as const;
/** Descriptors below are those that every process has. */
const FIRST_FREE_DESCRIPTOR = 3;
/** No number of 32 bits is longer, its newline included. */
const LONGEST_NUMBER = 11;

/**
 * What is there, by the name of the file.
 * @throws OsError for what is no number, Failure for one descriptor that is to be two things
 */
export function longrunNumbers(
  os: NumberPorts,
  longrun: ByteString,
  directory: ByteString,
  progress: Progress,
): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  const free = DESCRIPTORS.map((file): number | undefined => {
    const fd = take(os, `${directory}/${file}`, (number) => numbers.set(file, number));
    if (fd === undefined || fd >= FIRST_FREE_DESCRIPTOR) return fd;
    progress(VERBOSITY.warnings, "warning", `longrun ${longrun} has a ${file} of ${fd}`);
    return undefined;
  });
  if (free[0] !== undefined && free[0] === free[1]) {
    throw new Failure(1, `longrun ${longrun} has the same value for notification-fd and lock-fd`);
  }
  for (const file of OTHERS) take(os, `${directory}/${file}`, (number) => numbers.set(file, number));
  return numbers;
}

function take(
  os: NumberPorts,
  path: ByteString,
  found: (number: number) => void,
): number | undefined {
  if (os.lacks?.(path)) return undefined;
  const text = ifThere(() => about("read", path, () => readStart(os, path, LONGEST_NUMBER)));
  if (text === undefined) return undefined;
  const number = unsignedWord(text.split(/[\n\0]/, 1)[0]!);
  if (number === undefined) throw systemError("read", path, "EINVAL");
  found(number);
  return number;
}
