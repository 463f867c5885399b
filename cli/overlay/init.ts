// /init: the container's first process, from its start to its exit code. It puts the stages, the scanner and the
// console together; when one stage gives way to the next is in the table of a container's life.

import type { ByteString } from "../../lib/bytes.ts";
import type { Environment } from "../../lib/environment.ts";
import type { Os, Reactor } from "../../lib/os/os.ts";
import type { Lasting, OwnMemory } from "../../lib/os/parts.ts";
import { RunningScript } from "../../lib/overlay/running_script.ts";
import type { BootEnd } from "../../lib/overlay/life.ts";
import { keepsEnvironment, settingsOf } from "../../lib/overlay/contenv.ts";
import { ContainerLife } from "../../lib/overlay/container.ts";
import { isEssential } from "../../lib/overlay/essential.ts";
import { ExitCodeRecord } from "../../lib/overlay/ending.ts";
import { EnvironmentStore } from "../../lib/overlay/environment_store.ts";
import { layImageServices } from "../../lib/overlay/boot/image_services.ts";
import type { Logging } from "../../lib/overlay/logging/logging.ts";
import { watchMemory } from "../../lib/overlay/memory_watch.ts";
import { OomScore } from "../../lib/overlay/oom_score.ts";
import { Outputs } from "../../lib/overlay/logging/outputs.ts";
import { ownFiles } from "../../lib/overlay/own_files.ts";
import { PATHS } from "../../lib/overlay/paths.ts";
import { Reserve, tellOfFewFiles } from "../../lib/overlay/stop/reserve.ts";
import type { ScriptPorts } from "../../lib/overlay/scripts.ts";
import { type Precedence, precedenceOf } from "../../lib/overlay/boot/search_path.ts";
import { Settings } from "../../lib/overlay/settings.ts";
import { signalsOf } from "../../lib/overlay/signals/signals.ts";
import { SignalRoutes } from "../../lib/overlay/signals/signal_routes.ts";
import { containerEnvironment, makeState, treeEnvironment } from "../../lib/overlay/boot/stage1.ts";
import { bootContainer, commandWords, runCommand, type Stage2Ports } from "../../lib/overlay/boot/stage2.ts";
import type { Stage3Ports } from "../../lib/overlay/stop/stage3.ts";
import type { Steps } from "../../lib/overlay/steps.ts";
import { Stop } from "../../lib/overlay/stop/stop.ts";
import type * as Stopping from "../../lib/overlay/stop/stopping.ts";
import { tellOfUnknown } from "../../lib/overlay/unknown_settings.ts";
import { Failure, OsError, textOf } from "../../lib/report.ts";
import { type Reporter, reporterTo, warningsOf } from "../../lib/reporter.ts";
import { SIGNAL, signalName } from "../../lib/signals.ts";
import type { ServiceView } from "../../lib/supervise/ports.ts";
import { Reaper } from "../../lib/supervise/reaper.ts";
import type { Scanner } from "../../lib/supervise/scanner_port.ts";
import { openScanner } from "../../lib/supervise/scanner.ts";
import { questionMark } from "../../lib/wait_status.ts";
import { type Applet, type Context, daemon } from "../applet.ts";
import { answerCalls } from "./answers.ts";
import { Children } from "./children.ts";
import { stateElsewhere } from "./elsewhere.ts";
import { NO_OPTIONS } from "../getopt.ts";

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
    const container = new ProcessOne(context, await context.part("lasting"));
    // Most containers do not log: they need not read how.
    const Logger = container.logs ? (await import("../../lib/overlay/logging/logging.ts")).Logging : undefined;
    return container.live(args, Logger);
  },
});

class ProcessOne {
  private readonly os: Os;
  private readonly reactor: Reactor;
  private readonly reaper: Reaper;
  private readonly outputs: Outputs;
  /** For what is logged as all output is. */
  private readonly report: Reporter;
  /** For what is wrong with the container itself: where people look first. */
  private readonly reportFirst: Reporter;
  private readonly warn: (text: ByteString) => void;
  private readonly settings: Settings;
  private readonly precedence: Precedence;
  private readonly environment: Environment;
  private readonly keepEnvironment: boolean;
  /** There is to be a catch-all logger. */
  readonly logs: boolean;
  private readonly children: Children;
  private readonly ending: ExitCodeRecord;
  private readonly store: EnvironmentStore;
  private readonly signals: ReturnType<typeof signalsOf>;
  private readonly routes: SignalRoutes;
  private readonly script: RunningScript;
  private readonly command: RunningScript;
  private logging: Logging | undefined;
  private readonly memory: OwnMemory;
  private readonly reserve: Reserve;
  private loaded: typeof Stopping | undefined;

