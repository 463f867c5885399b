// Random lives of a scanner and of all it supervises.

import { simulate } from "./sequence.ts";

Deno.test("whatever happens, a scanner keeps its rules", () => simulate("scanner", 1, 0, 20_000));
