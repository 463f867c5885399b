// Rows for cli/s6/fifodir.ts.

import type { Case } from "../../rows/harness.ts";

const LISTENER = "ftrig1:@400000006b0343732906ea43:abcdef";

export const cases: readonly Case[] = [
  { name: "s6-mkfifodir makes a public directory", argv: ["s6-mkfifodir", "d"] },
  { name: "s6-mkfifodir -g makes one for a group", argv: ["s6-mkfifodir", "-g", "5", "d"] },
  {
    name: "s6-mkfifodir -g of the number that means unchanged",
    argv: ["s6-mkfifodir", "-g", "4294967295", "d"],
    exception: "the original makes one for its own group",
    expect: { code: 111, files: {} },
  },
  { name: "s6-mkfifodir leaves one that is there", argv: ["s6-mkfifodir", "d"], files: { d: { directory: 0o750 } } },
  { name: "s6-mkfifodir -f sets its mode", argv: ["s6-mkfifodir", "-f", "d"], files: { d: { directory: 0o750 } } },
  { name: "s6-mkfifodir -fg sets both", argv: ["s6-mkfifodir", "-fg5", "d"], files: { d: { directory: 0o750 } } },
  { name: "s6-mkfifodir of a file", argv: ["s6-mkfifodir", "-f", "d"], files: { d: "" }, stderr: true },
  { name: "s6-mkfifodir in a directory that is missing", argv: ["s6-mkfifodir", "d/e"], stderr: true },
  { name: "s6-mkfifodir -g of a word", argv: ["s6-mkfifodir", "-g", "x", "d"], stderr: true },
  { name: "s6-mkfifodir without a name", argv: ["s6-mkfifodir"], stderr: true },
  {
    name: "s6-cleanfifodir removes listeners that are gone",
    argv: ["sh", "-c", `mkdir d && mkfifo d/${LISTENER} d/${LISTENER}x d/other && s6-cleanfifodir d && ls d`],
    exception: "the original (2.11.3) expects names of another length and removes nothing",
    expect: { stdout: `${LISTENER}x\nother\n`, code: 0 },
  },
  { name: "s6-cleanfifodir of a directory that is missing", argv: ["s6-cleanfifodir", "d"], stderr: true },
  { name: "s6-cleanfifodir of a file", argv: ["s6-cleanfifodir", "d"], files: { d: "" }, stderr: true },
  { name: "s6-cleanfifodir without a name", argv: ["s6-cleanfifodir"], stderr: true },
  {
    name: "s6-ftrig-notify reaches a listener of s6",
    argv: ["sh", "-c", "s6-mkfifodir d; /usr/bin/s6-ftrig-listen1 d 'a.*c' s6-ftrig-notify d abc"],
  },
  {
    name: "s6-ftrig-notify removes listeners that are gone",
    argv: ["sh", "-c", `mkdir d && mkfifo d/${LISTENER} && s6-ftrig-notify d x && ls d`],
  },
  { name: "s6-ftrig-notify of a directory that is missing", argv: ["s6-ftrig-notify", "d", "x"], stderr: true },
  { name: "s6-ftrig-notify without a message", argv: ["s6-ftrig-notify", "d"], stderr: true },
];
