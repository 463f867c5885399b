// /init: the container's first process, from its start to its exit code. It puts the stages, the scanner and the
// console together and decides when one stage gives way to the next.

import type { ByteString } from "../../lib/bytes.ts";
import type { Environment } from "../../lib/environment.ts";
import type { ProcessImage } from "../../lib/image/image.ts";
import type { Playing } from "../../lib/image/plan.ts";
import type { Launched } from "../../lib/image/start.ts";
import type { Os, Reactor } from "../../lib/os/os.ts";
import { Attended } from "../../lib/overlay/attended.ts";
import { keepsEnvironment, settingsOf } from "../../lib/overlay/contenv.ts";
import { Ending } from "../../lib/overlay/ending.ts";
import type { Logging } from "../../lib/overlay/logging.ts";
import { Outputs } from "../../lib/overlay/outputs.ts";
import { PATHS } from "../../lib/overlay/paths.ts";
import { Population } from "../../lib/overlay/population.ts";
import type { ScriptPorts } from "../../lib/overlay/scripts.ts";
import { Settings } from "../../lib/overlay/settings.ts";
import { SIGNALS } from "../../lib/overlay/signals.ts";
import { SignalRoutes } from "../../lib/overlay/signal_routes.ts";
import { containerEnvironment, makeState, treeEnvironment } from "../../lib/overlay/stage1.ts";
import { stage2, type Stage2Result } from "../../lib/overlay/stage2.ts";
import { stage3 } from "../../lib/overlay/stage3.ts";
import { drive, type Running, type Steps, within } from "../../lib/overlay/steps.ts";
import { exitCodeOf, textOf } from "../../lib/report.ts";
import { SIGNAL, signalName } from "../../lib/signals.ts";
import type { ServiceView } from "../../lib/supervise/ports.ts";
import { Reaper } from "../../lib/supervise/reaper.ts";
import { openScanner, type Scanner } from "../../lib/supervise/scanner.ts";
import { type Start, starter } from "../../lib/supervise/start.ts";
import { questionMark } from "../../lib/wait_status.ts";
import { type Applet, type Context, daemon } from "../applet.ts";
import { NO_OPTIONS } from "../getopt.ts";

/** How long loggers are waited for when their services have ended, in milliseconds. */
const LOGGERS_FOLLOW_WITHIN = 500;

export const init: Applet = daemon({
  name: "init",
  usage: "[ command... ]",
  summary: "boot the container, run its command, stop it in order",
  notes: [
    "As process 1 of a container: prepares it, starts the services, runs the command, and stops everything when the " +
    "command ends or the container is told to stop.",
  ],
  options: NO_OPTIONS,
  least: 0,
  holdsSignals: true,
  run: async (context, { args }) => {
    const container = new Container(context);
    // Most containers do not log: they need not read how.
    return container.live(args, container.logs ? (await import("../../lib/overlay/logging.ts")).Logging : undefined);
  },
});

class Container {
  private readonly os: Os;
  private readonly reactor: Reactor;
  private readonly reaper: Reaper;
  private readonly outputs: Outputs;
  private readonly settings: Settings;
  private readonly environment: Environment;
  private readonly keepEnvironment: boolean;
  /** There is to be a catch-all logger. */
  readonly logs: boolean;
  private readonly nothing: number;
  private readonly ending: Ending;
  private readonly routes: SignalRoutes;
  private readonly script: Attended;
  private readonly command: Attended;
  private logging: Logging | undefined;
  private second: Running | undefined;
  private stop: { readonly deadline: number } | undefined;

