// execline scripts, ours beside Debian's: chains of programs that only change their process, and blocks that print.

import { output } from "../command.ts";
import { layTree } from "./contestant.ts";
import type { Stage } from "./stage.ts";
import { decimal, median, tableRow } from "./table.ts";

// What scripts are made of; each changes the process and goes on.
const LINKS = [
  "export A value",
  "define key value",
  "umask 022",
  "fdmove -c 2 1",
  "importas home HOME",
  "cd /",
  "unexport A",
];

const CHAINS = [1, 5, 10, 30, 100] as const;
const BLOCKS = 10;

interface Contender {
  readonly name: string;
  /** The command line up to the word that is the script. */
  readonly before: readonly string[];
  /** The program that ends the script and prints the time. */
  readonly last: string;
  /** The program that a block runs. */
  readonly echo: string;
}

function chainOf(links: number, { last }: Contender): string {
  return [...Array.from({ length: links }, (_, at) => LINKS[at % LINKS.length]), last, "command"].join(" ");
}

function blocksOf(blocks: number, { last, echo }: Contender): string {
  return [...Array.from({ length: blocks }, () => `foreground { ${echo} }`), last, "command"].join(" ");
}

/** Milliseconds from the exec of execlineb to the script's last program. */
async function time({ before }: Contender, script: string): Promise<number> {
  const printed = await output([...before, script]);
  const at = (word: string): number => Number(new RegExp(`^${word} ([0-9]+)$`, "m").exec(printed)?.[1]) / 1e6;
  return at("command") - at("start");
}

async function contenders({ directory, stamp, trees }: Stage): Promise<Contender[]> {
  const found: Contender[] = [];
  const environment = (path: string): string[] => ["env", "-i", "HOME=/root", `PATH=${path}:/usr/bin:/bin`];
  for (const [name, tree] of trees) {
    const root = await layTree(`${directory}/chain-${name.replaceAll(" ", "-")}`, tree, stamp);
    const before = ["chroot", root, ...environment("/command"), "/stamp", "start", "/command/execlineb", "-P", "-c"];
    found.push({ name, before, last: "/stamp", echo: "s6-echo" });
  }
  const original = environment("/usr/lib/execline/bin");
  // Debian has no s6-echo; its echo stands in.
  found.push({
    name: "Debian's",
    before: [...original, stamp, "start", "/usr/bin/execlineb", "-P", "-c"],
    last: stamp,
    echo: "echo",
  });
  return found;
}

/** Chains and blocks, each contender in turn. */
export async function chains(stage: Stage): Promise<void> {
  const all = await contenders(stage);
  const columns: Record<string, (contender: Contender) => string> = {};
  for (const links of CHAINS) columns[`${links} links`] = (contender) => chainOf(links, contender);
  columns[`${BLOCKS} blocks`] = (contender) => blocksOf(BLOCKS, contender);
  const times = new Map(all.map(({ name }) => [name, Object.keys(columns).map((): number[] => [])]));
  for (let round = 0; round <= stage.runs; round++) {
    for (const contender of all) {
      for (const [at, script] of Object.values(columns).entries()) {
        const taken = await time(contender, script(contender));
        if (round > 0) times.get(contender.name)![at]!.push(taken);
      }
    }
  }
  const title = `execlineb -P -c: links, and foreground { echo }; medians of ${stage.runs} runs, milliseconds`;
  console.log(`\n${title}\n${tableRow(["", ...Object.keys(columns), "a link, us"])}`);
  for (const [name, columnTimes] of times) {
    const medians = columnTimes.map(median);
    const [short, long] = [CHAINS.indexOf(10), CHAINS.indexOf(100)];
    const link = (medians[long]! - medians[short]!) / (CHAINS[long]! - CHAINS[short]!) * 1000;
    console.log(tableRow([name, ...medians.map(decimal), decimal(link)]));
  }
}
