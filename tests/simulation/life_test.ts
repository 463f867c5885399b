// Random lives of a container, from its boot to its end.

import { amount } from "../random/amount.ts";
import { simulate } from "./sequence.ts";

Deno.test("whatever happens, a container keeps the rules of its life", () =>
  simulate("life", 1, 0, amount(20_000, 3_000)));
