// /init: the container's first process, from its start to its exit code. It puts the stages, the scanner and the
// console together and decides when one stage gives way to the next.

import { findUser } from "../../lib/accounts.ts";
import type { ByteString } from "../../lib/bytes.ts";
import type { Environment } from "../../lib/environment.ts";
import type { ProcessImage } from "../../lib/image/image.ts";
import type { Os, Reactor } from "../../lib/os/os.ts";
import { awaitLogger, dismissLogger, type LogAccount, prepareCatchAll } from "../../lib/overlay/catch_all.ts";
import { settingsOf } from "../../lib/overlay/contenv.ts";
import { LOG_USER, logCredentials } from "../../lib/overlay/log_account.ts";
import { LogFifo } from "../../lib/overlay/log_fifo.ts";
import { Outputs } from "../../lib/overlay/outputs.ts";
import { PATHS } from "../../lib/overlay/paths.ts";
import { Population } from "../../lib/overlay/population.ts";
import type { ScriptPorts } from "../../lib/overlay/scripts.ts";
import { SETTINGS, Settings } from "../../lib/overlay/settings.ts";
import { containerEnvironment, makeState, treeEnvironment } from "../../lib/overlay/stage1.ts";
import { stage2, type Stage2Result } from "../../lib/overlay/stage2.ts";
import { stage3 } from "../../lib/overlay/stage3.ts";
import { drive, type Running, type Steps } from "../../lib/overlay/steps.ts";
import { exitCodeOf, Failure, OsError, textOf } from "../../lib/report.ts";
import { SIGNAL } from "../../lib/signals.ts";
import { Reaper } from "../../lib/supervise/reaper.ts";
import { openScanner, type Scanner } from "../../lib/supervise/scanner.ts";
import { type Applet, type Context, daemon } from "../applet.ts";
import { NO_OPTIONS } from "../getopt.ts";

/** How long loggers are waited for when their services have ended, in milliseconds. */
const LOGGERS_FOLLOW_WITHIN = 500;

export const init: Applet = daemon({
  name: "init",
  usage: "[ command... ]",
  summary: "boot the container, run its command, stop it in order",
  options: NO_OPTIONS,
  least: 0,
  run: (context, { args }) => new Container(context).live(args),
});

class Container {
  private readonly os: Os;
  private readonly reactor: Reactor;
  private readonly reaper: Reaper;
  private readonly outputs: Outputs;
  private readonly settings: Settings;
  private readonly environment: Environment;
  private readonly keepEnvironment: boolean;
  private readonly nothing: number;
  /** The fifo of the catch-all logger, if there is to be one. */
  private fifo: LogFifo | undefined;
  private exitCode = 0;

  constructor(private readonly context: Context) {
    const { os } = context;
    this.os = os;
    this.reactor = context.reactor();
    this.reaper = new Reaper(os, this.reactor);
    this.outputs = new Outputs(os, this.reactor);
    this.environment = containerEnvironment(context.image.environment, os.currentDirectory());
    const given = new Settings((variable) => this.environment.get(variable), () => {});
    this.keepEnvironment = given.get("keepEnvironment");
    this.settings = settingsOf(os, this.environment, (line) => this.warn(line));
    this.nothing = os.open("/dev/null", ["read"]);
  }

