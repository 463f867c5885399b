// Why a container ends: a cause for each event that ends one, and none for the others.

import { equal } from "node:assert/strict";
import { causeOfEnd, type CauseSurroundings } from "../../../../lib/overlay/journal/cause.ts";
import type { ScriptSnapshot } from "../../../../lib/overlay/journal/snapshot.ts";
import type { LifeEvent } from "../../../../lib/overlay/life.ts";

const NOTHING: CauseSurroundings = { signal: undefined, essential: undefined, finishing: [], lastScript: undefined };
const MOMENT = { time: 0, after: 0 };

function script(kind: ScriptSnapshot["kind"], name: string, exit: ScriptSnapshot["exit"]): ScriptSnapshot {
  return { kind, name, pid: 7, started: MOMENT, ended: MOMENT, exit };
}

const CAUSES: readonly (readonly [LifeEvent, Partial<CauseSurroundings>, string | undefined])[] = [
  [{ on: "stopAsked", wait: true }, { signal: "TERM" }, "TERM"],
  [{ on: "stopAsked", wait: true }, {}, "asked for by s6-svscanctl or halt"],
  [
    { on: "stopAsked", wait: true },
    { finishing: [{ name: "web", exit: { code: 1, signal: null } }] },
    "asked for by s6-svscanctl or halt, while finish ran of web (run exited 1)",
  ],
  [
    { on: "stopAsked", wait: true },
    { finishing: [{ name: "db", exit: null }, { name: "web", exit: { code: null, signal: "KILL" } }] },
    "asked for by s6-svscanctl or halt, while finish ran of db, web (run was killed by KILL)",
  ],
  [
    { on: "stopAsked", wait: true },
    { signal: "TERM", finishing: [{ name: "web", exit: { code: 1, signal: null } }] },
    "TERM",
  ],
  [{ on: "commandEnded", code: 0 }, {}, "the command exited 0"],
  [{ on: "commandEnded", code: 256 + 9 }, {}, "the command was killed by KILL"],
  [
    { on: "commandEnded", code: 127 },
    { lastScript: script("command", "nope", { code: 127, signal: null }) },
    "the command exited 127",
  ],
  [{ on: "essentialEnded", code: 3 }, { essential: "web" }, "essential service web exited 3"],
  [{ on: "essentialEnded", code: 256 + 11 }, { essential: "web" }, "essential service web was killed by SEGV"],
  [{ on: "bootFailed", code: 1 }, {}, "initialization failed"],
  [
    { on: "bootFailed", code: 1 },
    { lastScript: script("cont-init.d", "10-x", { code: 4, signal: null }) },
    "initialization failed: cont-init.d/10-x exited 4",
  ],
  [
    { on: "bootFailed", code: 1 },
    { lastScript: script("task", "fix-attrs.d", { code: 0, signal: null }) },
    "initialization failed",
  ],
  [{ on: "outOfMemory" }, {}, "process 1 needs too much memory"],
  [{ on: "failed", code: 111, refusal: "unable to fork: No" }, {}, "unable to fork: No"],
  [{ on: "failed", code: 101, refusal: undefined }, {}, "an internal error"],
  [{ on: "commandDue" }, {}, undefined],
  [{ on: "noCommand" }, {}, undefined],
  [{ on: "graceOver" }, {}, undefined],
  [{ on: "left" }, {}, undefined],
  [{ on: "everybodyGone" }, {}, undefined],
  [{ on: "timeOver" }, {}, undefined],
];

for (const [event, around, cause] of CAUSES) {
  Deno.test(`${JSON.stringify(event)} ${JSON.stringify(around)} ends it: ${cause ?? "no"}`, () => {
    equal(causeOfEnd(event, { ...NOTHING, ...around }), cause);
  });
}
