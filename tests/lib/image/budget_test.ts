// What a budget counts, and where it ends.

import { equal, throws } from "node:assert/strict";
import { type Bounds, Budget, BudgetExceeded } from "../../../lib/image/budget.ts";

/** What is refused, and the call that it is refused by; undefined where nothing is. */
function refused(work: () => void): keyof Bounds | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof BudgetExceeded) return error.what;
    throw error;
  }
}

const EDGES: readonly { what: keyof Bounds; most: number; spend: (budget: Budget, amount: number) => void }[] = [
  { what: "depth", most: 256, spend: (budget, amount) => budget.depth(amount) },
  { what: "words", most: 16_384, spend: (budget, amount) => budget.words(amount) },
  { what: "script", most: 262_144, spend: (budget, amount) => budget.script(amount) },
  { what: "word", most: 131_072, spend: (budget, amount) => budget.word(amount) },
  { what: "expansion", most: 6_291_456, spend: (budget, amount) => budget.expansion(amount) },
  { what: "steps", most: 100_000, spend: (budget, amount) => budget.steps(amount) },
  {
    what: "links",
    most: 512,
    spend: (budget, amount) => {
      for (let link = 0; link < amount; link++) budget.link();
    },
  },
];

for (const { what, most, spend } of EDGES) {
  Deno.test(`process 1 takes ${most} ${what} and no more`, () => {
    equal(refused(() => spend(Budget.ofProcess1(), most)), undefined);
    equal(refused(() => spend(Budget.ofProcess1(), most + 1)), what);
  });
}

Deno.test("steps add up over an evaluation, and each evaluation has its own", () => {
  const budget = Budget.ofProcess1();
  budget.steps(60_000);
  equal(budget.stepsLeft, 40_000);
  equal(refused(() => budget.steps(60_000)), "steps");
  Budget.ofProcess1().steps(60_000);
});

Deno.test("an expansion has a quarter of the stack limit at most, but room for one word", () => {
  equal(refused(() => Budget.ofProcess1(8n << 20n).expansion(2 << 20)), undefined);
  equal(refused(() => Budget.ofProcess1(8n << 20n).expansion((2 << 20) + 1)), "expansion");
  equal(refused(() => Budget.ofProcess1(4096).expansion(131_072)), undefined);
  equal(Budget.ofProcess1(2n ** 64n - 1n).most.expansion, 6_291_456);
});

Deno.test("a process of its own is only refused what no program can be given", () => {
  const budget = Budget.unlimited;
  for (const { what, most, spend } of EDGES) if (what !== "expansion") spend(budget, 2 * most);
  throws(() => budget.expansion(6_291_457), { code: 126, message: /Argument list too long/ });
  throws(() => budget.words(700_000), { code: 126, message: /Argument list too long/ });
});
