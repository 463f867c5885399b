// Explaining a container: what is gathered for it, by a process that is not process 1, and put together.

import type { ByteString } from "../../bytes.ts";
import { readHead } from "../../image/search.ts";
import { unlessRefused } from "../../report.ts";
import type { StoreOs } from "../environment_store.ts";
import { faultOfContainer, isAsWanted } from "../journal/health.ts";
import type { ServicePrinted } from "../journal/request.ts";
import type { ServiceSnapshot, Snapshot } from "../journal/snapshot.ts";
import type { DefinedService, ServiceOrder } from "../rc/defined.ts";
import { explainContainer } from "./container_explanation.ts";
import { type Explanation, EXPLANATION_VERSION } from "./explanation.ts";
import type { Facts, NotificationFd, ReadOutput, RunFile } from "./facts.ts";
import { failedScripts } from "./failed_scripts.ts";
import { livesOf } from "./lives.ts";
import { type LoggerZones, OutputFinder, type OutputOs } from "./output.ts";
import { ContainerProcesses, type ProcessesOs } from "./processes.ts";
import { ProgramInspector, type ProgramOs } from "./program_file.ts";
import { explainService, placeInWords } from "./service_explanation.ts";
import { whyNotExecuted } from "./oneshot_program.ts";
import { wrongSettings } from "./wrong_settings.ts";
import { NOTIFY_SOCKET } from "../../supervise/readiness_files.ts";

type ExplainOs = OutputOs & ProcessesOs & ProgramOs & StoreOs;

interface Surroundings {
  readonly os: ExplainOs;
  readonly zones: LoggerZones;
  /** What the relay has carried on last. */
  readonly printed: readonly ServicePrinted[];
  /** Oneshots and bundles that were named. */
  readonly defined: readonly DefinedService[];
  /** What s6-rc knows of longruns that were named. */
  readonly orders: ReadonlyMap<ByteString, ServiceOrder>;
  /** Where programs are looked for. */
  readonly searchPath: ByteString;
}

/** How much of the file notification-fd counts. */
const NUMBER_SIZE = 64;
const LOGGERS = /\b(?:logutil-service|s6-log)\b/;
/** A run that has data/check executed: with -c it is another command. */
const CHECKS = /\bs6-notifyoncheck\b(?!.*[ \t]-[a-zA-Z]*c\b)/;

/** @param names of services, whatever their state; none: those that are not as they are wanted */
export function explainAll(snapshot: Snapshot, names: readonly ByteString[], surroundings: Surroundings): Explanation {
  const explaining = new Explaining(snapshot, surroundings);
  const isNamed = names.length > 0;
  const isStopping = snapshot.container.cause !== null;
  const services = snapshot.services
    .filter((service) =>
      isNamed ? names.includes(service.name) : !isAsWanted(service, isStopping) || explaining.cannotLog(service)
    )
    .map((service) => explainService(explaining.factsOf(service)));
  const scripts = isNamed ? [] : failedScripts(snapshot);
  const settings = isNamed ? [] : wrongSettings(snapshot.journal, surroundings.os);
  const notStarted = isNamed ? [] : snapshot.container.notStarted;
  const defined = surroundings.defined.map((service) => explaining.explainOneshot(service));
  const isServing = faultOfContainer(snapshot.container) === undefined;
  return {
    version: EXPLANATION_VERSION,
    now: snapshot.now,
    asWanted: isServing && [...services, ...defined].every(({ asWanted }) => asWanted) &&
      scripts.length + notStarted.length + settings.length === 0,
    container: explainContainer(snapshot, explaining.processes),
    services,
    defined,
    scripts,
    notStarted,
    settings,
  };
}

class Explaining {
  readonly processes: ContainerProcesses;
  private readonly programs: ProgramInspector;
  private readonly outputs: OutputFinder;

