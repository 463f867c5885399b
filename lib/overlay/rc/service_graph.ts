// The services of an image of generation 3 while its container lives: brought up by the boot and down by the stop, both in
// process 1. In between s6-rc may change them, which leaves where they stand in the live directory.

import { type ByteString, byteString, rawBytes } from "../../bytes.ts";
import { ProcessImage } from "../../image/image.ts";
import type { Os } from "../../os/os.ts";
import { STATE_BIT } from "../../rc/change.ts";
import { readDatabaseBy } from "../../rc/database_directory.ts";
import type { Graph } from "../../rc/graph.ts";
import { LIVE_DIRECTORY, ONESHOT_RUNNER, PIPE_HOLDER } from "../../rc/places.ts";
import type { Wish } from "../../rc/plan.ts";
import { about, OsError, textOf, unlessRefused } from "../../report.ts";
import type { Scanner } from "../../supervise/scanner_port.ts";
import { containerVariables } from "../boot/enabling.ts";
import { ownFiles, type OwnFilesOs } from "../own_files.ts";
import { runScript } from "../scripts.ts";
import { type Steps, until, within } from "../steps.ts";
import { haveConditions, whyDisabled } from "./conditions_directory.ts";
import { OwnChange } from "./own_change.ts";
import { type OwnStepPorts, ownSteps } from "./own_steps.ts";
import { OwnTransitions } from "./own_transitions.ts";
import { DATABASE } from "./places.ts";
import { tellsReadiness } from "../../supervise/readiness_files.ts";

export interface GraphPorts extends OwnStepPorts {
  readonly os: OwnStepPorts["os"] & OwnFilesOs & Pick<Os, "lock" | "readLink" | "monotonic">;
  readonly scanner: OwnStepPorts["scanner"] & Pick<Scanner, "command">;
}

const LARGEST_FILE = 16 * 1024 * 1024;
/** How long the boot waits for what runs oneshots for others, in milliseconds. */
const RUNNER_PATIENCE = 10_000;
/** Services of s6-rc itself: their lines would be in every container's output. */
const INTERNAL: readonly ByteString[] = [ONESHOT_RUNNER, PIPE_HOLDER];

export class ServiceGraph {
  private readonly mover: OwnTransitions;
  private change: OwnChange | undefined;
  /** What the live directory led to when it was made. */
  private readonly live: ByteString | undefined;
  private lock: number | undefined;
  private readonly hasConditions: boolean;
  /** As process 1 has it itself, by number. */
  private state: Uint8Array;

  /** @throws Failure, OsError if there is no database, or a broken one */
  static open(ports: GraphPorts): ServiceGraph {
    return new ServiceGraph(ports, readGraph(ports.os));
  }

  private constructor(private readonly ports: GraphPorts, private readonly graph: Graph) {
    const longruns = graph.services.filter(({ kind }) => kind === "longrun").map(({ name }) => name);
    this.state = new Uint8Array(graph.services.length);
    this.live = liveDirectoryOf(ports.os);
    this.hasConditions = haveConditions(ports.os);
    this.mover = new OwnTransitions({
      ...ports,
      directory: `${LIVE_DIRECTORY}/servicedirs/${ONESHOT_RUNNER}`,
      notifies: (name) => notifies(ports.os, name),
      steps: ownSteps(ports, new Set(longruns)),
    }, graph);
  }

  /**
   * Brings the bundle up, for at most the given number of milliseconds (0: as long as it takes).
   * @returns what s6-rc would exit with: 1 if a service has failed, 2 if the time was over
   */
  *start(bundle: ByteString, limit: number): Steps<number> {
    const { scanner, reactor, report } = this.ports;
    this.lock = this.locked();
    // It is for others: our oneshots need not wait for it.
    scanner.command(ONESHOT_RUNNER, { on: "upForLong" });
    this.state[this.numberOf(ONESHOT_RUNNER)] = STATE_BIT.up;
    const change = this.change = this.begun((state) => this.record(state));
    const named = this.graph.bundles.get(bundle) ?? [];
    const wish: Wish = { direction: "up", named, alsoUp: false, prune: false, stopsEssentials: false };
    const code = yield* until<number>((resume) => change.begin(wish, limit, resume));
    const arrived = yield* within(reactor, RUNNER_PATIENCE, (done) => scanner.when("ready", done, [ONESHOT_RUNNER]));
    if (!arrived) report("warning", "s6-rc", `${ONESHOT_RUNNER} is not ready: s6-rc cannot start and stop oneshots`);
    this.unlock();
    return code;
  }

