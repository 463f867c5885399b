// How processes start in a simulated world: as children, or, as with the runner of oneshots, by another process that stands in for
// them until they are needed.

import type { ProcessImage } from "../../lib/image/image.ts";
import { Failure, OsError } from "../../lib/report.ts";
import type { ChildNews, StartedChild } from "../../lib/supervise/start.ts";
import { type CrowdProcess, type Pipe, STAND_IN } from "./crowd.ts";
import type { Node } from "./disk.ts";
import { REASONS } from "./system.ts";
import type { World } from "./world.ts";

/** Starts the command of the image. Throws what keeps it from that. */
export function startIn(world: World, image: ProcessImage, news: ChildNews): StartedChild {
  const [script = ""] = image.argv;
  const process = tryStart(world, image, script, news);
  world.log?.push({ did: "start", script, argv: image.argv, pid: process.pid });
  return childOf(world, process);
}

/** What has none is given a process of its own. */
export function activate(world: World, process: CrowdProcess): void {
  const { crowd } = world;
  const own: CrowdProcess = { ...process, pid: crowd.freePid(), pipe: undefined, signals: [] };
  crowd.leave(process);
  crowd.add(own);
  world.got({ got: "activated", pid: process.pid, own: own.pid });
  process.news.activated?.(childOf(world, own));
  world.poll();
}

function childOf(world: World, process: CrowdProcess): StartedChild {
  const { pid } = process;
  const unexpect = world.reaper.expect(pid, (status) => process.news.ended(status, process.failure));
  const forget = (): void => {
    process.starting = false;
    unexpect();
  };
  if (pid !== STAND_IN) return { pid, forget };
  const signal = (signal: number): void => {
    world.log?.push({ did: "signal", signal });
    world.crowd.kill(pid, signal);
  };
  return { pid, forget, signal };
}

function tryStart(world: World, image: ProcessImage, script: string, news: ChildNews): CrowdProcess {
  const fail = (error: OsError | Failure): never => {
    const why = error instanceof OsError ? error.errno : error.message;
    world.log?.push({ did: "start", script, argv: image.argv, pid: undefined, why });
    throw error;
  };
  const { noStart } = world.weather;
  if (noStart === "exec") return fail(new Failure(126, `unable to exec ./${script}: has CRLF line ends`));
  if (noStart !== undefined) return fail(new OsError("spawn", script, noStart, noStart));
  const copies = new Map<number, Pipe>();
  let home: Node | undefined;
  for (const step of image.steps) {
    if (step.do === "directory") home = world.files.node(step.path);
    if (step.do !== "copy") continue;
    const open = world.open.get(step.from);
    world.mistakes.unless(open !== undefined, `${script} gets descriptor ${step.from}, which is not open`);
    if ("pipe" in open) copies.set(step.to, open.pipe);
  }
  if (home === undefined || world.files.within(home, script) === undefined) {
    return fail(new Failure(127, `unable to exec ./${script}: ${REASONS.ENOENT}`));
  }
  const pid = script === "run" && world.weather.standsIn ? STAND_IN : world.crowd.freePid();
  const [input, output] = [copies.get(0), copies.get(1)];
  const pipe = [...copies].find(([fd]) => fd > 2)?.[1];
  const name = image.argv[script === "finish" ? 3 : 1] ?? "";
  const what = { pid, script, name, argv: image.argv, home, pipe, input, output };
  const process: CrowdProcess = { ...what, signals: [], state: "alive", starting: true, news };
  world.crowd.add(process);
  return process;
}
