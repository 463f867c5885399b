// docs/status.md: what the fields of `s6-overlay status -j` mean.

import {
  CONTAINER_FIELDS,
  MOMENT_FIELDS,
  REPORT_FIELDS,
  SERVICE_FIELDS,
  type StatusField,
} from "../lib/overlay/status/status_schema.ts";

type Table = (head: readonly string[], rows: readonly (readonly string[])[]) => string;

/** The page. */
export function printStatus(printed: string, table: Table): string {
  const fields = (all: Readonly<Record<string, StatusField>>): string =>
    table(
      ["Field", "Type", "Meaning"],
      Object.entries(all).map(([name, { type, meaning }]) => [
        `\`${name}\``,
        type.replaceAll("|", ", "),
        meaning,
      ]),
    );
  return [
    "# The JSON of s6-overlay status",
    printed,
    "`s6-overlay status -j` prints one object in a line. Fields may be added; where one gets another meaning the version is " +
    "another one. Bytes of names that are not UTF-8 become U+FFFD.",
    fields(REPORT_FIELDS),
    "## A service",
    fields(SERVICE_FIELDS),
    "## The container",
    fields(CONTAINER_FIELDS),
    "## A moment",
    "The difference between the `after` of two moments is a duration, whatever the clock was set to in between.",
    fields(MOMENT_FIELDS),
  ].join("\n\n");
}
