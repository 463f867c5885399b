// Random lives of a supervised service: the other half.

import { simulate } from "./sequence.ts";

Deno.test("whatever else happens, a supervised service keeps its rules", () => simulate("service", 1, 90_000, 180_000));
