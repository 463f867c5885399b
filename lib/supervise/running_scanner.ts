// The scanner at work: scans, commands, signals, and the way out. scanner.ts has its face.

import { type ByteString, byteString } from "../bytes.ts";
import type { Cancel } from "../os/os.ts";
import { SIGNAL } from "../signals.ts";
import { Waits } from "./condition.ts";
import { commands, SCANNER_COMMANDS, type ScannerCommand, type ServiceCommand } from "./control.ts";
import { ControlDir } from "./control_dir.ts";
import { makePair } from "./make_pair.ts";
import { readAvailable } from "./notification.ts";
import type { Pair } from "./pair.ts";
import type { Condition, ServiceView, SupervisePorts } from "./ports.ts";
import type { ScannerPorts, SupervisedService } from "./supervised_service.ts";
import { CATCH_ALL, type FoundService, keyAt, scan } from "./scan.ts";
import { ServiceTable } from "./service_table.ts";
import type { Scanner, ScannerOptions, StopMode } from "./scanner_port.ts";
import { watchSignals } from "./signal_files.ts";
import { causeOf, Troubles } from "./troubles.ts";

/** Services with their loggers: images outgrow the 500 that s6-svscan takes without an option. */
const USUAL_CAPACITY = 2000;
const USUAL_LONGEST_NAME = 251;
/** Milliseconds until a scan with trouble is repeated: at first, and at most if the trouble stays. */
const SCAN_AGAIN = { first: 3000, most: 60_000 };

export class RunningScanner implements Scanner {
  private readonly table = new ServiceTable((name) => this.options.onForgotten?.(name));
  private readonly troubles: Troubles;
  private readonly waits = new Waits((name) => this.table.named(name)?.view());
  private readonly scannerPorts: ScannerPorts;
  private readonly controlDir: ControlDir;
  private readonly subscriptions: Cancel[];
  private nextScan: Cancel | undefined;
  private scanAgainIn = SCAN_AGAIN.first;
  private devNull: number | undefined;
  /** Set when the scanner leaves its loop; whether it waits for the supervisors. */
  private stopping: { wait: boolean } | undefined;
  private left = false;
  private closed = false;

  constructor(private readonly ports: SupervisePorts, private readonly options: ScannerOptions) {
    const { os, reactor } = ports;
    this.troubles = new Troubles("s6-svscan", ports.report);
    this.controlDir = ControlDir.open(os, options.directory);
    this.scannerPorts = {
      ports,
      environment: options.environment,
      locks: new Set(),
      devNull: () => this.devNull ??= os.door.openNull(),
      onStep: options.onStep,
      printing: options.printing,
      onChange: (service) => this.waits.check(service),
      onEnd: (member) => this.supervisorEnded(member),
      onOwnEnd: (member, held) => this.isStopping ? undefined : options.onOwnEnd?.(member.view(), held),
      onReplace: (member) => this.replace(member),
    };
    this.subscriptions = [
      reactor.watch(this.controlDir.control, "read", () => this.readControl()),
      reactor.onSignal(SIGNAL.ALRM, () => this.obeyAll(["scan"])),
      reactor.onSignal(SIGNAL.ABRT, () => this.obeyAll(["abort"])),
      ...watchSignals(
        { ...ports, control: this.controlDir },
        options,
        this.troubles,
        (command) => this.obeyAll([command]),
        () => this.isStopping,
      ),
    ];
  }

  private get isStopping(): boolean {
    return this.stopping !== undefined;
  }

  rescan(): void {
    if (this.isStopping) return;
    this.nextScan?.();
    this.nextScan = undefined;
    const { rescanEvery = 0 } = this.options;
    const sound = this.scan();
    const pause = sound ? rescanEvery : this.scanAgainIn;
    this.scanAgainIn = sound ? SCAN_AGAIN.first : Math.min(2 * this.scanAgainIn, SCAN_AGAIN.most);
    if (pause > 0) this.nextScan = this.ports.reactor.after(pause, () => this.rescan());
    this.waits.check();
  }

