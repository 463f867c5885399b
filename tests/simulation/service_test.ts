// Random lives of a supervised service: the first half of those that are run each time.

import { simulate } from "./sequence.ts";

Deno.test("whatever happens, a supervised service keeps its rules", () => simulate("service", 1, 0, 100_000));
