// s6-log: lines from standard input go through a logging script into rotated directories and other places.
// Follows s6-log(8). The process has no timer and no thread of its own while nothing happens.

import { byteString } from "../../lib/bytes.ts";
import { ProcessImage } from "../../lib/image/image.ts";
import { type Keeping, parseScript } from "../../lib/log/directive.ts";
import { DIRECTORY_MODE } from "../../lib/log/archive.ts";
import { guardedDirectory } from "../../lib/log/guarded_files.ts";
import { Intake } from "../../lib/log/intake.ts";
import { LineReader } from "../../lib/log/lines.ts";
import { Logdir, type LogdirHost } from "../../lib/log/logdir.ts";
import { Logger, type Sink } from "../../lib/log/logger.ts";
import { Stream } from "../../lib/log/stream.ts";
import { findZone, type Zone } from "../../lib/log/timezone.ts";
import type { OpenFlag } from "../../lib/os/operands.ts";
import type { Reactor } from "../../lib/os/os.ts";
import { loggerTrouble } from "../../lib/overlay/logging/logger_trouble.ts";
import { EXIT, Failure, invalid, OsError, textOf, unlessRefused, unlessThere } from "../../lib/report.ts";
import { SIGNAL } from "../../lib/signals.ts";
import type { WaitStatus } from "../../lib/wait_status.ts";
import { type Applet, type Call, type Context, daemon } from "../applet.ts";

const OPTIONS = "d:qvbpl:t:";
const SHORTEST_LIMIT = 48;

export const log: Applet = daemon({
  name: "s6-log",
  usage: "[ -d notif ] [ -q | -v ] [ -b ] [ -p ] [ -l linelimit ] [ -t lastlinetimeout ] [ -- ] logging_script",
  summary: "write lines to rotated log directories",
  help: {
    d: "write a newline to this descriptor when ready",
    q: "do not warn",
    v: "warn of more",
    b: "stop reading while a line is being written",
    p: "do not end on TERM, only at the end of the input",
    l: "cut lines after this many bytes (default 8192; 0: never)",
    t: "after a TERM, wait this many milliseconds for the end of a line (default 2000)",
  },
  notes: [
    "The words of the script are carried out for each line, in order: -REGEX and +REGEX leave lines out and take them in; " +
    "f, e and a directory that begins with . or / are where a line goes; t and T put a stamp in front, TAI64N or ISO 8601; " +
    "n, s and S set how many old files are kept, and the bytes of a file and of all of them.",
  ],
  options: OPTIONS,
  least: 1,
  computes: true,
  run: (context, call) => {
    const settings = settingsOf(context, call);
    const process = new LogProcess(context, settings);
    process.start(call.args);
    context.reactor().run();
    return 0;
  },
});

interface Settings {
  /** Told when all directories are open. */
  readonly notification: number | undefined;
  readonly verbosity: number;
  /** Input is left alone while something is to be written. */
  readonly blocking: boolean;
  /** SIGTERM is ignored. */
  readonly protected: boolean;
  readonly lineLimit: number;
  readonly lastLineTimeout: number;
}

function settingsOf({ os }: Context, { options }: Call<typeof OPTIONS>): Settings {
  const notification = options.number("d");
  const limit = options.number("l") ?? 8192;
  const count = (letter: string): number => options.list.filter((option) => option.letter === letter).length;
  if (notification !== undefined && notification < 3) throw invalid("notification fd must be 3 or more");
  if (notification !== undefined && !os.isInherited(notification)) {
    throw invalid("invalid notification fd: Bad file descriptor");
  }
  return {
    notification,
    verbosity: 1 + count("v") - count("q"),
    blocking: options.has("b"),
    protected: options.has("p"),
    lineLimit: limit === 0 ? 0 : Math.max(SHORTEST_LIMIT, limit),
    lastLineTimeout: options.number("t") ?? 2000,
  };
}

/** In a service of the overlay, whose directory cannot be made, the service and its user are named as well. */
function opened(context: Context, path: string, open: () => Logdir): Logdir {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof OsError) || !["EACCES", "EPERM", "EROFS", "ENOENT"].includes(error.errno)) throw error;
    const more = loggerTrouble(context.os, path, error);
    throw more === undefined ? error : new Failure(EXIT.system, `${textOf(error)}: ${more}`);
  }
}

class LogProcess {
  private readonly reactor: Reactor;
  private readonly directories = new Map<string, Logdir>();
  private readonly stdout: Stream;
  private readonly stderr: Sink;
  private readonly host: LogdirHost;
  private readonly processors = new Map<number, (status: WaitStatus) => void>();
  private intake: Intake | undefined;
  private finishing = false;

  constructor(private readonly context: Context, private readonly settings: Settings) {
    const { os } = context;
    const reactor = this.reactor = context.reactor();
    const idle = (): void => this.afterWork();
    const mask = os.setUmask(0);
    os.setUmask(mask);
    this.host = {
      os,
      mode: 0o666 & ~mask,
      warn: (text) => this.warn(text),
      after: (milliseconds, callback) => void reactor.after(milliseconds, callback),
      process: (path, words, ended) => this.startProcessor(path, words, ended),
      idle,
    };
    const broke = ({ reason }: OsError): void =>
      context.warn(`unable to write to stdout, closing the stream - error was: ${reason}`);
    this.stdout = new Stream({ os, reactor, idle, broke }, 1);
    this.stderr = { write: (lines) => unlessRefused(() => os.writeAll(2, lines)) };
  }