  prune(all = false): void {
    for (const pair of this.table.pairs()) if (!pair.isActive) pair.end(all);
  }

  obey(letters: ByteString): void {
    const known: ScannerCommand[] = [];
    for (const [index, command] of commands(SCANNER_COMMANDS, letters).entries()) {
      if (command !== undefined) known.push(command);
      else this.troubles.warn(`received unknown control command: ${letters[index]}`);
    }
    this.obeyAll(known);
  }

  knows(service: ByteString): boolean {
    return this.table.named(service) !== undefined;
  }

  command(service: ByteString, command: ServiceCommand): boolean {
    const member = this.table.named(service);
    member?.obey(command);
    return member !== undefined;
  }

  stop(mode: StopMode): void {
    this.obeyAll(mode === "terminate and abort" ? ["terminate", "abort"] : [mode]);
  }

  stopWaiting(): void {
    if (this.stopping === undefined) return this.stop("abort");
    this.stopping.wait = false;
    this.leaveIfDone();
  }

  endServices(): void {
    for (const pair of this.table.pairs()) if (!pair.service.isLogger) pair.endInOrder();
  }

  abandonServices(): void {
    for (const pair of this.table.pairs()) if (!this.isKept(pair)) this.abandon(pair);
  }

  releaseCatchAll(): void {
    this.table.named(CATCH_ALL)?.endWithInput();
  }

  services(): readonly ServiceView[] {
    return [...this.table.members()].map((member) => member.view()).sort((a, b) => a.name < b.name ? -1 : 1);
  }

  when(condition: Condition, callback: (failed: readonly ByteString[]) => void, names?: readonly ByteString[]): Cancel {
    const wanted = names ?? this.services().filter(({ isLogger }) => !isLogger).map(({ name }) => name);
    return this.waits.add({ condition, callback, names: wanted });
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.nextScan?.();
    this.waits.clear();
    for (const cancel of this.subscriptions) cancel();
    for (const pair of this.table.pairs()) this.abandon(pair);
    this.controlDir.close();
    if (this.devNull !== undefined) this.ports.os.close(this.devNull);
    this.devNull = undefined;
  }

  // Scanning

  /** False if the directory should be scanned again soon. */
  private scan(): boolean {
    let sound = true;
    let found: FoundService[] = [];
    const listed = this.troubles.attempt(`open directory ${this.options.directory}`, () => {
      found = scan(this.ports.os, this.options.directory, (name, error) => {
        this.troubles.again(`stat ${name}`, `unable to stat ${name}: ${causeOf(error)}`);
        sound = false;
      });
    });
    if (!listed) return false;
    // First those that have gone: they may leave room for others.
    const keys = new Set(found.map(({ key }) => key));
    for (const pair of this.table.pairs()) if (!keys.has(pair.key)) this.vanished(pair);
    for (const service of found) {
      const pair = this.table.get(service.key);
      if (pair !== undefined) pair.seen(service.directory);
      else if (!this.troubles.attempt(`start supervisor for ${service.name}`, () => this.appeared(service))) {
        sound = false;
      }
    }
    return sound;
  }

  private appeared(found: FoundService): void {
    const { longestName = USUAL_LONGEST_NAME, capacity = USUAL_CAPACITY } = this.options;
    if (found.name.length > longestName) {
      this.troubles.again(`name ${found.name}`, `name too long - not spawning service: ${found.name}`);
    } else if (this.table.size >= capacity) {
      this.troubles.again(`room ${found.name}`, `unable to start supervisor for ${found.name}: too many services`);
    } else {
      const added = makePair(this.scannerPorts, found, this.options.catchAll);
      this.table.add(added);
      added.begin();
    }
  }

