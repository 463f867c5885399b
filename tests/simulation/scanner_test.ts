// Random lives of a scanner and of all it supervises.

import { amount } from "../random/amount.ts";
import { simulate } from "./sequence.ts";

Deno.test("whatever happens, a scanner keeps its rules", () => simulate("scanner", 1, 0, amount(14_000, 2_000)));
