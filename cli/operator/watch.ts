// s6-overlay status --watch: the table, drawn anew each second, and keys that have services do something.

import type { ByteString } from "../../lib/bytes.ts";
import type { Cancel } from "../../lib/os/os.ts";
import type { ServiceDeed } from "../../lib/overlay/journal/request.ts";
import { type Key, keysOf, loadBetween, logFrame, selectedAfter, tableFrame } from "../../lib/overlay/status/frame.ts";
import type { ServiceStatus, StatusReport } from "../../lib/overlay/status/status_report.ts";
import { printable } from "../../lib/printable.ts";
import { Failure, invalid, textOf } from "../../lib/report.ts";
import { SIGNAL } from "../../lib/signals.ts";
import type { Context } from "../applet.ts";
import { ask, NoAnswer, snapshotOf } from "../asking.ts";
import { logTailOf } from "./log_tail.ts";
import { lookOf } from "./look.ts";
import { Screen } from "./screen.ts";
import { statusReportFor } from "./survey.ts";

const EVERY = 1000;
const INPUT = 0;
const OUTPUT = 1;
const ENDING = [SIGNAL.TERM, SIGNAL.HUP, SIGNAL.QUIT, SIGNAL.INT];
/** Milliseconds for process 1 to say why this ends. */
const LAST_PATIENCE = 200;

const DEEDS: Readonly<Partial<Record<Key, readonly [deed: ServiceDeed, words: string]>>> = {
  start: ["up", "start"],
  stop: ["down", "stop"],
  restart: ["restart", "restart"],
};

/** @returns the exit code: 0 for q and INT, 128 and the number for another signal */
export async function watch(context: Context, names: readonly ByteString[]): Promise<number> {
  const { os } = context;
  if (!os.isTerminal(INPUT) || !os.isTerminal(OUTPUT)) {
    throw invalid("--watch needs a terminal on standard input and output, as docker exec -it gives it");
  }
  const first = await statusReportFor(context, names);
  const screen = new Screen(os, await context.part("terminals"));
  const table = new Watch(context, names, screen, first);
  try {
    return await table.run();
  } finally {
    screen.leave();
    // Whatever ended it, if the container is stopping that is why.
    const cause = table.cause ?? await causeOfStop(context);
    if (cause !== null) context.warn(printable(`the container is stopping: ${cause}`));
  }
}

async function causeOfStop(context: Context): Promise<ByteString | null> {
  const asked = snapshotOf(context, { services: [] }, LAST_PATIENCE);
  return await asked.then(({ container }) => container.cause, () => null);
}

class Watch {
  private before: StatusReport | undefined;
  private selected: ByteString | undefined;
  private showsLog = false;
  private message: ByteString = "";
  /** What happened while the event loop ran. */
  private readonly keys: Key[] = [];
  private ended: number | undefined;

  constructor(
    private readonly context: Context,
    private readonly names: readonly ByteString[],
    private readonly screen: Screen,
    private report: StatusReport,
  ) {}

  /** Why the container stops, as far as it is known here. */
  get cause(): ByteString | null {
    return this.report.container?.cause ?? null;
  }

  async run(): Promise<number> {
    const subscriptions = this.subscribe();
    try {
      for (;;) {
        await this.draw();
        this.wait();
        for (const key of this.keys.splice(0)) await this.obey(key);
        if (this.ended !== undefined) return this.ended;
        await this.look();
      }
    } finally {
      for (const cancel of subscriptions) cancel();
    }
  }

  private subscribe(): Cancel[] {
    const reactor = this.context.reactor();
    return [
      reactor.watch(INPUT, "read", () => this.read()),
      reactor.onSignal(SIGNAL.WINCH, () => reactor.stop()),
      ...ENDING.map((signal) => reactor.onSignal(signal, () => this.end(signal === SIGNAL.INT ? 0 : 128 + signal))),
    ];
  }

  /** Until a second is over, or something has happened. */
  private wait(): void {
    const reactor = this.context.reactor();
    const cancel = reactor.after(EVERY, () => reactor.stop());
    reactor.run();
    cancel();
  }

  private read(): void {
    const typed = this.screen.read();
    if (typed === undefined) return this.end(128 + SIGNAL.HUP);
    for (const key of keysOf(typed)) this.keys.push(key);
    this.context.reactor().stop();
  }

  private end(code: number): void {
    this.ended ??= code;
    this.context.reactor().stop();
  }

  /** A process 1 that is busy is asked again; one that is gone ends it. */
  private async look(): Promise<void> {
    try {
      const report = await statusReportFor(this.context, this.names);
      // A key has it drawn at once: over so short a time there is no load to tell.
      if (report.now.after - this.report.now.after >= EVERY / 2) this.before = this.report;
      this.report = report;
    } catch (error) {
      if (!(error instanceof NoAnswer) || error.isAbsent) throw error;
      this.message = error.message;
    }
  }

  private async draw(): Promise<void> {
    const { report, screen, before } = this;
    const { size } = screen;
    const service = this.service;
    if (this.showsLog && service !== undefined) {
      const { title, lines } = logTailOf(this.context.os, report, service, size.rows);
      return screen.draw(logFrame(title, lines, size));
    }
    const look = {
      ...await lookOf(this.context),
      selected: selectedAfter(report.services, this.selected, 0),
      load: { heading: "CPU", of: loadBetween(before, report) },
    };
    screen.draw(tableFrame(report, look, size, this.message));
  }

  private get service(): ServiceStatus | undefined {
    const { services } = this.report;
    return services[selectedAfter(services, this.selected, 0)];
  }

  private async obey(key: Key): Promise<void> {
    this.message = "";
    if (key === "quit") this.end(0);
    else if (key === "logs") this.showsLog = !this.showsLog;
    else if (key === "up" || key === "down") this.select(key === "up" ? -1 : 1);
    else if (DEEDS[key] !== undefined && !this.showsLog) await this.tell(...DEEDS[key]);
  }

  private select(step: -1 | 1): void {
    const { services } = this.report;
    this.selected = services[selectedAfter(services, this.selected, step)]?.name;
  }

  private async tell(deed: ServiceDeed, words: string): Promise<void> {
    const { service } = this;
    if (service === undefined) return;
    try {
      await ask(this.context, { ask: "do", deed, services: [service.name] });
      this.message = printable(`${words} ${service.name}: told`);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.message = textOf(error);
    }
  }
}
