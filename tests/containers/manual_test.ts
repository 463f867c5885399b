// The manual's pages, played: every file that they show is laid into an image, every command runs, and prints what the page
// says.

import { deepEqual, equal } from "node:assert/strict";
import { ENGINE } from "../surroundings/container.ts";
import { shownIn } from "../surroundings/manual_page.ts";
import { playPage } from "../surroundings/manual_story.ts";
import { difference, isLike } from "../surroundings/shown_output.ts";

const DOCS = decodeURIComponent(new URL("../../docs", import.meta.url).pathname);

for (
  const page of ["start", "services", "dependencies", "logging", "environment", "users", "signals", "health", "upgrade"]
) {
  // Plain namespaces leave capabilities as they are.
  const ignore = page === "users" && ENGINE === "namespaces";
  Deno.test({ name: `what docs/${page}.md shows is what happens`, ignore, fn: () => play(page) });
}

async function play(page: string): Promise<void> {
  await playPage(await Deno.readTextFile(`${DOCS}/${page}.md`));
}

Deno.test("of a page its files and its commands are taken, in their order", () => {
  const page =
    "One `root/a/run`:\n\n```sh\n#!/bin/sh\n```\n\n```yaml\na: b\n```\n\n```console\n$ ls\na\n\n$ true\n```\n";
  deepEqual(shownIn(page), [
    { kind: "file", line: 4, path: "root/a/run", text: "#!/bin/sh\n" },
    { kind: "command", line: 12, command: "ls", output: ["a", ""] },
    { kind: "command", line: 15, command: "true", output: [] },
  ]);
});

Deno.test("times and process ids may be others than those shown, and nothing else", () => {
  for (
    const [shown, printed] of [
      ["web is down since 11:05:29 (120 ms)", "web is down since 09:00:01 (1 min 3 s)"],
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
