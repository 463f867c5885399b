// The stages of a container in process 1: what the boot, the command and the stop are given to work with, and the life
// that says when one gives way to the next.

import type { ByteString } from "../../lib/bytes.ts";
import type { Environment } from "../../lib/environment.ts";
import type { Os } from "../../lib/os/os.ts";
import type { Sockets } from "../../lib/os/parts.ts";
import { bootContainer, commandWords, runCommand, type Stage2Ports } from "../../lib/overlay/boot/stage2.ts";
import { ContainerLife } from "../../lib/overlay/container.ts";
import type { BootEnd } from "../../lib/overlay/life.ts";
import type { Logging } from "../../lib/overlay/logging/logging.ts";
import type { ScriptPorts } from "../../lib/overlay/scripts.ts";
import type * as Later from "../../lib/overlay/rc/later_generation.ts";
import { attempt, type Steps, until } from "../../lib/overlay/steps.ts";
import type { Stage3Ports } from "../../lib/overlay/stop/stage3.ts";
import { Stop } from "../../lib/overlay/stop/stop.ts";
import type * as Stopping from "../../lib/overlay/stop/stopping.ts";
import { TimelineFile } from "../../lib/overlay/timeline/timeline_file.ts";
import { VERBOSITY_OF_LEVEL } from "../../lib/overlay/verbosity.ts";
import { SIGNAL } from "../../lib/signals.ts";
import type { Scanner } from "../../lib/supervise/scanner_port.ts";
import type { ProcessOne } from "./process_one.ts";

interface StagesOptions {
  readonly scanner: Scanner;
  /** The environment of the supervision tree. */
  readonly tree: Environment;
  readonly logging: Logging | undefined;
  /** The words of the container's command as they were given. */
  readonly given: readonly ByteString[];
}

export class Stages {
  private logging: Logging | undefined;
  private loaded: typeof Stopping | undefined;
  private readonly timeline: TimelineFile;
  /** Once the image has turned out to be of generation 3. */
  later: Later.LaterGeneration | undefined;

  constructor(private readonly one: ProcessOne, private readonly options: StagesOptions) {
    this.logging = options.logging;
    this.timeline = new TimelineFile({
      ...this.scriptPorts(),
      scanner: options.scanner,
      settings: one.settings,
      tree: options.tree,
      failed: (error) => one.tell("warning", error),
    });
  }

  /** The life of the container; it begins when it is told to. */
  life(): ContainerLife {
    const { one, options: { scanner } } = this;
    const { reactor, script, ending, reportFirst, observer } = one;
    const command = commandWords(one.settings, this.options.given);
    const ports = this.stage2Ports();
    return new ContainerLife({
      reactor,
      scanner,
      script,
      ending,
      lastWords: reportFirst,
      onStep: (event, to) => {
        observer.lifeStep(event, to);
        if (to !== "booting") this.timeline.bootEnded();
      },
      tellEnd: () => one.tellEnd(),
      beginStop: () => this.beginStop(),
      boot: () => this.boot(ports, command),
      hasOrder: () => this.later?.graph !== undefined,
      bringDown: (stop) => this.bringDown(stop),
      command: () => this.later?.runCommand() ?? runCommand(ports, command),
      lastScripts: (stop) => this.lastScripts(stop),
      lastSignals: (stop) => this.lastSignals(stop),
      failed: (level, error) => one.tell(level, error),
    });
  }

  /** What ends a container. Under our loader (load.ts) import() calls back at once. */
  stopping(): typeof Stopping {
    if (this.loaded === undefined) import("../../lib/overlay/stop/stopping.ts").then((module) => this.loaded = module);
    return this.loaded!;
  }

  private beginStop(): Stop {
    const { one } = this;
    const failed = (error: unknown): void => one.tell("warning", error);
    try {
      one.reserve.release();
    } catch (error) {
      failed(error);
    }
    const stop = new Stop({ os: one.os, settings: one.settings, failed });
    one.observer.stopBegun(stop.time.left);
    this.timeline.stopBegun();
    return stop;
  }

  private *boot(ports: Stage2Ports, command: readonly ByteString[]): Steps<BootEnd> {
    if (this.logging !== undefined && !(yield* this.logging.begin(this.options.scanner))) this.logging = undefined;
    this.one.relay?.release(this.logging?.console);
    return yield* bootContainer(ports, command);
  }

