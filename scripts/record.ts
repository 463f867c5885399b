// Records what the original s6-rc prints and leaves for the rows in tests/recorded: `deno run -A scripts/record.ts DIRECTORY`,
// the directory that has its programs. No distribution that CI runs on has them; CI compares ours with what was recorded.

import { rcRows } from "../tests/recorded/rc_rows.ts";
import { inOurPlaces, packed, play, RECORDING, type Recording } from "../tests/recorded/recording.ts";

const [directory] = Deno.args;
if (directory === undefined) {
  console.error("record: usage: deno run -A scripts/record.ts DIRECTORY");
  Deno.exit(100);
}

const rows: [string, ReturnType<typeof packed>][] = [];
for (const row of rcRows) rows.push([row.name, packed(inOurPlaces(await play(row, `${directory}:/usr/bin:/bin`)))]);
const recording: Recording = {
  program: "s6-rc 0.7.0.0, with skalibs 2.15.1.0, execline 2.9.9.2 and s6 2.15.1.0 of Debian sid",
  command: "deno run -A scripts/record.ts DIRECTORY; paths of programs in generated scripts are written as ours",
  rows: Object.fromEntries(rows),
};
Deno.writeTextFileSync(RECORDING, `${JSON.stringify(recording, undefined, 2)}\n`);
console.log(`record: ${rows.length} rows`);
