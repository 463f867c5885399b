import { deepEqual } from "node:assert/strict";
import { printError, printFailure, reporterOn } from "../../cli/print.ts";
import { byteString } from "../../lib/bytes.ts";
import { OsError, UsageError } from "../../lib/report.ts";

const NAME = "/home/evil/a\nall: info: fine\x1b[2J\xff\xc3\xa9";
const SHOWN = "/home/evil/a\\x0aall: info: fine\\x1b[2J\\xff\xc3\xa9";

Deno.test("a name that a program quotes neither ends its line nor is obeyed by a terminal", () => {
  const lines: string[] = [];
  const os = { writeAll: (_: number, bytes: Uint8Array) => void lines.push(byteString(bytes)) };
  printError(os, "s6-rmrf", "warning", NAME);
  reporterOn(os)("error", "fix-attrs", NAME);
  printFailure(os, "s6-rmrf", undefined, new OsError("remove", NAME, "EPERM", "Operation not permitted"));
  printFailure(os, "s6-rmrf", { name: "s6-rmrf", usage: "path" }, new UsageError(NAME));
  deepEqual(lines, [
    `s6-rmrf: warning: ${SHOWN}\n`,
    `fix-attrs: error: ${SHOWN}\n`,
    `s6-rmrf: fatal: unable to remove ${SHOWN}: Operation not permitted\n`,
    "s6-rmrf: usage: s6-rmrf path\n",
    `s6-rmrf: info: ${SHOWN}\n`,
  ]);
});
