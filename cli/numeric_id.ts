// The id of a user or a group, given as a number.

import { LARGEST_ID } from "../lib/accounts.ts";
import type { ByteString } from "../lib/bytes.ts";
import { EXIT, invalid } from "../lib/report.ts";
import { unsigned } from "./getopt.ts";

/** @throws UsageError if it is not a number; Failure if it is the number that no user has */
export function numericId(word: ByteString): number {
  const id = unsigned(word);
  if (id <= LARGEST_ID) return id;
  throw invalid(`${word} is no id: the system takes it for "unchanged"; the largest is ${LARGEST_ID}`, EXIT.system);
}
