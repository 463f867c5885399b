// Random sessions of s6-rc and s6-svc on a live tree, beside a model of what the manual says. RC_SESSIONS says how many, from the
// seed RC_SEED on; a failure names its seed, and RC_SEED=SEED alone replays it and prints what was said.

import { haveOriginals } from "../rows/harness.ts";
import { amount } from "../random/amount.ts";
import { BOUND_SUPERVISOR } from "../surroundings/bound.ts";
import { canIsolate, OURS, runIsolated } from "../surroundings/namespace.ts";
import { composeRc } from "./rc_session.ts";

const STAGE = Deno.readTextFileSync(new URL("rc_stage.sh", import.meta.url));
const AT_ONCE = navigator.hardwareConcurrency * 3;
const STOP = "s6-svscanctl -t scan\nwait $scanner";

async function check(seed: number, verbose: boolean): Promise<void> {
  const { files, script, expected } = composeRc(seed);
  const begin = `export PATH=${OURS}:/usr/bin:/bin BOUND='${BOUND_SUPERVISOR}'`;
  const { stdout, errors } = await runIsolated([begin, STAGE, script, STOP].join("\n"), files);
  if (verbose) console.log(`${script}\n${stdout}\n${errors}`);
  if (stdout === expected) return;
  throw new Error(`replay with RC_SEED=${seed}\n${divergence(stdout.split("\n"), expected.split("\n"))}\n${errors}`);
}

/** The end of what is as it should be, and how each goes on. */
function divergence(said: readonly string[], expected: readonly string[]): string {
  let same = 0;
  while (same < said.length && said[same] === expected[same]) same++;
  const goesOn = (lines: readonly string[]): string => lines.slice(same, same + 10).join("\n");
  const before = said.slice(Math.max(0, same - 30), same).join("\n");
  return `both:\n${before}\n\nsaid:\n${goesOn(said)}\n\nexpected:\n${goesOn(expected)}`;
}

const first = Deno.env.get("RC_SEED");
const sessions = Number(Deno.env.get("RC_SESSIONS") ?? (first === undefined ? amount(12, 4) : 1));
const seeds = Array.from({ length: sessions }, (_, at) => at + Number(first ?? 1));

Deno.test({
  name: "s6-rc and s6-svc, in random sessions on a live tree, do as the manual says",
  ignore: !haveOriginals || !canIsolate,
  fn: async () => {
    const waiting = [...seeds];
    const failures: unknown[] = [];
    const work = async (): Promise<void> => {
      for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
        await check(seed, sessions === 1).catch((error) => failures.push(error));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    if (failures.length > 0) throw new AggregateError(failures, failures.map((error) => `${error}`).join("\n\n"));
  },
});
