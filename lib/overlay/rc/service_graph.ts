// The services of an image of generation 3 while its container lives: brought up by the boot and down by the stop, both in
// process 1. In between s6-rc may change them, which leaves where they stand in the live directory.

import { type ByteString, byteString, rawBytes } from "../../bytes.ts";
import { ProcessImage } from "../../image/image.ts";
import type { Os } from "../../os/os.ts";
import { STATE_BIT } from "../../rc/change.ts";
import type { Graph } from "../../rc/graph.ts";
import { INTERNAL_SERVICES, LIVE_DIRECTORY, ONESHOT_RUNNER } from "../../rc/places.ts";
import { closure, selectionOf, type Wish } from "../../rc/plan.ts";
import { OsError, textOf, unlessRefused } from "../../report.ts";
import type { Scanner } from "../../supervise/scanner_port.ts";
import { containerVariables } from "../boot/enabling.ts";
import { ownFiles, type OwnFilesOs } from "../own_files.ts";
import { type BootCourse, NO_COURSE } from "../journal/boot_course.ts";
import type { BootStep, NotStarted } from "../journal/snapshot.ts";
import { runScript } from "../scripts.ts";
import { type Steps, until, within } from "../steps.ts";
import { haveConditions, whyDisabled } from "./conditions_directory.ts";
import { bootPath } from "./boot_path.ts";
import { STEPS, TOP } from "./built_in_definitions.ts";
import { visibleEntries } from "../boot/user_directories.ts";
import { claimFinish } from "./later_finish.ts";
import { readGraph } from "./live_graph.ts";
import { notifies } from "./notifying.ts";
import { notStartedOf } from "./not_started.ts";
import { OwnChange } from "./own_change.ts";
import { type OwnStepPorts, ownSteps } from "./own_steps.ts";
import type { Laying } from "./laying.ts";
import { OwnTransitions } from "./own_transitions.ts";

export interface GraphPorts extends OwnStepPorts {
  readonly os: OwnStepPorts["os"] & OwnFilesOs & Pick<Os, "lock" | "readLink" | "monotonic">;
  readonly scanner: OwnStepPorts["scanner"] & Pick<Scanner, "command" | "knows">;
}

type GraphLaying = Pick<Laying, "isOver" | "next" | "whenOver">;

/** How long the boot waits for what runs oneshots for others, in milliseconds. */
const RUNNER_PATIENCE = 10_000;
/** What s6-rc exits with when the time is over. */
const TIMED_OUT = 2;
/** They have scripts and services of their own. */
const STEP_KINDS: Readonly<Record<ByteString, BootStep["kind"]>> = {
  [STEPS.initialize]: "cont-init.d",
  [STEPS.services]: "services.d",
};

export class ServiceGraph {
  private readonly mover: OwnTransitions;
  private change: OwnChange | undefined;
  /** What the live directory led to when it was made. */
  private readonly live: ByteString | undefined;
  /** cont-finish.d is for the end of the container: s6-rc has not run it. */
  isFinishDue = true;
  private lock: number | undefined;
  /** Of the boot, by number. */
  private failures: ReadonlyMap<number, ByteString> = new Map();
  private boot: OwnChange | undefined;
  private readonly hasConditions: boolean;
  /** As process 1 has it itself, by number. */
  private state: Uint8Array;

  /** @throws Failure, OsError if there is no database, or a broken one */
  static open(ports: GraphPorts, laying: GraphLaying): ServiceGraph {
    return new ServiceGraph(ports, readGraph(ports.os), laying);
  }

  private constructor(
    private readonly ports: GraphPorts,
    private readonly graph: Graph,
    private readonly laying: GraphLaying,
  ) {
    const longruns = graph.services.filter(({ kind }) => kind === "longrun").map(({ name }) => name);
    this.state = new Uint8Array(graph.services.length);
    this.live = liveDirectoryOf(ports.os);
    this.hasConditions = haveConditions(ports.os);
    this.mover = new OwnTransitions({
      ...ports,
      directory: `${LIVE_DIRECTORY}/servicedirs/${ONESHOT_RUNNER}`,
      notifies: (name) => notifies(ports.os, name),
      steps: ownSteps(ports, new Set(longruns)),
      laying,
    }, graph);
  }

  /**
   * Brings the bundle up, for at most the given number of milliseconds (0: as long as it takes).
   * @returns what s6-rc would exit with: 1 if a service has failed, 2 if the time was over
   */
  *start(bundle: ByteString, limit: number): Steps<number> {
    const { scanner, reactor, report } = this.ports;
    this.attempt(() => this.lock = this.locked());
    // It is for others: our oneshots need not wait for it.
    scanner.command(ONESHOT_RUNNER, { on: "upForLong" });
    this.state[this.numberOf(ONESHOT_RUNNER)] = STATE_BIT.up;
    const change = this.change = this.begun((state) => this.attempt(() => this.record(state)));
    this.boot = change;
    this.failures = change.failures;
    const named = this.graph.bundles.get(bundle) ?? [];
    const wish: Wish = { direction: "up", named, alsoUp: false, prune: false, stopsEssentials: false };
    const code = yield* until<number>((resume) => change.begin(wish, limit, resume));
    // The command finds the service directories of all services, also of those that the boot does not start.
    if (code !== TIMED_OUT) yield* within(reactor, limit, (done) => this.laying.whenOver(done));
    const arrived = yield* within(reactor, RUNNER_PATIENCE, (done) => scanner.when("ready", done, [ONESHOT_RUNNER]));
    if (!arrived) report("warning", "s6-rc", `${ONESHOT_RUNNER} is not ready: s6-rc cannot start and stop oneshots`);
    this.unlock();
    return code;
  }