  /** Opens everything the script names and begins to read. */
  start(words: readonly string[]): void {
    const { os } = this.context;
    const { lineLimit, lastLineTimeout, notification } = this.settings;
    this.takeSignals();
    const logger = this.openLogger(words);
    if (notification !== undefined) {
      unlessRefused(() => os.write(notification, new Uint8Array([10])));
      os.close(notification);
    }
    this.intake = new Intake({
      os,
      reactor: this.reactor,
      lastLineTimeout,
      warn: (text) => this.warn(text),
      deliver: (lines) => {
        logger.write(lines, os.now());
        this.pauseIfBlocked();
      },
      ended: () => this.finish(),
    }, new LineReader(lineLimit));
    this.intake.resume();
  }

  private openLogger(words: readonly string[]): Logger {
    const { os, image } = this.context;
    const script = parseScript(words, (text) => this.warn(text));
    let zone: Zone | undefined;
    const read = (path: string): string | undefined => unlessRefused(() => os.readFile(path));
    const status = (file: string, content: Uint8Array): void => {
      try {
        os.replaceFile(file, byteString(content));
      } catch (error) {
        if (!(error instanceof OsError)) throw error;
        this.warn(`unable to write status file ${file}: ${error.reason}`);
      }
    };
    const directory = (path: string, keeping: Keeping): Logdir => this.directory(path, keeping);
    const sinks = { stdout: this.stdout, stderr: this.stderr, directory, status };
    return new Logger(script, sinks, () => zone ??= findZone(image.environment.get("TZ"), read));
  }

  private directory(path: string, keeping: Keeping): Logdir {
    const known = this.directories.get(path);
    if (known !== undefined) return known;
    const directory = opened(this.context, path, () => this.openDirectory(path, keeping));
    this.directories.set(path, directory);
    if (keeping.interval > 0) this.rotateRegularly(directory, keeping.interval * 1000);
    return directory;
  }

  private openDirectory(path: string, keeping: Keeping): Logdir {
    const { os } = this.context;
    unlessThere(() => os.makeDirectory(path, DIRECTORY_MODE));
    const guarded = guardedDirectory(os, path);
    if (guarded === undefined) return new Logdir(this.host, path, keeping);
    const { files, place } = guarded;
    const process: LogdirHost["process"] = (_, words, ended) => this.startProcessor(place, words, ended, ["nofollow"]);
    return new Logdir({ ...this.host, os: files, process }, path, keeping);
  }

  private rotateRegularly(directory: Logdir, milliseconds: number): void {
    this.reactor.after(milliseconds, () => {
      this.rotate(directory);
      this.rotateRegularly(directory, milliseconds);
    });
  }

  private rotate(directory: Logdir): void {
    directory.rotate();
    this.pauseIfBlocked();
  }

  private pauseIfBlocked(): void {
    if (this.settings.blocking && this.busy) this.intake?.pause();
  }

  private takeSignals(): void {
    const { reactor } = this;
    const stop = (): void => this.intake?.stop();
    reactor.onSignal(SIGNAL.HUP, stop);
    reactor.onSignal(SIGNAL.TERM, this.settings.protected ? () => {} : stop);
    reactor.onSignal(SIGNAL.ALRM, () => this.directories.forEach((directory) => this.rotate(directory)));
    // A reader of our output that has gone shows as an error of write.
    reactor.onSignal(SIGNAL.PIPE, () => {});
    reactor.onSignal(SIGNAL.CHLD, () => this.reap());
  }

  private get busy(): boolean {
    return this.stdout.busy || [...this.directories.values()].some((directory) => directory.busy);
  }

  private afterWork(): void {
    if (this.finishing) this.leaveIfDone();
    else if (this.settings.blocking && !this.busy) this.intake?.resume();
  }

  /** The input is over: what is left is written, then the directories are closed and the process ends. */
  private finish(): void {
    this.finishing = true;
    this.directories.forEach((directory) => directory.close());
    this.leaveIfDone();
  }

  private leaveIfDone(): void {
    const open = [...this.directories.values()].some((directory) => !directory.closed);
    if (!open && !this.stdout.busy) this.reactor.stop();
  }

  private warn(text: string): void {
    if (this.settings.verbosity > 0) this.context.warn(text);
  }

  private startProcessor(
    path: string,
    words: readonly string[],
    ended: (how: WaitStatus | Error) => void,
    guards: readonly OpenFlag[] = [],
  ): void {
    const image = processorImage(this.context.image, path, words, guards);
    try {
      this.processors.set(this.context.spawn(image), ended);
    } catch (error) {
      // What failed on the way to the program is the cause of a LinkError.
      const { cause = error } = error as Error;
      ended(cause as Error);
    }
  }

  private reap(): void {
    const { os } = this.context;
    for (const [pid, ended] of [...this.processors]) {
      const death = os.reap(pid);
      if (death === undefined) continue;
      this.processors.delete(pid);
      ended(death.status);
    }
  }
}

/** The processor of a directory: it reads `previous` and the old state, and writes `processed` and the new state. */
function processorImage(
  image: ProcessImage,
  path: string,
  words: readonly string[],
  guards: readonly OpenFlag[],
): ProcessImage {
  const by = "s6-log";
  const open = (to: ProcessImage, fd: number, path: string, ...flags: OpenFlag[]): ProcessImage =>
    to.step({ do: "open", by, fd, path, flags: [...flags, ...guards], mode: 0o666 });
  const inside = ProcessImage.of(words, image.environment).step({ do: "directory", by, path });
  const files = open(open(inside, 0, "previous", "read"), 1, "processed", "write", "create", "truncate");
  return open(open(files, 4, "state", "read", "create"), 5, "newstate", "write", "create", "truncate");
}
