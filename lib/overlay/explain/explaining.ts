// Explaining a container: what is gathered for it, by a process that is not process 1, and put together.

import type { ByteString } from "../../bytes.ts";
import { readHead } from "../../image/search.ts";
import { unlessRefused } from "../../report.ts";
import type { StoreOs } from "../environment_store.ts";
import { faultOfContainer, isAsWanted } from "../journal/health.ts";
import type { ServicePrinted } from "../journal/request.ts";
import type { ServiceSnapshot, Snapshot } from "../journal/snapshot.ts";
import { explainContainer } from "./container_explanation.ts";
import { type Explanation, EXPLANATION_VERSION } from "./explanation.ts";
import type { Facts, NotificationFd } from "./facts.ts";
import { failedScripts } from "./failed_scripts.ts";
import { livesOf } from "./lives.ts";
import { type LoggerZones, OutputFinder, type OutputOs } from "./output.ts";
import { ContainerProcesses, type ProcessesOs } from "./processes.ts";
import { ProgramInspector, type ProgramOs } from "./program_file.ts";
import { explainService } from "./service_explanation.ts";
import { wrongSettings } from "./wrong_settings.ts";
import { NOTIFY_SOCKET } from "../../supervise/readiness_files.ts";

type ExplainOs = OutputOs & ProcessesOs & ProgramOs & StoreOs;

interface Surroundings {
  readonly os: ExplainOs;
  readonly zones: LoggerZones;
  /** What the relay has carried on last. */
  readonly printed: readonly ServicePrinted[];
  /** Where programs are looked for. */
  readonly searchPath: ByteString;
}

/** How much of the file notification-fd counts. */
const NUMBER_SIZE = 64;

/** @param names of services, whatever their state; none: those that are not as they are wanted */
export function explainAll(snapshot: Snapshot, names: readonly ByteString[], surroundings: Surroundings): Explanation {
  const explaining = new Explaining(snapshot, surroundings);
  const isNamed = names.length > 0;
  const isStopping = snapshot.container.cause !== null;
  const services = snapshot.services
    .filter((service) => isNamed ? names.includes(service.name) : !isAsWanted(service, isStopping))
    .map((service) => explainService(explaining.factsOf(service)));
  const scripts = isNamed ? [] : failedScripts(snapshot);
  const settings = isNamed ? [] : wrongSettings(snapshot.journal, surroundings.os);
  const isServing = faultOfContainer(snapshot.container) === undefined;
  return {
    version: EXPLANATION_VERSION,
    now: snapshot.now,
    asWanted: isServing && services.every(({ asWanted }) => asWanted) && scripts.length + settings.length === 0,
    container: explainContainer(snapshot, explaining.processes),
    services,
    scripts,
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
    const { now, container: { awaited, stopEnds, cause }, journal } = this.snapshot;
    const { name, directory, pid } = service;
    const lives = livesOf(name, journal);
    return {
      service,
      isStopping: cause !== null,
      now,
      stopEnds,
      awaited: awaited?.names.includes(name) ? awaited : undefined,
      lives,
      run: this.programs.runOf(directory),
      notification: service.ready === false ? this.notificationOf(service) : undefined,
      output: this.outputs.placesOf(service, lives),
      leftBehind: this.processes.leftBehind(lives),
      deepest: pid === null ? undefined : this.processes.deepestOf(pid),
    };
  }

  private notificationOf({ directory, pid }: ServiceSnapshot): NotificationFd {
    const { os } = this.surroundings;
    const text = unlessRefused(() => readHead(os, `${directory}/notification-fd`, NUMBER_SIZE)) ?? "";
    const [, number] = /^([0-9]+)(?:\n|$)/.exec(text) ?? [];
    const fd = number === undefined ? undefined : Number(number);
    const hasSocket = unlessRefused(() => os.find(`${directory}/${NOTIFY_SOCKET}`)) !== undefined;
    return { hasSocket, fd, isOpen: fd === undefined || pid === null ? undefined : this.processes.hasOpen(pid, fd) };
  }
}
