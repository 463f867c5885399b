// Plans as bytes: one block of memory serves all of them.

import { equal, ok } from "node:assert/strict";
import { byteString } from "../../../lib/bytes.ts";
import type { Operation } from "../../../lib/os/operation.ts";
import { NOTHING_LENT, withPlan } from "../../../lib/os/plan.ts";

const SECRET = "a password of another caller";

function execute(env: readonly string[]): Operation {
  return { do: "execute", by: "test", name: "true", candidates: ["/bin/true"], argv: ["true"], env, mayFail: false };
}

/** The plan's bytes, and all of the memory that they are a part of. */
function planned(operations: readonly Operation[]): { readonly plan: string; readonly memory: string } {
  return withPlan(operations, false, NOTHING_LENT, (bytes) => ({
    plan: byteString(bytes),
    memory: byteString(new Uint8Array(bytes.buffer)),
  }));
}

Deno.test("nothing of a plan is in the memory of the next", () => {
  for (const copies of [1, 100, 2000]) {
    const first = planned([execute(Array.from({ length: copies }, (_, at) => `V${at}=${SECRET}`))]);
    ok(first.plan.includes(SECRET));
    for (const operations of [[], [execute([])], [execute(["A=b"]), execute(["C=d"])]]) {
      equal(planned(operations).memory.includes("password"), false, `after ${copies}`);
    }
  }
});

Deno.test("nothing of a plan stays where what uses it fails", () => {
  const fails = (): never => {
    throw new Error("no room");
  };
  try {
    withPlan([execute([`V=${SECRET}`])], false, NOTHING_LENT, fails);
  } catch {
    equal(planned([]).memory.includes("password"), false);
  }
});

Deno.test("a plan is the same behind one that has outgrown the usual memory", () => {
  const large = ["A".repeat(100), "B".repeat(20_000)];
  const small: readonly Operation[] = [{ do: "close", by: "a", fd: 1 }, { do: "lock", by: "bc", fd: 3, path: "d" }];
  const before = planned(small).plan;
  planned([{ do: "directory", by: "a name that is longer", path: "/a/path/that/is/longer" }, execute(large)]);
  equal(planned(small).plan, before);
});
