// Calls of our programs as scripts make them, in a booted container, beside Debian's s6 and execline.

import { output } from "../command.ts";
import { benchCommandLine } from "./boot.ts";
import { layTree } from "./contestant.ts";
import type { Stage } from "./stage.ts";
import { tableRow } from "./table.ts";

const CHAIN = (links: number): string => `${"export A value ".repeat(links)}true`;

interface CallRow {
  readonly ours: readonly string[];
  /** What Debian has; it has neither s6-portable-utils nor with-contenv. */
  readonly debian?: readonly string[];
}

/** $S stands for the directory of a service that is up. */
const CALLS: Readonly<Record<string, CallRow>> = {
  "true (busybox)": { ours: ["true"], debian: ["busybox", "true"] },
  "s6-true": { ours: ["s6-true"] },
  "s6-echo hi": { ours: ["s6-echo", "hi"] },
  "s6-svstat": { ours: ["s6-svstat", "$S"], debian: ["s6-svstat", "$S"] },
  "s6-svwait -u": { ours: ["s6-svwait", "-u", "$S"], debian: ["s6-svwait", "-u", "$S"] },
  "s6-overlay healthy": { ours: ["s6-overlay", "healthy"] },
  "s6-setuidgid": {
    ours: ["s6-setuidgid", "nobody", "true"],
    debian: ["s6-setuidgid", "nobody", "busybox", "true"],
  },
  "with-contenv": { ours: ["with-contenv", "true"] },
  "chain of 10": { ours: ["execlineb", "-Pc", CHAIN(10)], debian: ["execlineb", "-Pc", CHAIN(10)] },
  "chain of 100": { ours: ["execlineb", "-Pc", CHAIN(100)], debian: ["execlineb", "-Pc", CHAIN(100)] },
  "2 foreground": {
    ours: ["execlineb", "-Pc", "foreground { s6-echo hi } foreground { s6-echo hi } s6-true"],
    debian: ["execlineb", "-Pc", "foreground { echo hi } foreground { echo hi } true"],
  },
  "backtick": {
    ours: ["execlineb", "-Pc", "backtick v { s6-echo hi } s6-true"],
    debian: ["execlineb", "-Pc", "backtick v { echo hi } true"],
  },
  "forx of 3": {
    ours: ["execlineb", "-Pc", "forx v { a b c } s6-true"],
    debian: ["execlineb", "-Pc", "forx v { a b c } true"],
  },
};

const TIMES = 30;

async function compiled(directory: string): Promise<string> {
  const program = `${directory}/calls`;
  await output(["gcc", "-O2", "-static", "-o", program, "scripts/bench/calls.c"]);
  return program;
}

function script(program: string, service: string, argv: (row: CallRow) => readonly string[] | undefined): string {
  const quoted = (word: string): string => `'${word === "$S" ? service : word}'`;
  const lines = Object.values(CALLS).map((row, at) => {
    const words = argv(row);
    return words === undefined ? "" : [program, `${at}`, `${TIMES}`, ...words.map(quoted)].join(" ");
  });
  return lines.filter((line) => line !== "").join("\n");
}

/** Microseconds, by the place of the row. */
function timesOf(printed: string): ReadonlyMap<number, number> {
  return new Map([...printed.matchAll(/^(\d+) (\d+)$/gm)].map(([, at, time]) => [Number(at), Number(time)]));
}

async function ofOurs(name: string, root: string, stamp: string): Promise<ReadonlyMap<number, number>> {
  const calls = script("/calls", "/run/service/web", ({ ours }) => ours);
  const argv = ["/init", "/bin/sh", "-c", `s6-svwait -u /run/service/web\n${calls}`];
  return timesOf(await output(benchCommandLine({ name, root, argv }, stamp)));
}

async function ofDebians(program: string, directory: string): Promise<ReadonlyMap<number, number>> {
  const calls = script(program, `${directory}/web`, ({ debian }) => debian);
  const supervised = `s6-supervise '${directory}/web' & s6-svwait -u '${directory}/web' || sleep 1\n${calls}\n` +
    `s6-svc -wD -dx '${directory}/web'; wait`;
  return timesOf(await output(["env", "-i", "PATH=/usr/bin:/bin", "sh", "-c", supervised]));
}

/** Each row, each contestant in turn; medians of the runs' medians. */
export async function calls({ directory, stamp, trees, runs }: Stage): Promise<void> {
  const program = await compiled(directory);
  const contestants = new Map<string, () => Promise<ReadonlyMap<number, number>>>();
  for (const [name, tree] of trees) {
    const root = await layTree(`${directory}/calls-${name.replaceAll(" ", "-")}`, tree, stamp);
    await Deno.copyFile(program, `${root}/calls`);
    await Deno.mkdir(`${root}/etc/services.d/web`, { recursive: true });
    await Deno.writeTextFile(`${root}/etc/services.d/web/run`, "#!/bin/sh\nexec sleep 1000\n", { mode: 0o755 });
    contestants.set(name, () => ofOurs(name, root, stamp));
  }
  await Deno.mkdir(`${directory}/web`);
  await Deno.writeTextFile(`${directory}/web/run`, "#!/bin/sh\nexec sleep 1000\n", { mode: 0o755 });
  contestants.set("Debian's", () => ofDebians(program, directory));
  const taken = new Map([...contestants.keys()].map((name) => [name, [] as ReadonlyMap<number, number>[]]));
  for (let round = 0; round < runs; round++) {
    for (const [name, measure] of contestants) taken.get(name)!.push(await measure());
  }
  console.log(`\ncalls: from the spawn to the end, medians of ${runs} times ${TIMES} calls, milliseconds`);
  console.log(tableRow(["", ...contestants.keys()]));
  Object.keys(CALLS).forEach((call, at) => {
    console.log(tableRow([call, ...[...taken.values()].map((all) => middle(all.map((each) => each.get(at))))]));
  });
}

function middle(times: readonly (number | undefined)[]): string {
  const known = times.filter((time) => time !== undefined).sort((a, b) => a - b);
  return known.length === 0 ? "-" : (known[known.length >> 1]! / 1000).toFixed(2);
}
