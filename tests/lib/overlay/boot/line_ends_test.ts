import { deepEqual, equal } from "node:assert/strict";
import { convertLineEnds, hasForeignLineEnds } from "../../../../lib/overlay/boot/line_ends.ts";
import { reporterTo } from "../../../../lib/reporter.ts";

const HEADS: readonly (readonly [head: string, isForeign: boolean])[] = [
  ["#!/bin/sh\r\necho\r\n", true],
  ["#!/bin/sh -e \r\n", true],
  ["#!/bin/sh\necho\r\n", false],
  ["#!/bin/sh\r", false],
  ["#!/bin/sh", false],
  ["echo\r\n", false],
  ["\r\n#!/bin/sh\r\n", false],
  ["", false],
];

for (const [head, isForeign] of HEADS) {
  Deno.test(`a file that begins with ${JSON.stringify(head)} ${isForeign ? "is" : "is not"} converted`, () => {
    equal(hasForeignLineEnds(head), isForeign);
  });
}

Deno.test("a copy has the line ends converted, other carriage returns kept, and one warning names the user's file", () => {
  const lines: string[] = [];
  const written: unknown[] = [];
  const os = {
    replaceFile: (...call: unknown[]) => void written.push(call),
  };
  convertLineEnds(
    os,
    "#!/bin/sh\r\nprintf 'a\rb'\r\n\r\nlast\r",
    "/to",
    "/etc/cont-init.d/x",
    reporterTo({ line: (line) => lines.push(line) }),
  );
  deepEqual(written, [["/to", "#!/bin/sh\nprintf 'a\rb'\n\nlast\r", 0o755]]);
  deepEqual(lines, [
    "s6-init: warning: /etc/cont-init.d/x, line 1: has CRLF line ends; it is run as a copy without them",
  ]);
});
