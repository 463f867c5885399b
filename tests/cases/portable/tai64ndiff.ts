// Rows for cli/portable/tai64ndiff.ts.

import type { Case } from "../../rows/harness.ts";
import { prints, row } from "./rows.ts";

const at = (seconds: string, nanoseconds: string): string => `@40000000${seconds}${nanoseconds}`;
const BLANK = "[          .          ]";

const STAMPED = [
  `${at("37c219bf", "2ef02e94")} mark`,
  `${at("37c219c1", "2ef02e94")} two`,
  at("37c219c1", "2ef02e95"),
  "no stamp",
  `${at("37c219c1", "2ef02e94")}x`,
  `${at("37c219c0", "2ef02e94")}`,
  `${at("37c219c0", "2ef02e00")} y`,
  "@40000000 bad",
  `${at("37c219c3", "00000000")} last`,
].join("\n");

const TOLD = [
  `${BLANK} mark`,
  "[         2.000000000 ] two",
  "[         0.000000001 ]",
  "no stamp",
  `${BLANK}x`,
  "[        -1.000000000 ]",
  "[        -0.000000148 ] y",
  "@40000000 bad",
  `${BLANK} last`,
].join("\n");

export const cases: readonly Case[] = [
  prints("s6-tai64ndiff", TOLD, 0, {
    stdin: STAMPED,
    exception: "the original is wrong by whole seconds where time goes back by less than one",
  }),
  prints("s6-tai64ndiff -z x", "", 0, { stdin: "" }),
  prints("s6-tai64ndiff", `${BLANK}\n[4294967296.000000000 ] x\n`, 0, {
    stdin: "@4000000037c219c12ef02e94\n@4000000137c219c12ef02e94 x\n",
  }),
  row(["sh", "-c", "s6-tai64ndiff <&-"], {
    stderr: "s6-tai64ndiff: fatal: unable to read from stdin: Bad file descriptor\n",
    code: 111,
  }),
];
