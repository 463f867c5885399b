// What process 1 knows of itself: fed by whatever happens to services, scripts and the container, it answers with a
// snapshot. It is told and asks nobody; that it is there changes nothing of what happens.

import type { ByteString } from "../../bytes.ts";
import type { Os } from "../../os/os.ts";
import type { Reporter } from "../../reporter.ts";
import type { ScannerOptions } from "../../supervise/scanner_port.ts";
import type { ServiceView } from "../../supervise/ports.ts";
import type { LifeEvent, LifeState } from "../life.ts";
import { awaitedTold, type BootCourse, NO_COURSE, pathTold } from "./boot_course.ts";
import { causeOfEnd, type CauseSurroundings } from "./cause.ts";
import { exitInWords } from "./exit.ts";
import { Journal, keptOf } from "./journal.ts";
import { ScriptRecords } from "./script_records.ts";
import { containerInWords } from "./state_words.ts";
import { ServiceRecord } from "./service_record.ts";
import {
  type AwaitedServices,
  type JournalEntry,
  type Moment,
  type ScriptSnapshot,
  type Snapshot,
  SNAPSHOT_VERSION,
  type WaitedServices,
} from "./snapshot.ts";

interface ObserverPorts {
  readonly os: Pick<Os, "timeOfDay" | "monotonic" | "pid">;
  /** How many entries the journal has. */
  readonly entries: number;
  /** Sees each new entry. */
  readonly onEntry: (entry: Omit<JournalEntry, "number" | "at">) => void;
}

/** What a snapshot says of the settings. */
type Settled = Pick<Snapshot["container"], "logging" | "output" | "notStarted">;

/** Records of more services are those of services that are gone. */
const MOST_SERVICES = 2000;
/** What the supervisor of a service calls itself when it reports something. */
const SUPERVISOR = "s6-supervise ";

export class Observer {
  readonly scripts: ScriptRecords;
  private readonly journal: Journal;
  private readonly begin: number;
  private readonly services = new Map<ByteString, ServiceRecord>();
  private state: { readonly name: LifeState; readonly since: Moment };
  private booted: Moment | null = null;
  private bootEnded: Moment | null = null;
  private why: ByteString | null = null;
  private stopEnds: Moment | null = null;
  private awaited: AwaitedServices | null = null;
  private waited: WaitedServices | null = null;
  private lastScript: ScriptSnapshot | undefined;
  private around: Pick<CauseSurroundings, "signal" | "essential"> = { signal: undefined, essential: undefined };

  constructor(private readonly ports: ObserverPorts) {
    this.begin = ports.os.monotonic();
    this.journal = new Journal(ports.entries, ports.onEntry);
    this.scripts = new ScriptRecords({ now: () => this.now(), onChange: (script) => this.scriptChanged(script) });
    this.state = { name: "booting", since: this.now() };
  }

  /** Why the container stops, as its last line says it. */
  get lastLine(): ByteString {
    return `stopping: ${this.why ?? "for no known cause"}`;
  }

  /** The same reporter, whose lines are in the journal too. */
  noting(report: Reporter): Reporter {
    return (level, subject, text) => {
      this.journal.add(this.now(), subject, level, text);
      if (subject.startsWith(SUPERVISOR)) this.recordOf(subject.slice(SUPERVISOR.length)).troubled(keptOf(text));
      report(level, subject, text);
    };
  }

  /** An event of a service. */
  readonly serviceStep: NonNullable<ScannerOptions["onStep"]> = (name, event, before, after) => {
    let moment: Moment | undefined;
    const now = (): Moment => moment ??= this.now();
    const happenings = this.recordOf(name).step(event, before, after, now);
    for (const { event, text } of happenings) this.journal.add(now(), name, event, text);
  };

  /** A service has ended by itself; `isEssential` if the container ends with it. */
  serviceEnded(name: ByteString, isEssential: boolean): void {
    this.recordOf(name).endedByItself(this.now());
    if (isEssential) this.around = { ...this.around, essential: name };
  }

  /** A signal to process 1 is about to be dealt with. Undefined: it has been. */
  signalled(signal: string | undefined): void {
    this.around = { ...this.around, signal };
    if (signal !== undefined) this.journal.add(this.now(), "container", "signal", signal);
  }