  /** Ends a boot that is under way, and brings all down that is up; as long as it takes. */
  *stop(): Steps<void> {
    const { change } = this;
    if (change !== undefined) yield* until<void>((resume) => change.giveUp(() => resume()));
    this.unlock();
    if (this.isReplaced()) return yield* this.stopReplacement();
    this.state = this.standing();
    const down = this.change = this.begun((state) => this.state = state);
    const wish: Wish = { direction: "down", named: [], alsoUp: true, prune: false, stopsEssentials: false };
    yield* until<number>((resume) => down.begin(wish, 0, resume));
  }

  /** s6-rc-update has made another database live, with services of its own, where a child reads and stops them. */
  private *stopReplacement(): Steps<void> {
    const { settings, tree } = this.ports;
    const words = ["/command/s6-rc", "-v", `${settings.get("verbosity")}`, "-bda", "change"];
    yield* runScript(this.ports, "s6-rc", ProcessImage.of(words, tree));
  }

  private isReplaced(): boolean {
    const live = liveDirectoryOf(this.ports.os);
    return live !== undefined && live !== this.live;
  }

  private begun(record: (state: Uint8Array) => void): OwnChange {
    const { reactor, report, settings } = this.ports;
    const verbosity = settings.get("verbosity");
    const whyDisabled = (service: number): ByteString | undefined => this.whyDisabled(service);
    const ports = { reactor, report, verbosity, mover: this.mover, whyDisabled, record };
    return new OwnChange(ports, this.graph, this.state);
  }

  private whyDisabled(service: number): ByteString | undefined {
    const { os, report } = this.ports;
    if (!this.hasConditions) return undefined;
    try {
      return whyDisabled(os, this.graph.services[service]!.name, () => containerVariables(this.ports));
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      report("warning", "s6-rc", textOf(error));
      return undefined;
    }
  }

  /** Of longruns their supervisors know it, of oneshots the live directory does. */
  private standing(): Uint8Array {
    const recorded = this.recorded();
    const views = new Map(this.ports.scanner.services().map((view) => [view.name, view]));
    return Uint8Array.from(this.graph.services, ({ kind, name }, number) => {
      if (INTERNAL.includes(name)) return 0;
      if (kind === "oneshot") return recorded[number]! & STATE_BIT.up;
      const view = views.get(name);
      return view !== undefined && (view.pid !== 0 || view.wantedUp) ? STATE_BIT.up : 0;
    });
  }

  private recorded(): Uint8Array {
    try {
      const found = rawBytes(ownFiles(this.ports.os).readFile(`${LIVE_DIRECTORY}/state`));
      if (found.length >= this.state.length) return found;
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      this.ports.report("warning", "s6-rc", textOf(error));
    }
    return this.state;
  }

  /** At once: what starts next may ask what is up. */
  private record(state: Uint8Array): void {
    this.state = state;
    this.attempt(() => ownFiles(this.ports.os).writeFile(`${LIVE_DIRECTORY}/state`, byteString(state), 0o644));
  }

  /** As long as the boot changes services s6-rc does not. */
  private locked(): number | undefined {
    const { os } = this.ports;
    let fd: number | undefined;
    this.attempt(() => {
      const live = os.door.hold(LIVE_DIRECTORY);
      try {
        fd = os.door.provideFile("lock", live);
      } finally {
        os.close(live);
      }
      os.lock(fd, {});
    });
    return fd;
  }

  private unlock(): void {
    if (this.lock !== undefined) this.ports.os.close(this.lock);
    this.lock = undefined;
  }

  /** The services themselves do not depend on what is said of them there. */
  private attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      this.ports.report("warning", "s6-rc", textOf(error));
    }
  }

  private numberOf(name: ByteString): number {
    return this.graph.services.findIndex((service) => service.name === name);
  }
}

/** Where the link leads that is the live directory: s6-rc-update makes another one. */
function liveDirectoryOf(os: GraphPorts["os"]): ByteString | undefined {
  return unlessRefused(() => os.readLink(LIVE_DIRECTORY));
}

/** Through the live directory: in the scan directory it is a link that leads by way of the root directory. */
function notifies(os: GraphPorts["os"], longrun: ByteString): boolean {
  try {
    const services = os.door.hold(`${LIVE_DIRECTORY}/servicedirs`);
    try {
      return tellsReadiness((file) => os.door.find(`${longrun}/${file}`, services) !== undefined);
    } finally {
      os.close(services);
    }
  } catch (error) {
    if (error instanceof OsError) return false;
    throw error;
  }
}

/** Our own child has just written it. */
function readGraph(os: GraphPorts["os"]): Graph {
  const { graph } = readDatabaseBy((file, action, decode) => {
    const slash = file.lastIndexOf("/");
    return decode(about(action, file, () => {
      const directory = os.door.hold(file.slice(0, slash));
      try {
        return rawBytes(os.door.readWhole(file.slice(slash + 1), LARGEST_FILE, directory));
      } finally {
        os.close(directory);
      }
    }));
  }, DATABASE);
  return graph;
}
