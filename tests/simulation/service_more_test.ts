// Random lives of a supervised service: the other half.

import { amount } from "../random/amount.ts";
import { simulate } from "./sequence.ts";

Deno.test("whatever else happens, a supervised service keeps its rules", () =>
  simulate("service", 1, 90_000, 90_000 + amount(40_000, 9_000)));
