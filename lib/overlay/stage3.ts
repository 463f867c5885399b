// Stage 3: cont-finish.d, waiting for the services, the last signals. Still process 1, still reaping.
// Grace times are upper bounds: when nothing is left alive nothing is waited for.

import type { ByteString } from "../bytes.ts";
import type { Environment } from "../environment.ts";
import { ProcessImage } from "../image/image.ts";
import type { Os } from "../os/os.ts";
import type { Scanner } from "../supervise/scanner.ts";
import { exitCode } from "../wait_status.ts";
import { endProcesses, type LastSignalsPorts } from "./last_signals.ts";
import { ownFiles, type OwnFilesOs } from "./own_files.ts";
import { PATHS } from "./paths.ts";
import { type Ending, runScript, type ScriptPorts } from "./scripts.ts";
import { merged } from "./stage1.ts";
import { type Steps, within } from "./steps.ts";
import { entries, type ListingOs, userDirectory } from "./user_directories.ts";

export interface Stage3Ports extends ScriptPorts, LastSignalsPorts {
  readonly os:
    & ScriptPorts["os"]
    & ListingOs
    & OwnFilesOs
    & Pick<Os, "changeDirectory" | "sync" | "monotonic">;
  readonly scanner: LastSignalsPorts["scanner"] & Pick<Scanner, "when">;
  readonly tree: Environment;
}

/** Runs to the end of the container. */
export function* stage3(ports: Stage3Ports): Steps<void> {
  const { os, out, settings } = ports;
  os.changeDirectory("/");
  yield* finishScripts(ports);
  out.line("[s6-finish] waiting for services.");
  yield* waitForServices(ports);
  const sync = settings.get("syncDisks");
  if (sync) {
    out.line("[s6-finish] syncing disks.");
    os.sync();
  }
  yield* endProcesses(ports);
  if (sync) os.sync();
}

function* finishScripts(ports: Stage3Ports): Steps<void> {
  const { os, out, settings, complain } = ports;
  const names = yield* entries(ports, "cont-finish.d", settings.get("killFinishMaximumTime"));
  if (names === undefined) return;
  out.line("[cont-finish.d] executing container finish scripts...");
  for (const name of names) {
    out.line(`[cont-finish.d] ${name}: executing... `);
    const script = ProcessImage.of(
      [`${userDirectory("cont-finish.d")}/${name}`],
      merged(ownFiles(os), ports.tree, PATHS.stage3, complain),
    );
    const image = script.insisting();
    const ending = yield* runScript(ports, `cont-finish.d/${name}`, image, settings.get("killFinishMaximumTime"));
    out.line(`[cont-finish.d] ${name}: exited ${finishCode(ending)}.`);
  }
  out.line("[cont-finish.d] done.");
}

/** As v2 prints it: the script's code, 111 if a signal killed it, 99 if its time was up. */
function finishCode(ending: Ending): number {
  if (ending.kind === "overtime") return 99;
  if (ending.kind === "not started") return ending.code;
  return exitCode(ending.status) ?? 111;
}

function* waitForServices({ scanner, settings, reactor, complain }: Stage3Ports): Steps<void> {
  const limit = settings.get("servicesGraceTime");
  // 0 is no time at all, where the original would wait for ever.
  const arrived = yield* within(reactor, Math.max(limit, 1), (arrived) => scanner.when("finished", arrived));
  if (arrived) return;
  const late: ByteString[] = scanner.services().filter((service) => service.pid !== 0 && !service.isLogger)
    .map((service) => service.name);
  complain(`s6-svwait: fatal: timed out after ${limit} ms waiting for ${late.join(", ")}`);
}
