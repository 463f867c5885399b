// Each system call that the overlay makes, refused by itself, as by a kernel that does not have it (ENOSYS) and by an engine's
// filter (EPERM): the container does all that it should, or the call is one of those of scripts/refused_calls.ts, and then what
// is said there holds.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { type Consequence, WITHOUT_SUBSTITUTE } from "../../scripts/refused_calls.ts";
import { amount } from "../random/amount.ts";
import { Random } from "../random/random.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { firstProcess, inParallel, limited, type Root, start } from "../surroundings/quick.ts";
import {
  type CallRefusal,
  missingIn,
  NUMBERS,
  REFUSAL_ERRORS,
  refusedTo,
  refusingRoot,
} from "../surroundings/refused.ts";

/** Milliseconds: many containers at a time. */
const TIME_LIMIT = 120_000;

const WORDS: Readonly<Record<CallRefusal, string>> = {
  EPERM: "Operation not permitted",
  ENOSYS: "Function not implemented (the kernel is older than Linux 3.17, or a sandbox forbids the system call)",
};

interface Case {
  readonly call: string;
  readonly refusal: CallRefusal;
}

/** Throws unless the container does what is to be without the call. */
type Check = (made: Root, refused: Case) => Promise<void>;

async function doesAll(made: Root, { call, refusal }: Case): Promise<void> {
  const ended = await limited(start(made, { argv: refusedTo([call], refusal) }), TIME_LIMIT);
  deepEqual(missingIn(ended), [], `${ended.stderr}${ended.stdout}`);
}

function says(stderr: string, pattern: RegExp | string): void {
  ok(typeof pattern === "string" ? stderr.includes(pattern) : pattern.test(stderr), stderr);
  ok(!/internal error|panicked/.test(stderr), stderr);
}

/** What is to be, by what there is without the call. */
const CHECKS: Readonly<Record<Exclude<Consequence, "nothing">, Check>> = {
  start: async (made, { call, refusal }) => {
    const { code, stdout, stderr } = await limited(start(made, { argv: refusedTo([call], refusal) }), TIME_LIMIT);
    match(
      stderr,
      new RegExp(`^s6-overlay: fatal: [^\\n]*: ${call} is refused \\(Linux [\\d.]+ or later [^\\n]*\\)\\n$`),
    );
    deepEqual([code, stdout], [126, ""]);
  },
  boot: async (made, { call, refusal }) => {
    const { code, stderr } = await limited(start(made, { argv: refusedTo([call], refusal) }), TIME_LIMIT);
    equal(code, 111, stderr);
    says(stderr, new RegExp(`: fatal: .*(?:${WORDS[refusal].replace(/[(].*/, "")}|${call} is refused)`));
  },
  services: async (made, { call, refusal }) => {
    const container = start(made, { argv: refusedTo([call], refusal, ["/init"]) });
    const ended = limited(container, TIME_LIMIT);
    await container.printed("unable to spawn ./run");
    Deno.kill(await firstProcess(container), "SIGTERM");
    const { code, stderr } = await ended;
    equal(code, 0, stderr);
    says(stderr, WORDS[refusal]);
  },
  program: async (made, { call, refusal }) => {
    const ended = await limited(start(made, { argv: refusedTo([call], refusal) }), TIME_LIMIT);
    says(ended.stderr, WORDS[refusal]);
    ok(missingIn(ended).every((each) => ["cold", "down"].includes(each)), `${ended.stderr}${ended.stdout}`);
  },
};

function consequenceOf(call: string): Consequence | undefined {
  return (Object.keys(WITHOUT_SUBSTITUTE) as Consequence[]).find((consequence) => {
    const calls: readonly string[] = WITHOUT_SUBSTITUTE[consequence];
    return calls.includes(call);
  });
}

function cases(): Case[] {
  const calls = Object.keys(NUMBERS).filter((call) => consequenceOf(call) !== "nothing");
  return calls.flatMap((call) => (Object.keys(REFUSAL_ERRORS) as CallRefusal[]).map((refusal) => ({ call, refusal })));
}

/** All of them take minutes: REFUSALS=all. ONLY has those of these calls. */
function drawn(): Case[] {
  const only = Deno.env.get("ONLY")?.split(",");
  const all = cases().filter(({ call }) => only?.includes(call) ?? true);
  const random = new Random(Number(Deno.env.get("SEED") ?? Date.now() % 1e6));
  console.log(`SEED=${random.seed}`);
  const most = Deno.env.get("REFUSALS") === "all" ? Infinity : amount(60, 24);
  while (all.length > most) all.splice(random.below(all.length), 1);
  return all;
}

Deno.test("each call for which nothing can stand in is one that the overlay makes", () => {
  const unknown = Object.values(WITHOUT_SUBSTITUTE).flat().filter((call) => !Object.hasOwn(NUMBERS, call));
  // No filter for one program alone can refuse this, and on aarch64 there are fewer calls.
  const elsewhere = ["rt_sigreturn", ...(Deno.build.arch === "aarch64" ? ["dup2", "arch_prctl"] : [])];
  deepEqual(unknown, elsewhere);
});

Deno.test({
  name: "a container does all that it should with any one system call refused, or what is documented of that call",
  ignore: !canIsolate,
  fn: async () => {
    await using made = await refusingRoot();
    const faults = await inParallel(drawn(), async (refused) => {
      const consequence = consequenceOf(refused.call);
      const check = consequence === undefined || consequence === "nothing" ? doesAll : CHECKS[consequence];
      return await check(made, refused).then(() => "", (error) => `${refused.call} (${refused.refusal}): ${error}\n`);
    });
    ok(faults.every((fault) => fault === ""), faults.join(""));
  },
});
