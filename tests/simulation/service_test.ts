// Random lives of a supervised service: half of those that are run each time, so that two can work at them.

import { amount } from "../random/amount.ts";
import { simulate } from "./sequence.ts";

Deno.test("whatever happens, a supervised service keeps its rules", () =>
  simulate("service", 1, 0, amount(40_000, 9_000)));
