// Looks for a sample on which ours and the original differ, and makes the one found as small as it can.

import type { ByteString } from "../../lib/bytes.ts";
import type { Case, Oracle } from "../rows/harness.ts";
import { type Family, type Sample, sampleOf } from "./families.ts";
import { smaller, write } from "./parts.ts";

const MOST_ATTEMPTS = 300;

/** Why the row of a sample fails, or undefined. */
type Judge = (row: Case, sample: Sample) => Promise<string | undefined>;

export interface Finding {
  readonly index: number;
  /** What is left of the sample, as small as it gets while it fails. */
  readonly text: ByteString;
  readonly row: Case;
  readonly reason: string;
  /** Why the whole sample fails, as what is left of it may fail for another reason. */
  readonly first: string;
}

interface Listener {
  found(finding: Finding): void;
  /** The number of samples that are done. */
  tried?(count: number): void;
}

/** Tries the samples from `first` up to, not including, `end`, a few at a time, and reports those that fail. */
export async function search(
  family: Family,
  { seed, first = 0, end }: { seed: number; first?: number; end: number },
  judge: Judge,
  { found, tried }: Listener,
): Promise<void> {
  let next = first;
  let count = 0;
  const work = async (): Promise<void> => {
    while (next < end) {
      const index = next++;
      const sample = sampleOf(family, seed, index);
      const reason = await judge(sample.row(sample.parts), sample);
      if (reason !== undefined) found({ index, ...await shrunk(sample, reason, judge) });
      tried?.(++count);
    }
  };
  await Promise.all(Array.from({ length: navigator.hardwareConcurrency }, work));
}

/** The smallest part of the sample found that still fails. */
async function shrunk(sample: Sample, first: string, judge: Judge): Promise<Omit<Finding, "index">> {
  const { parts, row } = sample;
  let left = MOST_ATTEMPTS;
  let kept = { parts, reason: first };
  for (let progress = isFirm(first); progress && left > 0;) {
    progress = false;
    for (const candidate of smaller(kept.parts)) {
      if (--left < 0) break;
      const why = await judge(row(candidate), sample);
      if (why === undefined || !isFirm(why)) continue;
      kept = { parts: candidate, reason: why };
      progress = true;
      break;
    }
  }
  return { text: write(kept.parts), row: row(kept.parts), reason: kept.reason, first };
}

/** A smaller script may race or run forever, which tells nothing about the larger. */
function isFirm(reason: string): boolean {
  return !reason.includes("not of one mind") && !reason.startsWith("not over");
}

/** A judge from an assertion. */
export function judgeBy(check: (row: Case, sample: Sample) => Promise<void>): Judge {
  return async (row, sample) => {
    try {
      await check(row, sample);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
}

/** Those originals that a sample can be compared with. */
export function judging({ varies }: Sample, oracles: readonly Oracle[]): readonly Oracle[] {
  return varies === true ? oracles.filter(({ version }) => version === "installed") : oracles;
}
