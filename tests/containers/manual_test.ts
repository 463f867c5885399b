// The manual's pages, played: every file that they show is laid into an image, every command runs, and prints what the page
// says.

import { deepEqual, equal } from "node:assert/strict";
import { ENGINE } from "../surroundings/container.ts";
import { shownIn } from "../surroundings/manual_page.ts";
import { playPage } from "../surroundings/manual_story.ts";
import { plotOf, readDocument, STORIES } from "../surroundings/played_pages.ts";
import { difference, isLike } from "../surroundings/shown_output.ts";

for (const page of Object.keys(STORIES)) {
  // Plain namespaces leave capabilities as they are.
  const ignore = page === "docs/users.md" && ENGINE === "namespaces";
  Deno.test({
    name: `what ${page} shows is what happens`,
    ignore,
    fn: async () => await playPage(await readDocument(page), await plotOf(page)),
  });
}

Deno.test("of a page its files, its commands and its health checks are taken, in their order", () => {
  const page =
    "One `root/a/run`:\n\n```sh\n#!/bin/sh\n```\n\n```yaml\na: b\n```\n\n```console\n$ ls\na\n\n$ true\n```\n" +
    '```dockerfile\nHEALTHCHECK CMD ["a", "b"]\n```\n\n```dockerfile\nHEALTHCHECK CMD a && b\n```\n';
  deepEqual(shownIn(page), [
    { kind: "file", line: 4, path: "root/a/run", text: "#!/bin/sh\n" },
    { kind: "command", line: 12, command: "ls", output: ["a", ""] },
    { kind: "command", line: 15, command: "true", output: [] },
    { kind: "check", line: 18, command: ["a", "b"] },
    { kind: "check", line: 22, command: ["/bin/sh", "-c", "a && b"] },
  ]);
});

Deno.test("times and process ids may be others than those shown, and nothing else", () => {
  for (
    const [shown, printed] of [
      ["web is down since 11:05:29 (120 ms)", "web is down since 09:00:01 (1 min 3 s)"],
      ["  0      50 ms      100 ms", "0  1 s  2 s  3 s"],
      ["* web    ██ │   20 ms", "* web  │  ░░░  1.2 s"],
      ["up (pid 12) 3 seconds", "up (pid 4711) 0 seconds"],
      ["2026-11-29 10:30:57.175652030  a", "2027-01-01 00:00:00.000000001 a"],
    ]
  ) equal(isLike(shown!, printed!), true, shown);
  for (const [shown, printed] of [["exited 1", "exited 2"], ["pid 3", "3"], ["up for 3 s", "down for 3 s"]]) {
    equal(isLike(shown!, printed!), false, shown);
  }
});

Deno.test("a line that is missing, or one more, is seen, unless the page leaves lines out", () => {
  equal(difference(["a", "b"], [["a", "b"], []]), undefined);
  equal(difference(["e", "a", "f", "b"], [["a", "b"], ["e", "f"]]), undefined);
  equal(difference(["a", "b"], [["a"], []]), "shown and not printed: b");
  equal(difference(["a"], [["a", "b"], []]), "printed and not shown: b");
  equal(difference(["...", "b"], [["a", "b", "c"], []]), undefined);
  equal(difference(["...", "b", "...", "a"], [["a", "b"], []]), "shown and not printed: a");
  const table = ["SERVICE PID", "web 12 up"];
  equal(difference(table, [["SERVICE PID", "web 9 up"], []]), undefined);
  equal(difference(table, [["SERVICE PID", "web 9 down"], []]), "shown and not printed: web 12 up");
});
