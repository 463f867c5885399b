// The forms of a report: lines, JSON, annotations. What names hold never becomes more than text.

import { deepEqual, equal } from "node:assert/strict";
import { utf8ByteString } from "../../../../lib/bytes.ts";
import type { LintFinding } from "../../../../lib/overlay/lint/finding.ts";
import { sortedFindings } from "../../../../lib/overlay/lint/finding.ts";
import { reportAnnotations, reportJson, reportLines } from "../../../../lib/overlay/lint/lint_report.ts";

const NAMED: LintFinding = {
  severity: "error",
  rule: "account",
  path: "/etc/services.d/web/run",
  line: 3,
  column: 14,
  text: "unknown user: x",
  cure: "add it",
};
const PLAIN: LintFinding = { severity: "warning", rule: "x", path: "/init", text: "is odd", cure: "" };
const OF_ENVIRONMENT: LintFinding = { severity: "warning", rule: "y", path: "", text: "S6_X is odd", cure: "" };
const HOSTILE: LintFinding = {
  severity: "error",
  rule: "z",
  path: `/etc/cont-init.d/a,b:c%\n::error::${utf8ByteString("é")}\xff`,
  line: 1,
  text: "is 100%\r\n::warning::empty\x1b[2J",
  cure: "",
};

Deno.test("people get a line for each finding, and one that counts", () => {
  equal(
    reportLines({ findings: [OF_ENVIRONMENT, NAMED, PLAIN], isWhole: true }),
    "environment: warning: S6_X is odd\n" +
      "/etc/services.d/web/run:3:14: error: unknown user: x (add it)\n" +
      "/init: warning: is odd\n" +
      "1 error, 2 warnings\n",
  );
  equal(reportLines({ findings: [], isWhole: true }), "0 errors, 0 warnings\n");
  equal(
    reportLines({ findings: [PLAIN], isWhole: false }),
    "/init: warning: is odd\n0 errors, 1 warning; not a whole image: interpreters, loaders, accounts and links " +
      "were not checked\n",
  );
});

Deno.test("programs get JSON", () => {
  deepEqual(JSON.parse(reportJson({ findings: [NAMED, PLAIN], isWhole: true })), {
    version: 1,
    findings: [NAMED, PLAIN],
  });
  equal(reportJson({ findings: [], isWhole: true }), '{"version":1,"findings":[]}\n');
});

Deno.test("GitHub gets an annotation for each finding, with its file below the directory that was checked", () => {
  equal(
    reportAnnotations({ findings: [OF_ENVIRONMENT, NAMED, PLAIN], isWhole: true }),
    "::warning::S6_X is odd\n" +
      "::error file=etc/services.d/web/run,line=3,col=14::unknown user: x (add it)\n" +
      "::warning file=init::is odd\n" +
      "1 error, 2 warnings\n",
  );
});

Deno.test("a name or text of any bytes stays in its line, and begins no command", () => {
  const path = "/etc/cont-init.d/a,b:c%\\x0a::error::" + utf8ByteString("é") + "\\xff";
  equal(
    reportLines({ findings: [HOSTILE], isWhole: true }),
    `${path}:1: error: is 100%\\x0d\\x0a::warning::empty\\x1b[2J\n1 error, 0 warnings\n`,
  );
  const file = "etc/cont-init.d/a%2Cb%3Ac%25\\x0a%3A%3Aerror%3A%3A" + utf8ByteString("é") + "\\xff";
  equal(
    reportAnnotations({ findings: [HOSTILE], isWhole: true }),
    `::error file=${file},line=1::is 100%25\\x0d\\x0a::warning::empty\\x1b[2J\n1 error, 0 warnings\n`,
  );
  const [found] = JSON.parse(new TextDecoder().decode(Uint8Array.from(
    reportJson({ findings: [HOSTILE], isWhole: true }),
    (char) => char.charCodeAt(0),
  ))).findings;
  equal(found.path, "/etc/cont-init.d/a,b:c%\n::error::é\uefff");
});

Deno.test("findings are in order of path, then of place", () => {
  const at = (path: string, line?: number, column?: number): LintFinding => ({
    ...PLAIN,
    path,
    ...line === undefined ? {} : { line },
    ...column === undefined ? {} : { column },
  });
  const order = [at(""), at("/a"), at("/a", 2), at("/a", 2, 3), at("/a", 10), at("/b")];
  deepEqual(sortedFindings(order.toReversed()), order);
});