  /** What most images do not need is not loaded before. */
  private *bootLater(ports: Stage2Ports, failed: boolean): Steps<BootEnd> {
    const { one, options: { scanner, given } } = this;
    const { LaterGeneration } = yield* until<typeof Later>((resume) =>
      void import("../../lib/overlay/rc/later_generation.ts").then(resume)
    );
    const sockets = yield* until<Sockets>((resume) => void one.context.part("sockets").then(resume));
    this.later = new LaterGeneration({
      ...ports,
      os: one.os,
      reactor: one.reactor,
      holding: { os: one.os, sockets, reactor: one.reactor, start: one.children.service, report: one.report },
      givePipes: (give) => one.context.givePipes(give),
      scanner,
      given,
      path: one.environment.get("PATH")!,
      terminalPorts: { start: this.watchedCommand(one.children.terminalCommand), report: one.reportFirst },
      running: one.command,
      noteSignal: (name) => one.noteSignal(name),
      dropLineEnds: () => one.store.dropLineEnds(),
    });
    one.notStarted = () => this.later?.notStarted() ?? [];
    one.course = () => this.later?.graph?.course();
    return yield* this.later.boot(failed);
  }

  private watchedCommand(start: ScriptPorts["start"]): ScriptPorts["start"] {
    return this.one.command.watching(this.one.observer.scripts.noting(start, "command"));
  }

  /** What is not down when the services' time is over is told to end with all others. */
  private *bringDown(stop: Pick<Stop, "time">): Steps<void> {
    const { one } = this;
    const graph = this.later?.graph;
    if (graph === undefined) return;
    const limit = Math.max(1, stop.time.forServices);
    yield* attempt(one.reactor, limit, () => graph.stop(), (error) => one.tell("warning", error));
  }

  private *lastScripts(stop: Pick<Stop, "settings" | "time">): Steps<void> {
    const { lastScripts, writeTerminationLog } = this.stopping();
    const ports = this.stage3Ports(stop);
    const { os, reactor, observer } = this.one;
    yield* attempt(reactor, 0, () => writeTerminationLog({ ...ports, os }, observer.lastLine), ports.failed);
    yield* lastScripts(ports);
    yield* attempt(reactor, 0, () => this.timeline.end(), ports.failed);
  }

  private *lastSignals(stop: Pick<Stop, "settings" | "time">): Steps<void> {
    const { logging, one, options: { scanner } } = this;
    const { lastSignals, Population } = this.stopping();
    const { relay } = one;
    const endLogging = function* (deadline: number): Steps<void> {
      if (relay !== undefined) yield* relay.end(deadline);
      if (logging !== undefined) yield* logging.end(scanner, deadline);
    };
    const population = new Population(one.os, one.reactor, (callback) => one.reactor.onSignal(SIGNAL.CHLD, callback));
    yield* lastSignals({
      ...this.stage3Ports(stop),
      scanner,
      lastWords: one.reportFirst,
      endLogging: relay === undefined && logging === undefined ? undefined : endLogging,
      relay: relay && (() => relay.spared()),
      population,
    });
  }

  private stage2Ports(): Stage2Ports {
    const { one, options: { scanner, tree } } = this;
    const { os, settings, outputs, observer } = one;
    const logging = settings.get("logging");
    const scripts = this.scriptPorts();
    // The command prints on the container's own output, unless all is logged.
    const command = logging === 2
      ? { ...scripts, start: one.children.loggedCommand }
      : { start: one.children.command, report: one.reportFirst };
    const ports: Stage2Ports = {
      ...scripts,
      start: one.script.watching(scripts.start),
      commandPorts: { ...command, start: this.watchedCommand(command.start) },
      os,
      scanner,
      settings,
      out: outputs.out,
      tells: outputs.tells,
      container: {
        write: (text) => one.given.get("verbosity") >= VERBOSITY_OF_LEVEL.warning && outputs.container.out.write(text),
      },
      awaits: (names, limit) => observer.awaits(names, limit),
      logging,
      tree,
      store: one.store,
      kept: one.keepEnvironment ? one.environment : undefined,
      bootLater: (failed) => this.bootLater(ports, failed),
    };
    return ports;
  }

  private stage3Ports(stop: Pick<Stop, "settings" | "time">): Stage3Ports {
    const { one, options: { scanner, tree } } = this;
    const { outputs: { out }, observer, children } = one;
    return {
      ...this.scriptPorts(),
      start: observer.scripts.noting(children.script),
      os: one.os,
      scanner,
      settings: stop.settings,
      time: stop.time,
      ...this.later?.stopping() ?? { out, finish: this.stopping().usualFinish(out) },
      tree,
      failed: (error) => one.tell("warning", error),
    };
  }

  private scriptPorts(): ScriptPorts & { readonly os: Os } {
    const { os, reactor, children, report, observer } = this.one;
    return { os, reactor, start: observer.scripts.noting(children.script), report };
  }
}