  constructor(private readonly snapshot: Snapshot, private readonly surroundings: Surroundings) {
    const { os, zones, searchPath, printed } = surroundings;
    this.processes = new ContainerProcesses(os, snapshot);
    this.programs = new ProgramInspector(os, searchPath);
    this.outputs = new OutputFinder(os, snapshot, zones, printed);
  }

  factsOf(service: ServiceSnapshot): Facts {
    const { now, container: { awaited, stopEnds, cause, notStarted, state, pid: first }, journal } = this.snapshot;
    const { name, directory, pid } = service;
    const lives = livesOf(name, journal);
    const run = this.programs.runOf(directory);
    const writesLog = this.isLogger(service, run);
    const output = this.outputs.placesOf(service, lives);
    return {
      service,
      isHeld: pid === first,
      isStopping: cause !== null,
      now,
      stopEnds,
      awaited: awaited?.names.includes(name) ? awaited : undefined,
      notStarted: notStarted.find((one) => one.name === name),
      lives,
      order: this.surroundings.orders.get(name),
      booting: state === "booting" ? { until: awaited?.until ?? null } : undefined,
      run,
      writesLog,
      notification: service.ready === false ? this.notificationOf(service, run) : undefined,
      output,
      fullLog: writesLog ? this.outputs.fullLogOf(service) : fullAmong(output),
      leftBehind: this.processes.leftBehind(lives),
      deepest: pid === null || pid === first ? undefined : this.processes.deepestOf(pid),
    };
  }

  /** It is a logger at work, and the file system of its log is full, as far as that can be found out without a wait. */
  cannotLog(service: ServiceSnapshot): boolean {
    const { state, directory } = service;
    return state === "up" && this.isLogger(service, this.programs.runOf(directory)) &&
      this.outputs.fullLocalLogOf(service) !== undefined;
  }

  private isLogger({ isLogger, directory }: ServiceSnapshot, run: RunFile | undefined): boolean {
    return isLogger || this.callsLogger(directory, run);
  }

  private callsLogger(directory: ByteString, run: RunFile | undefined): boolean {
    // In a pipeline run is a script of s6-rc's, which executes that of the definition.
    const own = this.programs.programAt(`${directory}/run.user`);
    return [run, own].some((script) => LOGGERS.test(script?.head ?? ""));
  }

  /** With what keeps its program from being executed, and where it prints. */
  explainOneshot(service: DefinedService): DefinedService {
    const { kind, name, state, program, last } = service;
    if (kind === "bundle") return service;
    const explained = { ...service, outputPlace: placeInWords(this.outputs.placeOfScript(name)) };
    if (state !== "down" || program === null || (last?.code !== 126 && last?.code !== 127)) return explained;
    const run = this.programs.programAt(program);
    return run === undefined ? explained : { ...explained, ...whyNotExecuted(run) };
  }

  private notificationOf({ directory, pid }: ServiceSnapshot, run: RunFile | undefined): NotificationFd {
    const { os } = this.surroundings;
    const text = unlessRefused(() => readHead(os, `${directory}/notification-fd`, NUMBER_SIZE)) ?? "";
    const [, number] = /^([0-9]+)(?:\n|$)/.exec(text) ?? [];
    const fd = number === undefined ? undefined : Number(number);
    const hasSocket = unlessRefused(() => os.find(`${directory}/${NOTIFY_SOCKET}`)) !== undefined;
    const isOpen = fd === undefined || pid === null ? undefined : this.processes.hasOpen(pid, fd);
    const checking = pid === null ? undefined : this.processes.checkingFor(pid);
    const checkFile = CHECKS.test(run?.head ?? "") ? this.programs.programAt(`${directory}/data/check`) : undefined;
    return { hasSocket, fd, isOpen, checking, checkFile };
  }
}

function fullAmong(output: readonly ReadOutput[]): ByteString | undefined {
  return output.flatMap(({ logs }) => logs).find(({ isFull }) => isFull === true)?.directory ?? undefined;
}
