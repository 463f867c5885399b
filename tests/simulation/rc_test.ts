// Random changes of random services.

import { simulate } from "./sequence.ts";

Deno.test("whatever happens, a change of services keeps its rules", () => simulate("rc", 1, 0, 20_000));