  constructor(private readonly context: Context, lasting: Lasting) {
    const { os } = context;
    this.os = os;
    this.reactor = context.reactor();
    this.reaper = new Reaper(os, this.reactor);
    this.outputs = new Outputs(lasting, this.reactor);
    this.report = reporterTo(this.outputs.errors);
    this.reportFirst = reporterTo(this.outputs.container.errors);
    this.warn = warningsOf(this.reportFirst, "s6-overlay");
    this.precedence = precedenceOf(os, context.own);
    this.environment = containerEnvironment(context.image.environment, os.currentDirectory(), this.precedence);
    this.keepEnvironment = keepsEnvironment(this.environment);
    const given = new Settings((variable) => this.environment.get(variable), () => {});
    this.logs = given.get("logging") !== 0;
    this.settings = settingsOf(ownFiles(os), this.environment, this.warn);
    const nothing = os.open("/dev/null", ["read"]);
    this.memory = lasting.openMemory();
    const info = (text: string): void => this.reportFirst("info", "s6-overlay", text);
    const score = new OomScore({ os, memory: this.memory, info });
    const { reactor, reaper, outputs } = this;
    this.children = new Children({ context, reactor, reaper, outputs, score, nothing });
    this.reserve = new Reserve(os, nothing, os.limits("openFiles").hard);
    this.ending = new ExitCodeRecord(ownFiles(os), this.warn);
    this.store = new EnvironmentStore(os);
    this.signals = signalsOf(os);
    this.routes = new SignalRoutes(this.settings, this.warn, this.signals);
    [this.script, this.command] = [new RunningScript(os), new RunningScript(os)];
  }

  live(command: readonly ByteString[], Logger: typeof Logging | undefined): number {
    const { os, reactor, settings, outputs } = this;
    reactor.survive((error) => this.tell("error", error));
    const few = tellOfFewFiles(os.limits("openFiles").hard);
    if (few !== undefined) this.warn(few);
    makeState(os, this.environment, {
      keepEnvironment: this.keepEnvironment,
      first: this.precedence,
      report: this.report,
      elsewhere: () => stateElsewhere(os),
    });
    if (os.pid !== 1) this.beSubreaper();
    this.ending.begin();
    // What has just been stored need not be read.
    settings.check((variable) => this.environment.get(variable));
    this.routes.check(this.environment);
    tellOfUnknown(this.environment, this.warn);
    this.keepStore();
    const tree = treeEnvironment(ownFiles(os), this.environment, this.keepEnvironment, this.report);
    this.logging = Logger?.prepare({ os, reactor, settings, outputs, warn: this.warn });
    layImageServices(os, this.logging !== undefined, this.report);
    const scanner = openScanner(this.supervisionPorts(), {
      directory: PATHS.services,
      environment: tree,
      loggersLast: true,
      catchAll: this.logging?.streams,
      signals: this.signals,
      onSignal: (name) => this.routes.follow(name, { scanner, toCommand: (signal) => this.command.signal(signal) }),
      onOwnEnd: (service) => this.serviceEnded(service, container),
      onStop: (wait) => container.handle({ on: "stopAsked", wait }),
      onLeft: () => container.handle({ on: "left" }),
    });
    const container = this.container(scanner, tree, command);
    if (settings.get("answerCalls") !== 0) answerCalls(this.context, reactor, scanner);
    watchMemory({
      reactor,
      memory: this.memory,
      caches: [() => this.store.forget()],
      end: (why) => {
        this.reportFirst("fatal", "s6-overlay", `${why}: stopping the container`);
        container.handle({ on: "outOfMemory" });
      },
    });
    container.begin();
    // While the command runs, or the first script: later there may be no descriptor left to read it with.
    reactor.after(0, () => this.stopping());
    reactor.run();
    return this.ending.exitCode();
  }

  /** The container's environment is read at every start of a service. */
  private keepStore(): void {
    this.context.useStore(this.store);
    if (this.keepEnvironment) return;
    this.context.part("directoryWatches").then((watches) => this.store.keep(watches, this.environment));
  }

  /** Another program is process 1: what is not below us is not our business. */
  private beSubreaper(): void {
    this.os.becomeSubreaper();
    this.reportFirst(
      "info",
      "s6-overlay",
      `this is process ${this.os.pid}, not 1: it adopts its own orphans and signals nobody else`,
    );
  }

