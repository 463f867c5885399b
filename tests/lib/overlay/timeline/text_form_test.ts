// The form for a terminal: a line for each row, aligned, in the width that there is.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { formOf, isPlain } from "../../../../lib/overlay/timeline/forms.ts";
import { ASCII, textForm } from "../../../../lib/overlay/timeline/text_form.ts";
import { timelineOf } from "../../../../lib/overlay/timeline/timeline.ts";
import { bootTold, HOSTILE_NAME, large, moment, RICH, scriptTold, serviceTold } from "./boots.ts";

const EXAMPLE = bootTold(100, 500, {
  scripts: [scriptTold("10-a", 10, 40), scriptTold("20-b", 41, 95), scriptTold("sleep", 100, null, 0, "command")],
  services: [serviceTold("web", 96, 120, { notifies: true }), serviceTold("db", null, null)],
});

Deno.test("a boot in text", () => {
  equal(
    textForm(timelineOf(EXAMPLE), 60),
    `The boot was over after 100 ms.

                   0                     100 ms
* cont-init.d/10-a   ███████              │      30 ms
* cont-init.d/20-b          █████████████ │      54 ms
  web                                    ░░░░░░  24 ms
  command sleep                           ░      started
  db                                      │      not started

* the critical path took 84 ms, the overlay itself 16 ms
`,
  );
});

Deno.test("where there is no UTF-8 it is ASCII", () => {
  const text = textForm(timelineOf(RICH), 60, ASCII);
  match(text, /^[ -~\n]*$/);
  match(text, /#+/);
});

const LOCALES: readonly (readonly [Readonly<Record<string, string>>, boolean])[] = [
  [{}, false],
  [{ LANG: "C.UTF-8" }, false],
  [{ LANG: "de_DE.utf8" }, false],
  [{ LANG: "C" }, true],
  [{ LC_ALL: "POSIX", LANG: "C.UTF-8" }, true],
  [{ LC_ALL: "", LC_CTYPE: "en_US.UTF-8", LANG: "C" }, false],
];

Deno.test("the locale says whether there is UTF-8; without one there is", () => {
  for (const [variables, plain] of LOCALES) equal(isPlain((name) => variables[name]), plain, JSON.stringify(variables));
});

const WIDTHS = [60, 80, 133, 300];

Deno.test("lines are aligned and no longer than the width, and no row is missing", () => {
  for (const snapshot of [EXAMPLE, RICH, large(300)]) {
    const timeline = timelineOf(snapshot);
    for (const width of WIDTHS) {
      const lines = textForm(timeline, width).split("\n").map((line) => [...line]);
      for (const line of lines.slice(2)) ok(line.length <= width, `${line.join("")} in ${width}`);
      const rows = lines.slice(3, 3 + timeline.rows.length).map((line) => line.join(""));
      deepEqual(rows.map((row) => row.startsWith("* ")), timeline.rows.map(({ critical }) => critical));
      const bars = rows.map((row) => [...row].findIndex((character) => "█░".includes(character)));
      deepEqual(bars.map((at) => at > 0), timeline.rows.map(({ from }) => from !== null));
    }
  }
});

Deno.test("names of any bytes stand in one line, and control nothing", () => {
  const text = textForm(timelineOf(bootTold(100, 500, { services: [serviceTold(HOSTILE_NAME, 95, 99)] })), 120);
  // deno-lint-ignore no-control-regex
  match(text, /^[^\x00-\x09\x0b-\x1f\x7f-\x9f]*$/);
  match(text, /<b>&"'\\xff\\x1b\[31m.*é/);
});

const HEADLINES: Readonly<Record<string, ReturnType<typeof bootTold>>> = {
  "The boot was over after 20 ms.": bootTold(20, 30),
  "The boot goes on, 1.5 s so far.": bootTold(null, 1500),
  "The boot was broken off after 50 ms: TERM.": bootTold(null, 1500, {
    container: { bootEnded: moment(50), cause: "TERM" },
  }),
};

Deno.test("the first line says how the boot came out; without rows it is all", () => {
  for (const [outcomeInWords, snapshot] of Object.entries(HEADLINES)) {
    equal(textForm(timelineOf(snapshot), 80), `${outcomeInWords}\n`);
  }
});

Deno.test("the JSON is one line of UTF-8 with all that there is", () => {
  const snapshot = bootTold(100, 500, { services: [serviceTold(HOSTILE_NAME, 95, 99)] });
  const bytes = formOf(timelineOf(snapshot), "json", { width: 80, plain: false });
  const text = new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
  equal(text.indexOf("\n"), text.length - 1);
  const timeline = JSON.parse(text);
  deepEqual({ ...timeline, rows: [{ ...timeline.rows[0], name: HOSTILE_NAME }] }, timelineOf(snapshot));
});
