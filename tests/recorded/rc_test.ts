// Our programs of s6-rc on the rows of the recording: what they print, how they end and each byte that they leave is as with
// the original. Ours may say after a failure how it is cured.

import { deepEqual, equal } from "node:assert/strict";
import { LOCAL } from "../surroundings/local_program.ts";
import { rcRows } from "./rc_rows.ts";
import { play, readRecording, type Recorded } from "./recording.ts";

const recording = readRecording();
const PATH = `${Deno.env.get("OVERLAY_LOCAL") ?? LOCAL}/command:/usr/bin:/bin`;

/** Without the cures: lines of information behind a failure. */
function withoutCures(stderr: string): string {
  return stderr.replaceAll(/^([^\n]*: fatal: [^\n]*\n)[^\n:]*: info: [^\n]*\n/gm, "$1");
}

/** The parts that differ, each with what ours has and what is expected. */
function differences(ours: Recorded, expected: Recorded): readonly (readonly [string, unknown, unknown])[] {
  const flat = ({ files, ...rest }: Recorded): Record<string, unknown> => ({ ...rest, ...files });
  const [mine, theirs] = [flat(ours), flat(expected)];
  return Object.keys({ ...mine, ...theirs }).filter((key) => mine[key] !== theirs[key])
    .map((key) => [key, mine[key], theirs[key]]);
}

for (const row of rcRows) {
  Deno.test(`s6-rc: ${row.name}`, async () => {
    const { reason = "", ...differs } = row.differs ?? {};
    const ours = await play(row, PATH);
    const expected = { ...recording.get(row.name)!, ...differs };
    const found = differences({ ...ours, stderr: withoutCures(ours.stderr) }, expected);
    equal(found.length, 0, `${JSON.stringify(found, undefined, 1)} ${reason}`);
  });
}

Deno.test("each row of s6-rc has a name of its own, and is recorded", () => {
  equal(new Set(rcRows.map(({ name }) => name)).size, rcRows.length);
  deepEqual([...recording.keys()].sort(), rcRows.map(({ name }) => name).sort());
});