  private container(scanner: Scanner, tree: Environment, given: readonly ByteString[]): ContainerLife {
    const { os, reactor, settings, reserve, script, ending } = this;
    const command = commandWords(settings, given);
    const ports = this.stage2Ports(scanner, tree);
    const failed = (error: unknown): void => this.tell("warning", error);
    return new ContainerLife({
      reactor,
      scanner,
      script,
      ending,
      lastWords: this.reportFirst,
      beginStop: () => {
        try {
          reserve.release();
        } catch (error) {
          failed(error);
        }
        return new Stop({ os, settings, failed });
      },
      boot: () => this.boot(scanner, ports, command),
      command: () => runCommand(ports, command),
      lastScripts: (stop) => this.stopping().lastScripts(this.stage3Ports(scanner, tree, stop)),
      lastSignals: (stop) => {
        const { logging } = this;
        const { lastSignals, Population } = this.stopping();
        const endLogging = logging && ((deadline: number) => logging.end(scanner, deadline));
        const population = new Population(os, reactor, (callback) => reactor.onSignal(SIGNAL.CHLD, callback));
        const own = { scanner, lastWords: this.reportFirst, endLogging, population };
        return lastSignals({ ...this.stage3Ports(scanner, tree, stop), ...own });
      },
      failed: (level, error) => this.tell(level, error),
    });
  }

  /** Under our loader (load.ts) import() calls back at once. */
  private stopping(): typeof Stopping {
    if (this.loaded === undefined) import("../../lib/overlay/stop/stopping.ts").then((module) => this.loaded = module);
    return this.loaded!;
  }

  private *boot(scanner: Scanner, ports: Stage2Ports, command: readonly ByteString[]): Steps<BootEnd> {
    if (this.logging !== undefined && !(yield* this.logging.begin(scanner))) this.logging = undefined;
    return yield* bootContainer(ports, command);
  }

  private stage2Ports(scanner: Scanner, tree: Environment): Stage2Ports {
    const { os, settings, outputs } = this;
    const logging = settings.get("logging");
    const commandPorts = logging === 2 ? this.scriptPorts() : this.plainPorts();
    return {
      ...this.scriptPorts(),
      start: this.script.watching(this.scriptPorts().start),
      commandPorts: { ...commandPorts, start: this.command.watching(commandPorts.start) },
      os,
      scanner,
      settings,
      out: outputs.out,
      container: outputs.container.out,
      logging,
      tree,
      store: this.store,
      kept: this.keepEnvironment ? this.environment : undefined,
    };
  }

  private stage3Ports(scanner: Scanner, tree: Environment, stop: Pick<Stop, "settings" | "time">): Stage3Ports {
    const failed = (error: unknown): void => this.tell("warning", error);
    return {
      ...this.scriptPorts(),
      os: this.os,
      scanner,
      settings: stop.settings,
      time: stop.time,
      out: this.outputs.out,
      tree,
      failed,
    };
  }

  /** The container lives as long as its essential services do. */
  private serviceEnded({ name, directory, lastStatus }: ServiceView, container: ContainerLife): void {
    if (!isEssential(this.os, directory)) return;
    const code = questionMark(lastStatus);
    const how = code > 255 ? `was killed by ${signalName(code - 256)}` : `exited ${code}`;
    this.report("info", "s6-overlay", `essential service ${name} ${how}: stopping the container`);
    container.handle({ on: "essentialEnded", code });
  }

  private supervisionPorts(): Parameters<typeof openScanner>[0] {
    const { os, reactor, reaper, children } = this;
    return { os, reactor, reaper, report: this.report, start: children.service };
  }

  private scriptPorts(): ScriptPorts & { readonly os: Os } {
    const { os, reactor, children } = this;
    return { os, reactor, start: children.script, report: this.report };
  }

  /** For what prints on the container's own output whatever is logged. */
  private plainPorts(): Pick<ScriptPorts, "start" | "report"> {
    return { start: this.children.plain, report: this.reportFirst };
  }

  /** What is wrong with the system, or asked for, fits into a line; a bug in our code comes with where it happened. */
  private tell(level: "warning" | "error" | "fatal", error: unknown): void {
    const lines = error instanceof OsError || error instanceof Failure ? [textOf(error)] : textOf(error).split("\n");
    for (const line of lines) this.reportFirst(level, "s6-overlay", line);
  }
}