  /** An event of the container's life. */
  lifeStep(event: LifeEvent, to: LifeState): void {
    if (this.why === null) {
      const finishing = Array.from(this.services).flatMap(([name, { finishing }]) =>
        finishing === undefined ? [] : [{ name, ...finishing }]
      );
      this.why = causeOfEnd(event, { ...this.around, finishing, lastScript: this.lastScript }) ?? null;
    }
    if (to === this.state.name) return;
    const now = this.now();
    if (this.state.name === "booting") this.endBoot(now, to === "running" || to === "idle");
    this.state = { name: to, since: now };
    const words = containerInWords(to);
    this.journal.add(now, "container", "state", this.why === null ? words : `${words}: ${this.why}`);
  }

  /** @param left milliseconds until all the time of the stop is over */
  stopBegun(left: number): void {
    this.stopEnds = this.later(left);
  }

  /** The boot waits for services, for at most this many milliseconds (0: without limit). Undefined: no longer. */
  awaits(names: readonly ByteString[] | undefined, limit: number): void {
    if (this.awaited !== null) {
      const { names, since: from } = this.awaited;
      this.waited = { names, from, to: this.now() };
    }
    this.awaited = names === undefined
      ? null
      : { names, since: this.now(), until: limit === 0 ? null : this.later(limit) };
  }

  /** @param journal with the journal */
  snapshot(
    views: readonly ServiceView[],
    settled: Settled,
    journal: boolean,
    course: BootCourse = NO_COURSE,
  ): Snapshot {
    const now = this.now();
    const { booted, bootEnded, stopEnds, awaited, waited, state: { name, since } } = this;
    const at = (monotonic: number): Moment => this.later(monotonic - this.begin - now.after, now);
    const atTime = ({ stamp }: { stamp: ReturnType<Os["now"]> }): Moment => {
      const time = millisecondsOf(stamp);
      return { time, after: rounded(Math.max(0, now.after - Math.max(0, now.time - time))) };
    };
    return {
      version: SNAPSHOT_VERSION,
      now,
      container: {
        state: name,
        since,
        booted,
        bootEnded,
        cause: this.why,
        stopEnds,
        awaited: awaited ?? (name === "booting" ? awaitedTold(course, at) : null),
        waited,
        path: pathTold(course, at),
        ...settled,
        pid: this.ports.os.pid,
      },
      services: views.map((view) => this.recordOf(view.name).snapshot(view, now, at, atTime)),
      scripts: this.scripts.list(),
      journal: journal ? this.journal.entries() : [],
    };
  }

  private endBoot(now: Moment, succeeded: boolean): void {
    this.bootEnded = now;
    if (succeeded) this.booted = now;
    // A stop interrupts a wait as well.
    if (this.awaited !== null) this.awaits(undefined, 0);
  }

  private now(): Moment {
    const { os } = this.ports;
    return { time: os.timeOfDay(), after: rounded(os.monotonic() - this.begin) };
  }

  private later(milliseconds: number, { time, after } = this.now()): Moment {
    return { time: Math.round(time + milliseconds), after: rounded(after + milliseconds) };
  }

  private recordOf(name: ByteString): ServiceRecord {
    let record = this.services.get(name);
    if (record === undefined) {
      this.services.set(name, record = new ServiceRecord());
      for (const oldest of this.services.keys()) {
        if (this.services.size <= MOST_SERVICES) break;
        this.services.delete(oldest);
      }
    }
    return record;
  }

  private scriptChanged(script: ScriptSnapshot): void {
    const subject = script.kind === "task" ? script.name : `${script.kind}/${script.name}`;
    if (script.ended === null || script.exit === null) {
      this.journal.add(script.started, subject, "began", `pid ${script.pid}`);
    } else {
      this.lastScript = script;
      this.journal.add(script.ended, subject, "ended", exitInWords(script.exit));
    }
  }
}

function millisecondsOf({ seconds, nanoseconds }: ReturnType<Os["now"]>): number {
  return seconds * 1000 + Math.floor(nanoseconds / 1e6);
}

/** To a hundredth: what a clock tells below it is noise. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}