  live(command: readonly ByteString[]): number {
    const { container } = this.outputs;
    this.reactor.survive((error) => container.errors.line(`s6-overlay: error: ${textOf(error)}`));
    if (this.os.pid !== 1) this.os.becomeSubreaper();
    makeState(this.os, this.environment, this.keepEnvironment);
    const tree = treeEnvironment(this.os, this.environment, this.keepEnvironment);
    this.fifo = this.prepareLogging();
    // deno-lint-ignore prefer-const -- the scanner may stop before stage 2 is assigned
    let second: Running | undefined;
    const scanner = openScanner(this.supervisionPorts(), {
      directory: PATHS.services,
      environment: tree,
      loggersLast: true,
      // Its own output must not come back to it.
      catchAll: this.fifo && { output: this.os.duplicate(1), error: this.os.duplicate(2) },
      onStop: (wait) => wait ? this.boundStop(scanner) : undefined,
      onLeft: () => {
        second?.abandon();
        this.runStage3(scanner, tree);
      },
    });
    second = this.runStage2(scanner, tree, command);
    this.reactor.run();
    return this.exitCode;
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
    const { os, settings, outputs, fifo } = this;
    if (fifo !== undefined) {
      const trouble = yield* awaitLogger({ scanner, reactor: this.reactor });
      if (trouble === undefined) outputs.redirect(fifo);
      else this.goWithoutLogger(scanner, fifo, trouble);
    }
    const logging = settings.get("logging");
    const kept = this.keepEnvironment ? this.environment : undefined;
    const ports = {
      ...this.scriptPorts(),
      commandPorts: logging === 2 ? this.scriptPorts() : this.plainPorts(),
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

  /** What the catch-all logger needs, if there is to be one and it can be had. */
  private prepareLogging(): LogFifo | undefined {
    if (this.settings.get("logging") === 0) return undefined;
    try {
      prepareCatchAll(this.os, this.logAccount());
      return new LogFifo(this.os, this.reactor, PATHS.uncaughtLogsFifo);
    } catch (error) {
      if (!(error instanceof OsError || error instanceof Failure)) throw error;
      const cure = error instanceof OsError ? "; a volume or tmpfs there can be written to" : "";
      this.explainNoLogger(`${textOf(error)}${cure}`);
    }
  }

  private logAccount(): LogAccount {
    const name = this.settings.get("catchAllUser");
    if (name === LOG_USER || findUser(this.os, name) !== undefined) {
      return { name, credentials: logCredentials(this.os, name) };
    }
    this.settings.refuse("catchAllUser", "is no account in /etc/passwd");
    return { name: LOG_USER, credentials: logCredentials(this.os) };
  }

  private goWithoutLogger(scanner: Scanner, fifo: LogFifo, trouble: string): void {
    this.fifo = undefined;
    dismissLogger(this.os, scanner);
    fifo.finish();
    fifo.takeRest();
    this.explainNoLogger(trouble);
  }

  private explainNoLogger(why: ByteString): void {
    const variable = SETTINGS.logging.variable;
    this.warn(`no catch-all logger, so everything is printed here as with ${variable}=0: ${why}`);
  }

  private runStage3(scanner: Scanner, tree: Environment): void {
    const population = new Population(
      this.os,
      this.reactor,
      (callback) => this.reactor.onSignal(SIGNAL.CHLD, callback),
    );
    const { settings, outputs, os, fifo } = this;
    const ports = {
      ...this.scriptPorts(),
      os,
      scanner,
      settings,
      out: outputs.out,
      lastWords: outputs.container.errors,
      log: fifo && { fifo, leave: () => outputs.redirect(undefined) },
      tree,
      population,
    };
    drive(
      stage3(ports),
      (code) => this.end(code),
      (error) => {
        this.fail(error);
        this.end(exitCodeOf(error));
      },
    );
  }

  /** A service that ignores its signal must not hold the container up for ever. */
  private boundStop(scanner: Scanner): void {
    const goOn = (): void => scanner.stopWaiting();
    this.reactor.after(this.settings.get("servicesGraceTime"), goOn);
    // What a service has left behind may keep its logger up. It is told to end later, and the logger waited for then.
    scanner.when("gone", () => this.reactor.after(LOGGERS_FOLLOW_WITHIN, goOn));
  }

  private end(code: number): void {
    this.exitCode = code;
    this.reactor.stop();
  }

  private supervisionPorts(): Parameters<typeof openScanner>[0] {
    const { os, reactor, reaper, nothing } = this;
    return {
      os,
      reactor,
      reaper,
      report: (line) => this.complain(line),
      // Services have nothing to read from the container's standard input: that is for the command.
      launch: (image) =>
        this.launch(image.preceded({ do: "copy", by: "s6-svscan", from: nothing, to: 0 }).insisting()),
    };
  }

  private scriptPorts(): ScriptPorts & { readonly os: Os } {
    const { os, reactor, reaper } = this;
    return {
      os,
      reactor,
      launch: (image) => this.launch(image),
      expect: (pid, callback) => reaper.expect(pid, callback),
      complain: (line) => this.complain(line),
    };
  }

  /** For what prints on the container's own output whatever is logged. */
  private plainPorts(): Pick<ScriptPorts, "launch" | "complain"> {
    const { context, outputs } = this;
    return { launch: (image) => context.launch(image), complain: (line) => outputs.container.errors.line(line) };
  }

  private launch(image: ProcessImage): number {
    return this.outputs.launch((image) => this.context.launch(image), image);
  }

  private complain(line: ByteString): void {
    this.outputs.errors.line(line);
  }

  // What is wrong with the container itself is told where people look first.

  private warn(text: ByteString): void {
    this.outputs.container.errors.line(`s6-overlay: warning: ${text}`);
  }

  private fail(error: unknown): void {
    this.outputs.container.errors.line(`s6-overlay: fatal: ${textOf(error)}`);
  }
}
