// All rows of s6-rc that are recorded.

import { brokenRows } from "./rc_broken.ts";
import { definitionRows } from "./rc_definitions.ts";
import { graphRows } from "./rc_graphs.ts";
import { programRows } from "./rc_programs.ts";
import type { RecordedRow } from "./rc_row.ts";

export const rcRows: readonly RecordedRow[] = [...definitionRows, ...graphRows, ...programRows, ...brokenRows];