  constructor(private readonly context: Context) {
    const { os } = context;
    this.os = os;
    this.reactor = context.reactor();
    this.reaper = new Reaper(os, this.reactor);
    this.outputs = new Outputs(os, this.reactor);
    this.environment = containerEnvironment(context.image.environment, os.currentDirectory());
    this.keepEnvironment = keepsEnvironment(this.environment);
    const given = new Settings((variable) => this.environment.get(variable), () => {});
    this.logs = given.get("logging") !== 0;
    this.settings = settingsOf(os, this.environment, (line) => this.warn(line));
    this.nothing = os.open("/dev/null", ["read"]);
    this.ending = new Ending(os, (line) => this.warn(line));
    this.routes = new SignalRoutes(this.settings, (line) => this.warn(line));
    [this.script, this.command] = [new Attended(os), new Attended(os)];
  }

  live(command: readonly ByteString[], Logger: typeof Logging | undefined): number {
    const { os, reactor, settings, outputs, outputs: { container } } = this;
    reactor.survive((error) => container.errors.line(`s6-overlay: error: ${textOf(error)}`));
    if (os.pid !== 1) this.beSubreaper();
    makeState(os, this.environment, this.keepEnvironment, (line) => this.complain(line));
    settings.check();
    this.routes.check(this.environment);
    const tree = treeEnvironment(os, this.environment, this.keepEnvironment);
    this.logging = Logger?.prepare({ os, reactor, settings, outputs, warn: (line) => this.warn(line) });
    const scanner = openScanner(this.supervisionPorts(), {
      directory: PATHS.services,
      environment: tree,
      loggersLast: true,
      catchAll: this.logging?.streams,
      signals: SIGNALS,
      onSignal: (name) => this.routes.follow(name, { scanner, toCommand: (signal) => this.command.signal(signal) }),
      onOwnEnd: (service) => this.serviceEnded(service, scanner),
      onStop: (wait) => this.stopBegins(scanner, wait),
      onLeft: () => {
        this.second?.abandon();
        this.runStage3(scanner, tree);
      },
    });
    this.second = this.runStage2(scanner, tree, command);
    reactor.run();
    return this.ending.exitCode();
  }

  /** Somebody else is process 1: what is not below us is not our business. */
  private beSubreaper(): void {
    this.os.becomeSubreaper();
    this.outputs.container.errors.line(
      `s6-overlay: info: this is process ${this.os.pid}, not 1: it adopts its own orphans and signals nobody else`,
    );
  }

  private runStage2(scanner: Scanner, tree: Environment, command: readonly ByteString[]): Running {
    return drive(
      this.boot(scanner, tree, command),
      (result) => result === "stop" ? scanner.stop("terminate and abort") : undefined,
      (error) => {
        this.fail(error);
        scanner.stop("terminate and abort");
      },
    );
  }

  private *boot(scanner: Scanner, tree: Environment, command: readonly ByteString[]): Steps<Stage2Result> {
    const { os, settings, outputs } = this;
    if (this.logging !== undefined && !(yield* this.logging.begin(scanner))) this.logging = undefined;
    const logging = settings.get("logging");
    const kept = this.keepEnvironment ? this.environment : undefined;
    const commandPorts = logging === 2 ? this.scriptPorts() : this.plainPorts();
    const ports = {
      ...this.scriptPorts(),
      start: this.script.attending(this.scriptPorts().start),
      commandPorts: { ...commandPorts, start: this.command.attending(commandPorts.start) },
      record: (code: number) => this.stop === undefined ? this.ending.record(code) : this.ending.recordIfFirst(code),
      os,
      scanner,
      settings,
      out: outputs.out,
      container: outputs.container.out,
      logging,
      tree,
      kept,
    };
    return yield* stage2(ports, command);
  }

  private runStage3(scanner: Scanner, tree: Environment): void {
    const population = new Population(
      this.os,
      this.reactor,
      (callback) => this.reactor.onSignal(SIGNAL.CHLD, callback),
    );
    const { settings, outputs, os, logging } = this;
    const ports = {
      ...this.scriptPorts(),
      os,
      scanner,
      settings,
      out: outputs.out,
      lastWords: outputs.container.errors,
      endLogging: logging && ((deadline: number) => logging.end(scanner, deadline)),
      tree,
      population,
    };
    drive(
      this.afterScript(stage3(ports)),
      () => this.reactor.stop(),
      (error) => {
        this.fail(error);
        this.reactor.stop();
      },
    );
  }

