// How soon a killed service is back while callers ask process 1 without end, beside how soon it is otherwise. The callers run
// at nice 19, so that what is seen is process 1 being busy, rather than no processor being free.

import { output } from "../command.ts";
import { benchCommandLine } from "./boot.ts";
import { layTree } from "./contestant.ts";
import type { Stage } from "./stage.ts";
import { tableRow } from "./table.ts";

const SERVICES = 20;
/** As often is each of them killed. */
const KILLS = 5;
/** At once, on as many processors as most machines of the kind have. */
const CALLERS = 2;
/** Calls of a caller between two that are counted. */
const COUNTED = 100;

/** What callers ask, from nothing to the longest answer. */
const QUESTIONS: Readonly<Record<string, string | undefined>> = {
  "nobody asks": undefined,
  "s6-true": "s6-true",
  "chain of 100": `execlineb -Pc '${"export A value ".repeat(100)}true'`,
};

const ALL = `$(seq ${SERVICES})`;

/** Prints "killed SERVICE TIME" and "started SERVICE TIME" in nanoseconds, and "asked COUNT". */
function script(question: string | undefined): string {
  const caller = `while /calls 0 ${COUNTED} ${question} >/dev/null; do echo >>/tmp/asked; done`;
  const flood = question === undefined ? [] : Array.from({ length: CALLERS }, () => `nice -n 19 sh -c "${caller}" &`);
  return [
    `for i in ${ALL}; do s6-svwait -U /run/s6/services/s$i; done`,
    ": >/tmp/asked",
    ...flood,
    `for kill in $(seq ${KILLS}); do`,
    // One that has run for less than a second waits before it is started again.
    "  sleep 1.2",
    `  for i in ${ALL}; do`,
    '    pid=$(tail -n 1 /tmp/s$i); echo "killed $i $(/service kill ${pid% *})"',
    // Each for itself.
    "    sleep 0.02",
    "  done",
    "done",
    "sleep 1",
    `for i in ${ALL}; do sed "s/.* /started $i /" /tmp/s$i; done`,
    'echo "asked $(wc -l </tmp/asked)"',
  ].join("\n");
}

interface Restarts {
  /** Milliseconds, in order. */
  readonly latencies: readonly number[];
  readonly asked: number;
}

/** The time of each kill up to the start that followed it. */
function restartsOf(printed: string): Restarts {
  const times = (event: string, service: number): number[] =>
    [...printed.matchAll(new RegExp(`^${event} ${service} (\\d+)$`, "gm"))].map(([, time]) => Number(time) / 1e6);
  const latencies = Array.from({ length: SERVICES }, (_, at) => at + 1).flatMap((service) => {
    const started = times("started", service);
    return times("killed", service).map((killed) => started.find((time) => time > killed)! - killed);
  });
  const asked = Number(/^asked (\d+)$/m.exec(printed)?.[1]) * COUNTED;
  return { latencies: latencies.sort((a, b) => a - b), asked };
}

async function lay(directory: string, name: string, tree: string, stamp: string): Promise<string> {
  const root = await layTree(`${directory}/questions-${name.replaceAll(" ", "-")}`, tree, stamp);
  for (const program of ["calls", "service"]) {
    await output(["gcc", "-O2", "-static", "-o", `${root}/${program}`, `scripts/bench/${program}.c`]);
  }
  for (let at = 1; at <= SERVICES; at++) {
    const service = `${root}/etc/services.d/s${at}`;
    await Deno.mkdir(service, { recursive: true });
    await Deno.writeTextFile(`${service}/notification-fd`, "3\n");
    await Deno.writeTextFile(`${service}/run`, `#!/service /tmp/s${at}\n`, { mode: 0o755 });
  }
  return root;
}

/** Each question, each tree in turn. */
export async function questions({ directory, stamp, trees }: Stage): Promise<void> {
  console.log(`\nquestions: milliseconds from kill -9 to the new process, ${SERVICES * KILLS} times`);
  console.log(tableRow(["", "median", "99 %", "worst", "calls"]));
  for (const [name, tree] of trees) {
    const root = await lay(directory, name, tree, stamp);
    console.log(name);
    for (const [asked, question] of Object.entries(QUESTIONS)) {
      const argv = ["/init", "/bin/sh", "-c", script(question)];
      const { latencies, asked: calls } = restartsOf(await output(benchCommandLine({ name, root, argv }, stamp)));
      const at = (part: number): string => latencies[Math.floor(part * (latencies.length - 1))]!.toFixed(2);
      console.log(tableRow([asked, at(0.5), at(0.99), at(1), calls]));
      await output(["sh", "-c", `rm -f ${root}/tmp/*`]);
    }
  }
}
