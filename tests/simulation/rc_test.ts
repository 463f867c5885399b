// Random changes of random services.

import { amount } from "../random/amount.ts";
import { simulate } from "./sequence.ts";

Deno.test("whatever happens, a change of services keeps its rules", () => simulate("rc", 1, 0, amount(20_000, 3_000)));
