// /init: the container's first process, from its start to its exit code. It puts the stages, the scanner and the
// console together and decides when one stage gives way to the next.

import type { ByteString } from "../../lib/bytes.ts";
import type { Environment } from "../../lib/environment.ts";
import type { Os, Reactor } from "../../lib/os/os.ts";
import { Console } from "../../lib/overlay/console.ts";
import { settingsOf } from "../../lib/overlay/contenv.ts";
import { PATHS } from "../../lib/overlay/paths.ts";
import { Population } from "../../lib/overlay/population.ts";
import type { ScriptPorts } from "../../lib/overlay/scripts.ts";
import { Settings } from "../../lib/overlay/settings.ts";
import { containerEnvironment, makeState, treeEnvironment } from "../../lib/overlay/stage1.ts";
import { stage2 } from "../../lib/overlay/stage2.ts";
import { stage3 } from "../../lib/overlay/stage3.ts";
import { drive, type Running } from "../../lib/overlay/steps.ts";
import { exitCodeOf, textOf } from "../../lib/report.ts";
import { SIGNAL } from "../../lib/signals.ts";
import { Reaper } from "../../lib/supervise/reaper.ts";
import { openScanner, type Scanner } from "../../lib/supervise/scanner.ts";
import { type Applet, type Context, daemon } from "../applet.ts";
import { NO_OPTIONS } from "../getopt.ts";

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
  private readonly out: Console;
  private readonly errors: Console;
  private readonly settings: Settings;
  private readonly environment: Environment;
  private readonly keepEnvironment: boolean;
  private readonly nothing: number;
  private exitCode = 0;

  constructor(private readonly context: Context) {
    const { os } = context;
    this.os = os;
    this.reactor = context.reactor();
    this.reaper = new Reaper(os, this.reactor);
    this.out = new Console(os, this.reactor, 1);
    this.errors = new Console(os, this.reactor, 2);
    this.environment = containerEnvironment(context.image.environment, os.currentDirectory());
    const given = new Settings((variable) => this.environment.get(variable), () => {});
    this.keepEnvironment = given.get("keepEnvironment");
    this.settings = settingsOf(os, this.environment, (line) => this.complain(`s6-overlay: warning: ${line}`));
    this.nothing = os.open("/dev/null", ["read"]);
  }

  live(command: readonly ByteString[]): number {
    this.reactor.survive((error) => this.complain(`s6-overlay: error: ${textOf(error)}`));
    if (this.os.pid !== 1) this.os.becomeSubreaper();
    makeState(this.os, this.environment, this.keepEnvironment);
    const tree = treeEnvironment(this.os, this.environment, this.keepEnvironment);
    // deno-lint-ignore prefer-const -- the scanner may stop before stage 2 is assigned
    let second: Running | undefined;
    const scanner = openScanner(this.supervisionPorts(), {
      directory: PATHS.services,
      environment: tree,
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
    const kept = this.keepEnvironment ? this.environment : undefined;
    const ports = { ...this.scriptPorts(), os: this.os, scanner, settings: this.settings, out: this.out, tree, kept };
    return drive(
      stage2(ports, command),
      (result) => result === "stop" ? scanner.stop("terminate and abort") : undefined,
      (error) => {
        this.fail(error);
        scanner.stop("terminate and abort");
      },
    );
  }

  private runStage3(scanner: Scanner, tree: Environment): void {
    const population = new Population(
      this.os,
      this.reactor,
      (callback) => this.reactor.onSignal(SIGNAL.CHLD, callback),
    );
    const { settings, out, os } = this;
    drive(
      stage3({ ...this.scriptPorts(), os, scanner, settings, out, tree, population }),
      (code) => this.end(code),
      (error) => {
        this.fail(error);
        this.end(exitCodeOf(error));
      },
    );
  }

  /** A service that ignores its signal must not hold the container up for ever. */
  private boundStop(scanner: Scanner): void {
    this.reactor.after(this.settings.get("servicesGraceTime"), () => scanner.stopWaiting());
  }

  private end(code: number): void {
    this.exitCode = code;
    this.reactor.stop();
  }

  private supervisionPorts(): Parameters<typeof openScanner>[0] {
    const { os, reactor, reaper, context, nothing } = this;
    return {
      os,
      reactor,
      reaper,
      report: (line) => this.complain(line),
      // Services have nothing to read from the container's standard input: that is for the command.
      launch: (image) =>
        context.launch(image.preceded({ do: "copy", by: "s6-svscan", from: nothing, to: 0 }).insisting()),
    };
  }

  private scriptPorts(): ScriptPorts & { readonly os: Os } {
    const { os, reactor, reaper, context } = this;
    return {
      os,
      reactor,
      launch: (image) => context.launch(image),
      expect: (pid, callback) => reaper.expect(pid, callback),
      complain: (line) => this.complain(line),
    };
  }

  private fail(error: unknown): void {
    this.complain(`s6-overlay: fatal: ${textOf(error)}`);
  }

  private complain(line: ByteString): void {
    this.errors.line(line);
  }
}
