// What process 1 is made of before anything of the container lives: its event loop, where it prints, its settings, the
// container's environment, and what it keeps for its end.

import type { ByteString } from "../../lib/bytes.ts";
import type { Environment } from "../../lib/environment.ts";
import type { Os, Reactor } from "../../lib/os/os.ts";
import type { Lasting, OwnMemory } from "../../lib/os/parts.ts";
import { keepsEnvironment, settingsOf } from "../../lib/overlay/contenv.ts";
import { ExitCodeRecord } from "../../lib/overlay/ending.ts";
import { EnvironmentStore } from "../../lib/overlay/environment_store.ts";
import type { BootCourse } from "../../lib/overlay/journal/boot_course.ts";
import { Observer } from "../../lib/overlay/journal/observer.ts";
import type { Snapshot } from "../../lib/overlay/journal/snapshot.ts";
import { type OutputMode, outputMode, ownForm } from "../../lib/overlay/logging/output_mode.ts";
import type { LoggerLines } from "../../lib/overlay/logging/logger_lines.ts";
import type { Relay } from "../../lib/overlay/logging/relay.ts";
import { Outputs } from "../../lib/overlay/logging/outputs.ts";
import { OomScore } from "../../lib/overlay/oom_score.ts";
import { ownFiles } from "../../lib/overlay/own_files.ts";
import { RunningScript } from "../../lib/overlay/running_script.ts";
import { type Precedence, precedenceOf } from "../../lib/overlay/boot/search_path.ts";
import { Settings } from "../../lib/overlay/settings.ts";
import { signalsOf } from "../../lib/overlay/signals/signals.ts";
import { SignalRoutes } from "../../lib/overlay/signals/signal_routes.ts";
import { containerEnvironment } from "../../lib/overlay/boot/stage1.ts";
import { isPrinted, upTo, VERBOSITY_OF_END, VERBOSITY_OF_STEPS } from "../../lib/overlay/verbosity.ts";
import { Reserve } from "../../lib/overlay/stop/reserve.ts";
import { Failure, OsError, textOf } from "../../lib/report.ts";
import { type Reporter, reporterTo, warningsOf } from "../../lib/reporter.ts";
import { Reaper } from "../../lib/supervise/reaper.ts";
import type { Context } from "../applet.ts";
import { Children } from "./children.ts";

export class ProcessOne {
  readonly os: Os;
  readonly reactor: Reactor;
  readonly reaper: Reaper;
  readonly observer: Observer;
  readonly output: OutputMode;
  readonly outputs: Outputs;
  /** For what is logged as all output is. */
  readonly report: Reporter;
  /** For what is wrong with the container itself: where people look first. */
  readonly reportFirst: Reporter;
  /** Warnings about the container itself. */
  readonly warn: (text: ByteString) => void;
  readonly settings: Settings;
  /** As the container was started with them: they do not change any more. */
  readonly given: Settings;
  readonly precedence: Precedence;
  readonly environment: Environment;
  readonly keepEnvironment: boolean;
  readonly children: Children;
  readonly ending: ExitCodeRecord;
  readonly store: EnvironmentStore;
  readonly signals: ReturnType<typeof signalsOf>;
  readonly routes: SignalRoutes;
  /** What carries on the lines of all others, where they have names. */
  relay: Relay | undefined;
  /** Makes what gives the catch-all logger's own lines its name. */
  loggerLines: (() => LoggerLines) | undefined;
  /** The script of the boot that runs, and the command. */
  readonly script: RunningScript;
  readonly command: RunningScript;
  /** What the boot has not brought up, in generation 3. */
  notStarted: () => Snapshot["container"]["notStarted"] = () => [];
  /** What the boot takes its time for, in generation 3. */
  course: () => BootCourse | undefined = () => undefined;
  readonly memory: OwnMemory;
  readonly reserve: Reserve;

  private readonly verbosity: number;
  private settled: number | undefined;

  constructor(readonly context: Context, lasting: Lasting) {
    const { os } = context;
    this.os = os;
    this.reactor = context.reactor();
    this.reaper = new Reaper(os, this.reactor);
    this.precedence = precedenceOf(os, context.own);
    this.environment = containerEnvironment(context.image.environment, os.currentDirectory(), this.precedence);
    this.keepEnvironment = keepsEnvironment(this.environment);
    this.given = new Settings((variable) => this.environment.get(variable), () => {});
    const verbosity = this.verbosity = this.given.get("verbosity");
    this.output = outputMode(this.given);
    this.outputs = new Outputs({
      lasting,
      reactor: this.reactor,
      tells: verbosity >= VERBOSITY_OF_STEPS,
      formed: (stream) => ownForm(this.output, stream, () => os.now()),
    });
    const printed = reporterTo(this.outputs.errors);
    this.observer = new Observer({
      os,
      entries: this.given.get("journalEntries"),
      onEntry: ({ subject, event, text }) => {
        if (isPrinted(event, verbosity)) printed("info", subject, text === "" ? event : `${event}: ${text}`);
      },
    });
    this.report = this.observer.noting(upTo(verbosity, printed));
    this.reportFirst = this.observer.noting(upTo(verbosity, reporterTo(this.outputs.container.errors)));
    this.warn = warningsOf(this.reportFirst, "s6-overlay");
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

  /** The container's environment is read at every start of a service. */
  keepStore(): void {
    this.context.useStore(this.store);
    if (this.keepEnvironment) return;
    this.context.part("directoryWatches").then((watches) => this.store.keep(watches, this.environment));
  }

  /** A stop that begins in the same turn of the event loop is for this signal. */
  noteSignal(name: string): void {
    this.observer.signalled(name);
    this.reactor.after(0, () => this.observer.signalled(undefined));
  }

  /** The container's exit code, settled at its end. */
  get exitCode(): number {
    return this.settled ??= this.ending.exitCode();
  }

  /** The last line: what is wrong with the exit code comes before it. */
  tellEnd(): void {
    this.relay?.cutOff();
    void this.exitCode;
    if (this.verbosity < VERBOSITY_OF_END) return;
    reporterTo(this.outputs.container.errors)("info", "s6-overlay", this.observer.lastLine);
  }

  /** What is wrong with the system, or asked for, fits into a line; a bug in our code comes with where it happened. */
  tell(level: "warning" | "error" | "fatal", error: unknown): void {
    const lines = error instanceof OsError || error instanceof Failure ? [textOf(error)] : textOf(error).split("\n");
    for (const line of lines) this.reportFirst(level, "s6-overlay", line);
  }
}