  private vanished(pair: Pair): void {
    pair.vanished();
    if (!pair.isSupervised) this.table.remove(pair);
  }

  /** Another directory may have taken the place meanwhile: that is another service, which the scan finds. */
  private replace(member: SupervisedService): void {
    if (!this.isInPlace(this.table.pairOf(member))) this.rescan();
    const pair = this.table.pairOf(member);
    if (pair === undefined || !pair.isActive) return;
    if (this.isInPlace(pair)) member.openAgain();
    else member.replaceLater();
  }

  /** So is one that cannot be inspected: what opens it says why. */
  private isInPlace(pair: Pair | undefined): boolean {
    const key = pair && keyAt(this.ports.os, pair.service.place);
    return key === undefined || key === pair?.key;
  }

  private supervisorEnded(member: SupervisedService): void {
    const pair = this.table.pairOf(member);
    if (pair === undefined) return;
    if (this.isStopping) {
      if (this.options.loggersLast && member === pair.service) pair.endLogger();
      this.leaveIfDone();
    } else if (pair.isActive) member.replaceLater();
    else {
      pair.loseHalf();
      if (!pair.isSupervised) {
        this.table.remove(pair);
        if (pair.isWantedAfresh) this.rescan();
      }
    }
    this.waits.check();
  }

  // Commands and signals

  private readControl(): void {
    const letters = readAvailable(this.ports.os, this.controlDir.control);
    if (letters !== undefined) this.obey(byteString(letters));
  }

  /** Letters that come together: the last of those that end the scanner says whether it waits. */
  private obeyAll(list: readonly ScannerCommand[]): void {
    let leaving: { wait: boolean; kill: "terminate" | "quit" | undefined } | undefined;
    for (const command of list) {
      if (command === "terminate" || command === "quit") leaving = { wait: true, kill: command };
      else if (command === "abort") leaving = { wait: false, kill: leaving?.kill };
      else this.obeyOne(command);
    }
    if (leaving !== undefined) this.leave(leaving.wait, leaving.kill);
  }

  private obeyOne(command: Exclude<ScannerCommand, "terminate" | "quit" | "abort">): void {
    if (command === "reap") return this.ports.reaper.reap();
    if (command === "scan" || command === "scanAndPrune") this.rescan();
    if (command !== "scan") this.prune(command === "pruneAll");
  }

  // The way out

  private leave(wait: boolean, kill: "terminate" | "quit" | undefined): void {
    // On the way out already: only the wish not to wait any longer still counts.
    if (this.stopping !== undefined) return wait ? undefined : this.stopWaiting();
    if (this.options.defersStop?.() === true) return;
    this.stopping = { wait: true };
    this.nextScan?.();
    this.options.onStop?.(wait);
    for (const member of this.table.members()) member.cancelReplacement();
    for (const pair of this.table.pairs()) this.endForGood(pair, kill);
    this.stopping.wait &&= wait;
    this.leaveIfDone();
  }

  private endForGood(pair: Pair, kill: "terminate" | "quit" | undefined): void {
    if (this.isKept(pair)) return;
    if (this.options.loggersLast && kill === "terminate") return pair.endInOrder();
    if (kill !== undefined) pair.end(kill === "quit");
    // Where no callback has been called yet, a logger is still to see what its service says at its end.
    if (kill !== undefined || !this.options.loggersLast) pair.releasePipe();
  }

  private abandon(pair: Pair): void {
    pair.abandon();
    this.table.remove(pair);
  }

  /** It is the catch-all logger and stays until it is released. */
  private isKept({ service }: Pair): boolean {
    return service.name === CATCH_ALL && this.options.loggersLast === true;
  }

  private leaveIfDone(): void {
    if (this.left || this.stopping === undefined) return;
    if (this.stopping.wait && this.table.pairs().some((pair) => pair.isSupervised && !this.isKept(pair))) return;
    this.left = true;
    this.options.onLeft();
  }
}