  /** A script that was running when the stop began has got TERM, and the time that services have. */
  private *afterScript(rest: Steps<void>): Steps<void> {
    const { os, reactor, script, stop } = this;
    if (stop !== undefined && script.isRunning) {
      const left = Math.max(1, stop.deadline - os.monotonic());
      yield* within(reactor, left, (arrived) => script.whenOver(arrived));
    }
    yield* rest;
  }

  private stopBegins(scanner: Scanner, wait: boolean): void {
    const { os, reactor, settings, command, script } = this;
    const grace = wait ? settings.get("servicesGraceTime") : 0;
    this.stop = { deadline: os.monotonic() + grace };
    // Of stage 2 only the command may go on: its exit code counts as long as services are waited for.
    if (!command.isRunning) this.second?.abandon();
    if (!wait) return;
    script.signal(SIGNAL.TERM, SIGNAL.CONT);
    // A service that ignores its signal must not hold the container up for ever.
    const goOn = (): void => scanner.stopWaiting();
    reactor.after(grace, goOn);
    // What a service has left behind may keep its logger up. It is told to end later, and the logger waited for then.
    scanner.when("gone", () => reactor.after(LOGGERS_FOLLOW_WITHIN, goOn));
  }

  /** The container lives as long as its essential services do. */
  private serviceEnded({ name, directory, lastStatus }: ServiceView, scanner: Scanner): void {
    if (this.os.find(`${directory}/essential`) === undefined) return;
    const code = questionMark(lastStatus);
    const how = code > 255 ? `was killed by ${signalName(code - 256)}` : `exited ${code}`;
    this.complain(`s6-overlay: info: essential service ${name} ${how}: stopping the container`);
    this.ending.recordIfFirst(code);
    scanner.stop("terminate");
  }

  private supervisionPorts(): Parameters<typeof openScanner>[0] {
    const { os, reactor, reaper, nothing } = this;
    return {
      os,
      reactor,
      reaper,
      report: (line) => this.complain(line),
      // Services have nothing to read from the container's standard input: that is for the command.
      start: this.starts({ by: "s6-svscan", quiet: true }, (image, launch) => {
        return this.outputs.launch(
          launch,
          image.preceded({ do: "copy", by: "s6-svscan", from: nothing, to: 0 }).insisting(),
        );
      }),
    };
  }

  private scriptPorts(): ScriptPorts & { readonly os: Os } {
    const { os, reactor } = this;
    return {
      os,
      reactor,
      start: (image, by, news) =>
        this.starts({ by, quiet: false }, (image, launch) => this.outputs.launch(launch, image))(image, news),
      complain: (line) => this.complain(line),
    };
  }

  /** For what prints on the container's own output whatever is logged. */
  private plainPorts(): Pick<ScriptPorts, "start" | "complain"> {
    const { outputs: { container } } = this;
    return {
      start: (image, by, news) => this.starts({ by, quiet: false }, (image, launch) => launch(image))(image, news),
      complain: (line) => container.errors.line(line),
    };
  }

  /** Starts children as this process does, with outputs that `place` gives them. */
  private starts(
    playing: Playing,
    place: (image: ProcessImage, launch: (image: ProcessImage) => Launched) => Launched,
  ): Start {
    const { os, reactor, reaper, context } = this;
    return starter({ os, reactor, reaper }, (image) => place(image, (placed) => context.launch(placed, playing)));
  }

  private complain(line: ByteString): void {
    this.outputs.errors.line(line);
  }

  // What is wrong with the container itself is told where people look first.

  private warn(text: ByteString): void {
    this.outputs.container.errors.line(`s6-overlay: warning: ${text}`);
  }

  private fail(error: unknown): void {
    this.ending.record(exitCodeOf(error));
    this.outputs.container.errors.line(`s6-overlay: fatal: ${textOf(error)}`);
  }
}
