// docs/differences.md, printed from its rows.

import { CATCH_ALL_LOGGER } from "./catch_all.ts";
import { PLACES_OF_FILES } from "./files.ts";
import { FIX_ATTRS } from "./fix_attrs.ts";
import { GENERATION_3 } from "./generation_3.ts";
import { DESCRIPTOR_HOLDERS } from "./holders.ts";
import { IMAGES } from "./images.ts";
import { CONTAINER_LIFE } from "./life.ts";
import { LOGGING } from "./logging.ts";
import { SETTINGS_AND_MESSAGES } from "./messages.ts";
import { PLACES_OF_PROCESS_1 } from "./places.ts";
import { SMALL_PROGRAMS } from "./programs.ts";
import { type Difference, testsOfRow } from "./row.ts";
import { RC } from "./rc.ts";
import { RC_CHANGES } from "./rc_changes.ts";
import { RC_UPDATES } from "./rc_updates.ts";
import { LOCAL_SERVERS } from "./servers.ts";
import { SUPERVISION } from "./supervision.ts";
import { TOOLS_OF_SUPERVISION } from "./tools.ts";
import { USERS } from "./users.ts";
import { UTILITIES } from "./utilities.ts";

/** Every difference, in the order of the page. */
export const DIFFERENCES: readonly Difference[] = [
  ...CONTAINER_LIFE,
  ...SETTINGS_AND_MESSAGES,
  ...IMAGES,
  ...GENERATION_3,
  ...USERS,
  ...PLACES_OF_PROCESS_1,
  ...SUPERVISION,
  ...FIX_ATTRS,
  ...LOGGING,
  ...CATCH_ALL_LOGGER,
  ...TOOLS_OF_SUPERVISION,
  ...DESCRIPTOR_HOLDERS,
  ...LOCAL_SERVERS,
  ...RC,
  ...RC_CHANGES,
  ...RC_UPDATES,
  ...SMALL_PROGRAMS,
  ...UTILITIES,
  ...PLACES_OF_FILES,
];

/** The page, from the rows; the paragraph of the document that says where it comes from goes below its heading. */
export function printDifferences(rows: readonly Difference[], printed: string): string {
  const shown = rows.filter(({ untested, missing }) => !untested && !missing);
  const areas = [...new Set(shown.map(({ area }) => area))];
  return [
    "# What differs from the original",
    printed,
    "The measure is generation 2 of s6-overlay (2.2.0.3) with its s6 and execline; for s6-log it is 2.11.3. Everything " +
    "else is meant to be the same; if it is not, that is a bug. Behind each difference stands the test that shows it.",
    "## Different on purpose",
    ...areas.flatMap((area) => [`### ${area}`, list(shown.filter((row) => row.area === area))]),
    ...section("Not shown by a test yet", rows.filter(({ untested }) => untested)),
    ...section("Not there yet", rows.filter(({ missing }) => missing)),
  ].join("\n\n");
}

function section(title: string, rows: readonly Difference[]): string[] {
  return rows.length === 0 ? [] : [`## ${title}`, list(rows)];
}

function list(rows: readonly Difference[]): string {
  return rows.map((row) => `- ${[row.ours, row.original, referenceOf(row)].filter((text) => text).join(" ")}`).join(
    "\n",
  );
}

function referenceOf(row: Difference): string {
  const files = [...new Set(testsOfRow(row).map(([file]) => file))];
  if (files.length === 0) return "";
  return `(${files.length === 1 ? "test" : "tests"}: ${files.join(", ")})`;
}
