// Logging of all that is printed, from the preparation to the last line. Read only in a container that logs.

import { findUser } from "../../accounts.ts";
import type { ByteString } from "../../bytes.ts";
import type { Os, Reactor } from "../../os/os.ts";
import { Failure, OsError, textOf } from "../../report.ts";
import { reporterTo } from "../../reporter.ts";
import type { Streams } from "../../supervise/child.ts";
import { CATCH_ALL } from "../../supervise/scan.ts";
import type { Scanner } from "../../supervise/scanner_port.ts";
import {
  awaitLogger,
  dismissLogger,
  type LogAccount,
  type LoggerSign,
  loggerSign,
  prepareCatchAll,
  type PrepareOs,
} from "./catch_all.ts";
import type { Console } from "./console.ts";
import { isElsewhere } from "../boot/elsewhere.ts";
import { LOG_USER, logCredentials } from "./log_account.ts";
import type { LoggerLines } from "./logger_lines.ts";
import { LogFifo, type LogFifoOs } from "./log_fifo.ts";
import type { Outputs } from "./outputs.ts";
import { imageFiles, ownFiles } from "../own_files.ts";
import { PATHS } from "../paths.ts";
import { knowsIds } from "../privilege.ts";
import { SETTINGS, type Settings } from "../settings.ts";
import { type Steps, within } from "../steps.ts";

interface LoggingPorts {
  readonly os: PrepareOs & LogFifoOs & Pick<Os, "find" | "duplicate" | "monotonic" | "rename" | "door">;
  readonly reactor: Pick<Reactor, "watch" | "after">;
  readonly settings: Pick<Settings, "get" | "refuse">;
  readonly outputs: Pick<Outputs, "redirect" | "container">;
  /** Takes a warning for the container's own standard error. */
  readonly warn: (line: ByteString) => void;
  /** Where lines have names: makes what gives the logger's own lines theirs. */
  readonly loggerLines: (() => LoggerLines) | undefined;
}

/** How long our last words may take to be read, in milliseconds. */
const LAST_WORDS_WITHIN = 1000;

export class Logging {
  /** What the logger itself prints must not come back to it. */
  readonly streams: Streams;
  private readonly lines: LoggerLines | undefined;
  private sign: LoggerSign = "ready";

  private constructor(private readonly ports: LoggingPorts, private readonly fifo: LogFifo) {
    const { os, loggerLines } = ports;
    this.lines = loggerLines?.();
    this.streams = this.lines?.streams ?? { output: os.duplicate(1), error: os.duplicate(2) };
  }

  /** Makes what the logger needs. Where that cannot be had a warning says why, and there is no logging. */
  static prepare(ports: LoggingPorts): Logging | undefined {
    try {
      prepareCatchAll(ports.os, accountOf(ports));
      return new Logging(ports, new LogFifo(ports.os, ports.reactor, PATHS.uncaughtLogsFifo));
    } catch (error) {
      if (!(error instanceof OsError || error instanceof Failure)) throw error;
      const cure = error instanceof OsError ? "; a volume or tmpfs there can be written to" : "";
      explain(ports, `${textOf(error)}${cure}`);
    }
  }

  /** Writes to the logger. */
  get console(): Console {
    return this.fifo.console;
  }

  /** Waits for the logger and sends to it what is printed from then on. False if it does not start: nothing is logged. */
  *begin(scanner: Pick<Scanner, "when" | "services" | "rescan" | "prune">): Steps<boolean> {
    const { os, reactor, outputs } = this.ports;
    const trouble = yield* awaitLogger({ scanner, reactor, sign: this.sign = loggerSign(os) });
    if (trouble === undefined) {
      outputs.redirect(this.fifo);
      return true;
    }
    this.lines?.drain();
    dismissLogger(os, scanner);
    this.fifo.finish();
    this.fifo.takeRest();
    explain(this.ports, trouble);
    return false;
  }

  /**
   * No other process is left that prints: the logger takes what is in the fifo and ends. What it leaves there is
   * printed.
   */
  *end(scanner: Pick<Scanner, "when" | "releaseCatchAll">, deadline: number): Steps<void> {
    const { os, reactor, outputs } = this.ports;
    const inTime = (begin: (arrived: () => void) => () => void): Steps<boolean> =>
      within(reactor, Math.max(1, deadline - os.monotonic()), begin);
    // One that is just being started again would find a fifo without writers and wait for them.
    yield* inTime((arrived) => scanner.when(this.sign, arrived, [CATCH_ALL]));
    yield* inTime((arrived) => this.fifo.console.whenWritten(arrived));
    scanner.releaseCatchAll();
    outputs.redirect(undefined);
    this.fifo.finish();
    const ended = yield* inTime((arrived) => scanner.when("gone", arrived, [CATCH_ALL]));
    this.lines?.drain();
    yield* this.tellRest(outputs.container.errors, ended);
  }

  private *tellRest(errors: Pick<Console, "line" | "pass" | "whenWritten">, ended: boolean): Steps<void> {
    const report = reporterTo(errors);
    if (!ended) report("warning", "s6-finish", "the catch-all logger has not ended in time");
    const rest = this.fifo.takeRest();
    if (rest !== "") {
      report("warning", "s6-finish", "what the catch-all logger has not read:");
      errors.pass(rest);
    }
    yield* within(this.ports.reactor, LAST_WORDS_WITHIN, (arrived) => errors.whenWritten(arrived));
  }
}

function accountOf({ os, settings }: LoggingPorts): LogAccount {
  const accounts = imageFiles(os);
  const name = settings.get("catchAllUser");
  try {
    if (name === LOG_USER || findUser(accounts, name) !== undefined) {
      const credentials = logCredentials(accounts, name);
      const isOther = name !== LOG_USER || knowsIds(ownFiles(os), credentials);
      return { name, credentials: isOther ? credentials : os.credentials() };
    }
    settings.refuse("catchAllUser", "no such account in /etc/passwd");
    return { name: LOG_USER, credentials: logCredentials(accounts) };
  } catch (error) {
    if (isElsewhere(error)) return { name, credentials: undefined };
    throw error;
  }
}

function explain({ warn }: LoggingPorts, why: ByteString): void {
  warn(`no catch-all logger, so everything is printed here as with ${SETTINGS.logging.variable}=0: ${why}`);
}
