// The services of a session: what each is like, drawn from the seed, and the files that make it so.

import type { Given } from "../rows/harness.ts";
import type { Random } from "../random/random.ts";
import { NOTED, type Traits } from "./actor.ts";

const FINISHES = ["none", "none", "quick", "held", "permanent"] as const;

/** A service of this name. */
export function draw(random: Random, name: string): Traits {
  const finish = random.pick(FINISHES);
  const brief = random.chance(0.15);
  const notifies = !brief && random.chance(0.5) ? random.pick([3, 7]) : undefined;
  const usr1 = !brief && random.chance(0.15);
  return {
    name,
    finish,
    brief,
    notifies,
    usr1,
    eager: notifies !== undefined && random.chance(0.5),
    deaf: !brief && !usr1 && random.chance(0.15),
    // Not both: with most pairs of numbers the original gives the service one descriptor under the other's number.
    locked: notifies === undefined && random.chance(0.2),
    tally: random.chance(0.3) ? random.pick([0, 1, 3]) : undefined,
    // What ends at once must not be started again and again.
    down: brief || random.chance(0.15),
    isLogger: false,
  };
}

/** The logger of a service. */
export function loggerOf(random: Random, { name }: Traits): Traits {
  return {
    name: `${name}/log`,
    finish: random.pick(["none", "quick"]),
    brief: false,
    notifies: undefined,
    usr1: false,
    eager: false,
    deaf: false,
    locked: false,
    tally: undefined,
    down: false,
    isLogger: true,
  };
}

const script = (...lines: string[]): Given => ({ content: `#!/bin/sh\n${lines.join("\n")}\n`, mode: 0o755 });

/** What stands in its directory; the fifos "orders" and "go" are made by the script of the session. */
export function filesOf(traits: Traits): Record<string, Given> {
  const files: Record<string, Given> = { run: runOf(traits), heard: "" };
  if (traits.finish !== "none") files.finish = finishOf(traits);
  if (traits.finish === "held") files["timeout-finish"] = "0\n";
  if (traits.notifies !== undefined) files["notification-fd"] = `${traits.notifies}\n`;
  if (traits.deaf) files["timeout-kill"] = "100\n";
  if (traits.usr1) files["down-signal"] = "SIGUSR1\n";
  if (traits.tally !== undefined) files["max-death-tally"] = `${traits.tally}\n`;
  if (traits.down) files.down = "";
  if (traits.locked) Object.assign(files, { "lock-fd": "8\n", "supervise/service-lock": "" });
  return Object.fromEntries(Object.entries(files).map(([file, given]) => [`${traits.name}/${file}`, given]));
}

function runOf(traits: Traits): Given {
  if (traits.brief) return script("exit 3");
  if (traits.isLogger) return script("exec cat >>logged");
  const { notifies, usr1, deaf, eager } = traits;
  return script(
    "exec 4<>orders",
    ...Object.values(NOTED).map((signal) => `trap 'printf "${signal} " >>heard' ${signal}`),
    usr1 ? "trap 'exit 9' USR1" : "",
    deaf ? "trap '' TERM" : "",
    "echo up",
    "echo $$ >awake",
    eager ? `echo >&${notifies}` : "",
    "while :; do",
    "  read -r order word <&4 || continue",
    "  case $order in",
    "    exit) exit $word ;;",
    "    say) echo $word ;;",
    `    ready) echo . >&${notifies ?? 1} ;;`,
    "  esac",
    "done",
  );
}

function finishOf({ finish }: Traits): Given {
  const note = 'echo "$1 $2 ${3##*/}" >>finished';
  if (finish === "held") return script(note, "read -r word <go");
  return script(note, finish === "permanent" ? "exit 125" : "exit 0");
}
