// s6-svscan: the supervision tree as a program of its own. The supervisors work inside it, so that a tree is one
// process; where s6 execs .s6-svscan/finish or crash, so does this.

import type { ByteString } from "../../lib/bytes.ts";
import { EXIT, Failure, invalid, textOf } from "../../lib/report.ts";
import type { ProcessImage } from "../../lib/image/image.ts";
import type { SpawnedChild } from "../../lib/image/start.ts";
import { Reaper } from "../../lib/supervise/reaper.ts";
import { serviceStarter } from "../../lib/supervise/start.ts";
import { CATCH_ALL } from "../../lib/supervise/scan.ts";
import type { Scanner, ScannerOptions } from "../../lib/supervise/scanner_port.ts";
import { openScanner } from "../../lib/supervise/scanner.ts";
import { type Applet, type Context, daemon, type Outcome } from "../applet.ts";
import type { Options } from "../getopt.ts";
import { longOptions } from "../long_options.ts";
import { notifySockets } from "../notify_sockets.ts";
import { reporterOn } from "../print.ts";

const OPTIONS = "c:C:L:t:d:X:";

export const svscan: Applet = daemon({
  name: "s6-svscan",
  usage: "[ -c maxservices | -C maxposts ] [ -L maxname ] [ -t timeout ] [ -d notif ] [ -X consoleholder ] [ dir ]",
  summary: "keep a supervisor on each service of a scan directory",
  help: {
    c: "supervise this many services at most (default 1000)",
    C: "the same, loggers counted by themselves",
    L: "the longest name of a service (default 251)",
    t: "look for new services every this many milliseconds (default 0, when told to)",
    d: "write a newline to this descriptor when ready",
    X: "the descriptor of the console, for the services that hold it",
  },
  options: OPTIONS,
  long: longOptions({
    "console-holder": "X",
    "name-max": "L",
    "notification-fd": "d",
    "services-max": "C",
    "timeout": "t",
  }),
  least: 0,
  run: (context, { options, args: [directory] }) => {
    const limits = readLimits(options);
    const notification = descriptor(context, options.number("d"), "notification");
    const console = descriptor(context, options.number("X"), "console holder");
    if (directory !== undefined) context.os.changeDirectory(directory);
    if (console !== undefined) context.os.setCloseOnExec(console, true);
    const watch = begin(context, { ...limits, catchAll: { error: console } }, notification);
    try {
      watch.run();
      return finish(context, watch.loggedAll(), console);
    } catch (error) {
      return crash(context, error);
    }
  },
});

interface Limits {
  readonly capacity: number;
  readonly longestName: number;
  readonly rescanEvery: number;
}

function readLimits(options: Options<typeof OPTIONS>): Limits {
  const posts = options.number("C");
  const services = posts === undefined ? options.number("c") : Math.floor(posts / 2);
  return {
    capacity: within(2, 90_000, services ?? 500),
    longestName: within(11, 1019, options.number("L") ?? 251),
    rescanEvery: options.number("t") ?? 0,
  };
}

function within(least: number, most: number, value: number): number {
  return Math.min(most, Math.max(least, value));
}

/** A descriptor given as an option: it must be open, and not one of the standard ones. */
function descriptor({ os }: Context, fd: number | undefined, what: string): number | undefined {
  if (fd === undefined) return undefined;
  if (fd < 3) throw invalid(`${what} fd must be 3 or more`);
  if (!os.isOpen(fd)) throw invalid(`invalid ${what} fd: Bad file descriptor`);
  return fd;
}

/** A scanner that has begun. */
interface Watch {
  /** Supervises until the scanner has left its loop. */
  readonly run: () => void;
  /** True if a catch-all logger was among the services. */
  readonly loggedAll: () => boolean;
}

function begin(
  context: Context,
  limits: Limits & Pick<ScannerOptions, "catchAll">,
  notification: number | undefined,
): Watch {
  const { os } = context;
  const reactor = context.reactor();
  const reaper = new Reaper(os, reactor);
  const spawn = (image: ProcessImage): SpawnedChild =>
    context.spawn(image, { wait: false, by: context.name, quiet: true });
  const ports = {
    os,
    reactor,
    reaper,
    start: serviceStarter({ os, reactor, reaper }, spawn),
    openNotifySocket: notifySockets(context, reactor),
    report: reporterOn(os),
  };
  let loggedAll = false;
  const scanner: Scanner = openScanner(ports, {
    ...limits,
    directory: ".",
    environment: context.image.environment,
    onStop: () => {
      const names = scanner.services().map(({ name }) => name);
      loggedAll = names.includes(CATCH_ALL);
      const { error: console } = limits.catchAll ?? {};
      if (!loggedAll || console === undefined) return;
      // What we have of the catch-all logger's input would keep it from ending: it is the last to be there. A reader that
      // comes when no process writes any more would never learn of the end, so it is let come first.
      const leaveLogger = (): unknown => scanner.when("ready", () => printOn(os, console), [CATCH_ALL]);
      scanner.when("gone", leaveLogger, names.filter((name) => name !== CATCH_ALL));
    },
    onLeft: () => reactor.stop(),
  });
  if (notification !== undefined) {
    os.writeAll(notification, new Uint8Array([10]));
    os.close(notification);
  }
  const run = (): void => {
    reactor.run();
    scanner.close();
  };
  return { run, loggedAll: () => loggedAll };
}

function printOn(os: Pick<Context["os"], "duplicateOnto">, fd: number): void {
  os.duplicateOnto(fd, 1);
  os.duplicateOnto(fd, 2);
}

function finish({ os, image }: Context, loggedAll: boolean, console: number | undefined): Outcome {
  // The catch-all logger's fifo has no reader any more: what is printed from here on must not wait for it.
  if (console !== undefined) printOn(os, console);
  else if (loggedAll) os.duplicateOnto(os.open("/dev/null", ["write"]), 1);
  const script = ".s6-svscan/finish";
  if (os.find(script) === undefined) return 0;
  if (!os.mayExecute(script)) throw invalid(`unable to exec finish script ${script}: Permission denied`);
  return image.run([script]);
}

function crash(context: Context, error: unknown): Outcome {
  const script = ".s6-svscan/crash";
  context.warn(textOf(error));
  context.warn(`executing into ${script}`);
  if (!context.os.mayExecute(script)) {
    throw new Failure(EXIT.system, `unable to exec ${script}: ${reason(context, script)}`);
  }
  return context.image.run([script]);
}

function reason({ os }: Context, file: ByteString): string {
  return os.find(file) === undefined ? "No such file or directory" : "Permission denied";
}
