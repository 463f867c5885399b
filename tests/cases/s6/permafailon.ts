// Rows for cli/s6/permafailon.ts.

import type { Case } from "../../rows/harness.ts";
import { encodeDeath } from "../../../lib/supervise/death_tally.ts";

interface Died {
  readonly ago: number;
  readonly code: number;
  readonly signal?: number;
}

function tally(deaths: readonly Died[]): string {
  const now = Math.floor(Date.now() / 1000);
  return deaths.map(({ ago, code, signal = 0 }) =>
    encodeDeath({ stamp: { seconds: now - ago, nanoseconds: 0 }, code, signal })
  ).join("");
}

const EXITS: readonly Died[] = [{ ago: 1000, code: 1 }, { ago: 5, code: 3 }, { ago: 4, code: 1 }, { ago: 3, code: 0 }];
const KILLS: readonly Died[] = [
  { ago: 5, code: 143, signal: 15 },
  { ago: 4, code: 139, signal: 11 },
  { ago: 3, code: 143, signal: 15 },
];

function judge(words: string, deaths: readonly Died[] | string): Case {
  const content = typeof deaths === "string" ? deaths : tally(deaths);
  const kind = deaths === EXITS ? "exits" : deaths === KILLS ? "kills" : "damage";
  return {
    name: `s6-permafailon ${words} after ${kind}`,
    argv: ["s6-permafailon", ...words.split(" "), "echo", "goes on"],
    files: { "supervise/death_tally": content },
    stderr: true,
  };
}

export const cases: readonly Case[] = [
  ...["100 1 1", "100 2 1", "9000 2 1", "100 2 1,3", "100 2 1;3", "100 3 0-5", "100 2 2-5", "100 5000 0-255", "0 1 1"]
    .map((words) => judge(words, EXITS)),
  ...[
    "100 2 SIGTERM",
    "100 2 term",
    "100 3 SIGTERM,11-20,SEGV",
    "100 2 143",
    "100 2 15",
    "100 3 0-255",
    "100 1 SIGKILL",
  ]
    .map((words) => judge(words, KILLS)),
  ...["100 1 SIGFOO", "100 1 256", "100 1 5-2", "100 1 -3", "100 1 1,3x", "100 1 ,1", "x 1 1", "100 x 1", "100 0 1"]
    .map((words) => judge(words, EXITS)),
  judge("100 1 1", "abc"),
  { name: "s6-permafailon without a record", argv: ["s6-permafailon", "10", "1", "1", "echo", "x"] },
  { name: "s6-permafailon without a program", argv: ["s6-permafailon", "10", "1", "1"] },
  { name: "s6-permafailon without a list", argv: ["s6-permafailon", "10", "1"], stderr: true },
];
