// Sessions in which Debian's tools drive our supervisors and our tools drive Debian's. Each is played twice, once on our
// supervisor and once on the original, and each step that one set of tools took in the first is the other set's in the
// second: both must tell the same. INTEROP_SESSIONS says how many; a failure names the seed, and INTEROP_SEED=SEED
// replays it and prints what was reported.

import { haveOriginals } from "../rows/harness.ts";
import { canIsolate, type NamespaceTold, OURS, runIsolated } from "../surroundings/namespace.ts";
import { amount } from "../random/amount.ts";
import { compose, type InteropSession, type Kind } from "./session.ts";

const THEIRS = "/usr/bin";
const STAGE = Deno.readTextFileSync(new URL("stage.sh", import.meta.url));
const AT_ONCE = navigator.hardwareConcurrency * 4;

/** How the supervisor is started: its directory of programs, then what is found in PATH. */
const BEGIN: Readonly<Record<Kind, (ours: boolean) => string>> = {
  alone: (ours) => supervisor(ours, ours, "s6-supervise web"),
  tree: (ours) => supervisor(ours, ours, "s6-svscan scan"),
  joint: (ours) => supervisor(false, ours, "s6-svscan scan"),
};

function supervisor(ours: boolean, oursInPath: boolean, command: string): string {
  const path = oursInPath ? `${OURS}:/usr/bin:/bin` : "/usr/bin:/bin";
  // A shell starts what it does not wait for with these signals ignored.
  const start = `env --default-signal=INT,QUIT PATH=${path} ${ours ? OURS : THEIRS}/${command}`;
  return `begin() { ${start} >>out 2>>errors & supervisor=$!; }`;
}

function play(session: InteropSession, ours: boolean): Promise<NamespaceTold> {
  const files = {
    ...session.files,
    A: { link: ours ? OURS : THEIRS },
    B: { link: ours ? THEIRS : OURS },
  };
  return runIsolated([STAGE, BEGIN[session.kind](ours), session.script].join("\n"), files);
}

async function check(seed: number, verbose: boolean): Promise<void> {
  const session = compose(seed);
  if (verbose) console.log(session.script);
  const [ours, theirs] = await Promise.all([play(session, true), play(session, false)]);
  if (verbose) console.log(`${ours.stdout}\n${ours.errors}`);
  if (ours.stdout === theirs.stdout && !ours.stdout.includes("never: ")) return;
  throw new Error(`replay with INTEROP_SEED=${seed} (${session.kind})\n${divergence(ours, theirs)}`);
}

/** The end of what both tell alike, and how each goes on. */
function divergence(ours: NamespaceTold, theirs: NamespaceTold): string {
  const [one, other] = [ours.stdout.split("\n"), theirs.stdout.split("\n")];
  let same = 0;
  while (same < one.length && one[same] === other[same]) same++;
  const goesOn = (lines: readonly string[]): string => lines.slice(same, same + 6).join("\n");
  const errors = (text: string): string => text.split("\n").slice(0, 10).join("\n");
  const parts = [`both:\n${one.slice(Math.max(0, same - 12), same).join("\n")}`];
  parts.push(`ours:\n${goesOn(one)}\n${errors(ours.errors)}`, `theirs:\n${goesOn(other)}\n${errors(theirs.errors)}`);
  return parts.join("\n\n");
}

const replay = Deno.env.get("INTEROP_SEED");
const sessions = Number(Deno.env.get("INTEROP_SESSIONS") ?? amount(24, 8));
const seeds = replay === undefined ? Array.from({ length: sessions }, (_, at) => at + 1) : [Number(replay)];

Deno.test({
  name: "our tools and Debian's, mixed at random, drive our supervisors and Debian's to the same ends",
  ignore: !haveOriginals || !canIsolate,
  fn: async () => {
    const waiting = [...seeds];
    const failures: unknown[] = [];
    const work = async (): Promise<void> => {
      for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
        await check(seed, replay !== undefined).catch((error) => failures.push(error));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    if (failures.length > 0) throw new AggregateError(failures, failures.map((error) => `${error}`).join("\n\n"));
  },
});