  /** What the boot takes its time for, or has taken it for. */
  course(): BootCourse {
    const { boot, graph } = this;
    if (boot === undefined) return NO_COURSE;
    const { transitions, deadline } = boot;
    const path = bootPath(graph, transitions).map((number) => {
      const { name, kind } = graph.services[number]!;
      return { name, kind: STEP_KINDS[name] ?? kind, ...transitions.get(number)! };
    });
    const late = [...transitions].filter(([number, { to }]) =>
      to === undefined && graph.services[number]!.kind === "longrun"
    );
    const since = late.reduce((first, [, { from }]) => Math.min(first, from), Infinity);
    const names = late.map(([number]) => graph.services[number]!.name);
    return { path, awaited: names.length === 0 ? undefined : { names, since, until: deadline } };
  }

  /** What the boot has not brought up, and is still not up; nothing once the container stops. */
  notStarted(): readonly NotStarted[] {
    const { failures } = this;
    if (failures.size === 0) return [];
    if (this.isReplaced()) return this.stillDown();
    const state = this.standing();
    return this.missing((number) => state[number] !== 0).map((one) =>
      one.name === STEPS.services && this.hasServices() ? { ...one, kind: "services.d" } : one
    );
  }

  /** The longruns among them that another database has taken over; of oneshots process 1 does not know any more. */
  private stillDown(): readonly NotStarted[] {
    const views = new Map(this.ports.scanner.services().map((view) => [view.name, view]));
    const isUp = (number: number): boolean => {
      const view = views.get(this.graph.services[number]!.name);
      return view === undefined || view.pid !== 0 || view.wantedUp;
    };
    return this.missing(isUp).filter(({ kind }) => kind === "longrun");
  }

  private missing(isUp: (service: number) => boolean): readonly NotStarted[] {
    const { graph, failures } = this;
    const top = selectionOf(graph, graph.bundles.get(TOP) ?? []);
    return notStartedOf(graph, failures, closure(graph, top, "up"), isUp);
  }

  /** In services.d; where a child would have to look there may be some. */
  private hasServices(): boolean {
    try {
      return (visibleEntries(this.ports.os, "services.d") ?? []).length > 0;
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      return true;
    }
  }

  /** Ends a boot that is under way, and brings all down that is up; as long as it takes. */
  *stop(): Steps<void> {
    const { change } = this;
    this.failures = new Map();
    this.isFinishDue = claimFinish(this.ports);
    if (change !== undefined) yield* until<void>((resume) => change.giveUp(() => resume()));
    if (this.isReplaced()) {
      this.unlock();
      return yield* this.stopReplacement();
    }
    // Who has it meanwhile goes on: a stop waits for nobody's change.
    this.lock ??= unlessRefused(() => this.locked());
    const recorded = this.recorded();
    this.state = this.standing(recorded);
    // Those of s6-rc itself are not brought down here.
    const told = (state: Uint8Array): Uint8Array =>
      state.map((bits, number) =>
        INTERNAL_SERVICES.includes(this.graph.services[number]!.name) ? recorded[number]! : bits
      );
    const down = this.change = this.begun((state) => unlessRefused(() => this.record(told(state))));
    const wish: Wish = { direction: "down", named: [], alsoUp: true, prune: false, stopsEssentials: false };
    yield* until<number>((resume) => down.begin(wish, 0, resume));
    this.unlock();
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
    const now = (): number => this.ports.os.monotonic();
    const ports = { reactor, report, verbosity, mover: this.mover, whyDisabled, record, now };
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
  private standing(recorded: Uint8Array = this.recorded()): Uint8Array {
    const views = new Map(this.ports.scanner.services().map((view) => [view.name, view]));
    return Uint8Array.from(this.graph.services, ({ kind, name }, number) => {
      if (INTERNAL_SERVICES.includes(name)) return 0;
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
    ownFiles(this.ports.os).writeFile(`${LIVE_DIRECTORY}/state`, byteString(state), 0o644);
  }

  /** As long as the boot or the stop changes services s6-rc does not. @throws OsError */
  private locked(): number {
    const { os } = this.ports;
    const live = os.door.hold(LIVE_DIRECTORY);
    try {
      const fd = os.door.provideFile("lock", live);
      os.lock(fd, {});
      return fd;
    } finally {
      os.close(live);
    }
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
