// Rows for cli/s6/svdt.ts.

import type { Case } from "../../rows/harness.ts";
import { onTree } from "../../rows/live_tree.ts";

// Two deaths as s6-supervise records them: exit code 3, then signal 9.
const TALLY = "\x40\0\0\0\x6b\x03\x43\x6f\x25\xb6\xe8\x8b\x03\0" + "\x40\0\0\0\x6b\x03\x43\x71\x1e\x0b\x7a\x8f\x89\x09";

function svdt(name: string, options: readonly string[], tally = TALLY): Case {
  return { name, argv: ["s6-svdt", ...options, "web"], files: { "web/supervise/death_tally": tally } };
}

export const cases: readonly Case[] = [
  svdt("s6-svdt prints the record", []),
  svdt("s6-svdt -s prints signals as numbers", ["-s"]),
  svdt("s6-svdt -sS prints their names", ["-sS"]),
  svdt("s6-svdt -n prints the latest", ["-n", "1"]),
  svdt("s6-svdt -n 0 prints nothing", ["-n", "0"]),
  svdt("s6-svdt -n of more than there are", ["-n", "99999"]),
  svdt("s6-svdt -n of a word", ["-n", "x"]),
  svdt("s6-svdt empties a damaged record", [], "abc"),
  { name: "s6-svdt without a record", argv: ["s6-svdt", "web"], files: { "web/run": "" } },
  { name: "s6-svdt of a directory that is missing", argv: ["s6-svdt", "web"], stderr: true },
  { name: "s6-svdt of a file", argv: ["s6-svdt", "web"], files: { web: "" }, stderr: true },
  { name: "s6-svdt without a directory", argv: ["s6-svdt"], stderr: true },
  {
    name: "s6-svdt-clear empties the record",
    argv: ["s6-svdt-clear", "web"],
    files: { "web/supervise/death_tally": TALLY },
  },
  { name: "s6-svdt-clear of a directory that is missing", argv: ["s6-svdt-clear", "web"], stderr: true },
  { name: "s6-svdt-clear without a directory", argv: ["s6-svdt-clear"], stderr: true },
  onTree("s6-svdt tells of a live service", "s6-svc -wD -dk web", "s6-svdt web", "s6-svdt-clear web", "s6-svdt web"),
];
