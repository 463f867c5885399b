// Stage 3: cont-finish.d, waiting for the services, the last signals. Still process 1, still reaping. Grace times are
// upper bounds: when nothing is left alive nothing is waited for. A step that fails is reported, and the next one is
// done.

import type { ByteString } from "../../bytes.ts";
import { durationInWords } from "../durations.ts";
import type { Environment } from "../../environment.ts";
import { ProcessImage } from "../../image/image.ts";
import type { Os } from "../../os/os.ts";
import type { Scanner } from "../../supervise/scanner_port.ts";
import { exitCode } from "../../wait_status.ts";
import { endProcesses, type LastSignalsPorts } from "./last_signals.ts";
import { ownFiles, type OwnFilesOs } from "../own_files.ts";
import { PATHS } from "../paths.ts";
import { exited, runScript, type ScriptEnd, type ScriptPorts } from "../scripts.ts";
import type { FinishManner } from "./finish_manner.ts";
import { merged } from "../boot/stage1.ts";
import { attempt, type Steps, within } from "../steps.ts";
import { AFTERMATH, type GraceTimes, type StopTime } from "./stop_time.ts";
import { entries, type ListingOs, scriptPath } from "../boot/user_directories.ts";

/** What the settings say about a stop, in milliseconds, as it was when it began. */
export interface StopSettings extends GraceTimes {
  /** For one script of cont-finish.d; 0 is without limit. */
  readonly finishScript: number;
  readonly syncDisks: boolean;
}

export interface Stage3Ports extends ScriptPorts, Pick<LastSignalsPorts, "out" | "failed"> {
  readonly os: ScriptPorts["os"] & ListingOs & OwnFilesOs & Pick<Os, "monotonic" | "actualPath">;
  readonly reactor: ScriptPorts["reactor"];
  readonly scanner: Pick<Scanner, "when" | "services">;
  readonly settings: StopSettings;
  readonly time: StopTime;
  readonly tree: Environment;
  readonly finish: FinishManner;
}

const SYNC = "/command/s6-sync";

/** The container's finish scripts, and what is left of the services' time. */
export function* lastScripts(ports: Stage3Ports): Steps<void> {
  const { out, settings: { syncDisks } } = ports;
  yield* eachOf(ports, () => finishScripts(ports), () => waitForServices(ports));
  if (syncDisks) yield* eachOf(ports, () => sync(ports, () => out.line("[s6-finish] syncing disks.")));
}

/** The end of everything that lives. */
export function* lastSignals(ports: Stage3Ports & LastSignalsPorts): Steps<void> {
  yield* eachOf(ports, () => endProcesses(ports));
  if (ports.settings.syncDisks) yield* eachOf(ports, () => sync(ports, () => {}));
}

function* eachOf({ reactor, failed }: Stage3Ports, ...parts: readonly (() => Steps<void>)[]): Steps<void> {
  for (const part of parts) yield* attempt(reactor, 0, part, failed);
}

function* finishScripts(ports: Stage3Ports): Steps<void> {
  const { finish, settings } = ports;
  if (!finish.isDue) return;
  let names: readonly ByteString[] | undefined;
  yield* limited(ports, function* (): Steps<void> {
    names = yield* entries(ports, "cont-finish.d", settings.finishScript);
  });
  if (names === undefined) return;
  finish.begin();
  for (const name of names) yield* limited(ports, () => finishScript(ports, name));
  finish.done();
}

function* finishScript(ports: Stage3Ports, name: ByteString): Steps<void> {
  const { os, finish, settings, report, tree } = ports;
  finish.running(name);
  const environment = merged(ownFiles(os), tree, PATHS.stage3, report).with(finish.variables);
  const script = ProcessImage.of([scriptPath(os, "cont-finish.d", name)], environment)
    .step({ do: "directory", by: "s6-finish", path: "/" });
  const ending = yield* runScript(ports, `cont-finish.d/${name}`, script.insisting(), settings.finishScript);
  finish.ran(name, exited(ending, finishCode(ending)));
}

/** What has a bound of its own, by which it is killed; one that cannot be is not waited for much longer. */
function* limited({ reactor, settings, time, failed }: Stage3Ports, part: () => Steps<void>): Steps<void> {
  time.pause();
  const limit = settings.finishScript;
  yield* attempt(reactor, limit === 0 ? 0 : limit + AFTERMATH, part, failed);
  time.resume();
}

/** As v2 prints it: the script's code, 111 if a signal killed it, 99 if its time was up. */
function finishCode(ending: ScriptEnd): number {
  if (ending.kind === "overtime") return 99;
  if (ending.kind === "not started") return ending.code;
  return exitCode(ending.status) ?? 111;
}

function* waitForServices({ scanner, settings, time, reactor, out, report }: Stage3Ports): Steps<void> {
  out.line("[s6-finish] waiting for services.");
  // A service that has had its time since it was asked to end gets no more; 0 would be without limit.
  const limit = Math.max(1, time.forServices);
  if (yield* within(reactor, limit, (arrived) => scanner.when("finished", arrived))) return;
  const late: ByteString[] = scanner.services().filter((service) => service.pid !== 0 && !service.isLogger)
    .map((service) => service.name);
  report("fatal", "s6-svwait", `timed out after ${durationInWords(settings.services)} waiting for ${late.join(", ")}`);
}

/** In a process of its own: a disk that does not answer must not hold up process 1. */
function* sync(ports: Stage3Ports, tell: () => void): Steps<void> {
  tell();
  const image = ProcessImage.of([SYNC], ports.tree);
  yield* limited(ports, function* (): Steps<void> {
    yield* runScript(ports, "s6-sync", image, ports.settings.finishScript);
  });
}
