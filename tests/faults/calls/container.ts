// A container that boots, restarts a service and is stopped, while a call of its process 1 fails: what it does then, and
// what is wrong with that.

import { resolve } from "node:path";
import { HOST } from "../../../scripts/base.ts";
import { buildTree } from "../../../scripts/build.ts";
import { output } from "../../../scripts/command.ts";
import type { CollectedProcess } from "../../../scripts/container_process.ts";
import type { Given } from "../../rows/harness.ts";
import { longrunFiles, user } from "../../containers/generation_3.ts";
import { firstProcess, type Root, root, start } from "../../surroundings/quick.ts";
import { type Fault, FAULT_FILE, type Made, PHASE_FILE, REPORTS } from "./fault_files.ts";

const ENTRY = "tests/faults/calls/faulty_main.ts";
const TREE = "dist/faulty";
const SERVICES = "/run/s6/services";
/** Prints the last byte of a status file, in which there is whether a service is up and wanted up. */
const FLAGS = "od -A n -t u1 -j 34 -N 1";
const WAITS = "command waits\n";
/**
 * Milliseconds until a container is told to stop whose command has not come to its end, and in which a stop must be over.
 * Two and eight seconds are enough, but a machine may be busy.
 */
const LIVES = 45_000;
const STOPS = 30_000;

const script = (...lines: string[]): Given => ({ content: `#!/bin/sh\n${lines.join("\n")}\n`, mode: 0o755 });

const FILES: Readonly<Record<string, Given>> = {
  "etc/cont-init.d/1": script("echo first script"),
  "etc/cont-init.d/2": {
    content:
      '#!/command/execlineb -P\nwith-contenv\ns6-setuidgid nobody\nsh -c "echo second script; echo given: ${GIVEN}"\n',
    mode: 0o755,
  },
  "etc/fix-attrs.d/1": `${FAULT_FILE} true nobody 0604 0755\n`,
  "etc/services.d/logged/run": script("echo logged", "exec sleep 1000"),
  "etc/services.d/logged/log/run": script('while read -r line; do echo "log: $line"; done'),
  "etc/services.d/plain/run": script("echo plain", "exec sleep 1000"),
  "etc/services.d/ready/run": script("echo ready", "echo >&3", "exec sleep 1000"),
  "etc/services.d/ready/finish": script("echo finished"),
  "etc/services.d/ready/notification-fd": "3\n",
  "etc/cont-finish.d/1": script("echo last script"),
  "command.sh": script(
    `s6-svwait -u -t 5000 ${SERVICES}/logged ${SERVICES}/logged/log ${SERVICES}/plain ${SERVICES}/ready`,
    'echo "command: up $?"',
    // Readiness comes after that, by a pipe.
    `s6-svwait -U -t 5000 ${SERVICES}/ready`,
    `stat -c 'command: %U %a' ${FAULT_FILE}`,
    `for each in logged logged/log plain ready; do echo "$each: $(${FLAGS} ${SERVICES}/$each/supervise/status)"; done`,
    `echo restart >${PHASE_FILE}`,
    `s6-svc -wR -T 5000 -r ${SERVICES}/ready`,
    'echo "command: restarted $?"',
    `echo "command: deaths $(wc -c <${SERVICES}/ready/supervise/death_tally)"`,
    `echo stop >${PHASE_FILE}`,
    `printf '${WAITS}'`,
    "exec sleep 1000",
  ),
  [`${REPORTS.slice(1)}/none`]: "",
};

const HOLDER = "/run/service/s6rc-fdholder";

/** A pipeline, whose pipes process 1 holds until its command asks for them. */
export const PIPELINE: Readonly<Record<string, Given>> = {
  ...longrunFiles("source", "echo line; exec sleep 1000", [], { "producer-for": "sink\n" }),
  ...longrunFiles("sink", "read -r line; echo through; exec sleep 1000", [], {
    "consumer-for": "source\n",
    "pipeline-name": "flow",
  }),
  ...user("flow"),
  "command.sh": script(
    "PATH=/command:$PATH",
    `s6-svwait -u -t 5000 /run/service/source /run/service/sink; echo "command: up $?"`,
    `echo restart >${PHASE_FILE}`,
    `s6-svc -wR -T 5000 -r ${HOLDER}; echo "command: restarted $?"`,
    `echo "command: holds $(s6-fdholder-list -t 5000 ${HOLDER}/s | wc -l)"`,
    `s6-svc -wR -T 5000 -r ${HOLDER}; echo "command: restarted $?"`,
    `echo stop >${PHASE_FILE}`,
    `printf '${WAITS}'`,
    "exec sleep 1000",
  ),
  [`${REPORTS.slice(1)}/none`]: "",
};

/** A root directory with a program whose calls can fail. */
export async function faultyRoot(files: Readonly<Record<string, Given>> = FILES): Promise<Root> {
  const wishes = { architecture: HOST, kind: "stock", entry: ENTRY, directory: resolve(TREE) } as const;
  // Which call fails is read when the program starts.
  const tree = await buildTree({ ...wishes, checkpoints: false });
  return await root(files, async (path) => {
    await output(["cp", "-a", "--no-target-directory", tree, path]);
  });
}

/** What came of a container. */
export interface FaultyRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** It was told to stop before its command had come to its end, and killed as that was of no use either. */
  readonly hung: "no" | "in its life" | "in its stop";
  /** The calls reported. */
  readonly made: readonly Made[];
}

/** Boots it, lets it live and stops it. */
export async function live(root: Root, fault: Fault): Promise<FaultyRun> {
  const words = `echo '${JSON.stringify(fault)}' >${FAULT_FILE}; exec /init /command.sh`;
  const container = start(root, { argv: ["/bin/sh", "-c", words], environment: { GIVEN: "a value" } });
  let over = false;
  container.ended.then(() => over = true);
  const waits = (): boolean => over || container.stdout.includes(WAITS);
  const waited = await within(LIVES, waits);
  if (!over) await stop(container);
  // With unshare its child is killed as well.
  if (!await within(STOPS, () => over)) Deno.kill(container.pid, "SIGKILL");
  const hung = over ? waited ? "no" : "in its life" : "in its stop";
  const { code, stdout, stderr } = await container.ended;
  const report = `${root.path}${REPORTS}/${fault.report}`;
  const made = JSON.parse(await Deno.readTextFile(report).catch(() => "[]")) as Made[];
  await Deno.remove(report).catch(() => {});
  return { code, stdout, stderr, hung, made };
}

async function stop(container: CollectedProcess): Promise<void> {
  try {
    Deno.kill(await firstProcess(container), "SIGTERM");
  } catch {
    // It has ended meanwhile.
    return;
  }
}

/** True if the condition holds before the given number of milliseconds is over. */
async function within(milliseconds: number, condition: () => boolean): Promise<boolean> {
  const begin = performance.now();
  while (!condition()) {
    if (performance.now() - begin > milliseconds) return false;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return true;
}
