// /init: the container's first process, from its start to its exit code. It puts the stages, the scanner and the
// console together; when one stage gives way to the next is in the table of a container's life.

import type { ByteString } from "../../lib/bytes.ts";
import type { ContainerLife } from "../../lib/overlay/container.ts";
import { layImageServices } from "../../lib/overlay/boot/image_services.ts";
import { makeState, treeEnvironment } from "../../lib/overlay/boot/stage1.ts";
import { isEssential } from "../../lib/overlay/essential.ts";
import { outputMode } from "../../lib/overlay/logging/output_mode.ts";
import type { Logging } from "../../lib/overlay/logging/logging.ts";
import { watchMemory } from "../../lib/overlay/memory_watch.ts";
import { ownFiles } from "../../lib/overlay/own_files.ts";
import { PATHS } from "../../lib/overlay/paths.ts";
import { tellOfFewFiles } from "../../lib/overlay/stop/reserve.ts";
import { timelinePath } from "../../lib/overlay/timeline/timeline_file.ts";
import { tellOfUnknown } from "../../lib/overlay/unknown_settings.ts";
import { SIGNAL, signalName } from "../../lib/signals.ts";
import { openScanner } from "../../lib/supervise/scanner.ts";
import type { Scanner, ScannerOptions } from "../../lib/supervise/scanner_port.ts";
import type { Start } from "../../lib/supervise/start.ts";
import { questionMark } from "../../lib/wait_status.ts";
import { type Applet, daemon } from "../applet.ts";
import { notifySockets } from "../notify_sockets.ts";
import { NO_OPTIONS } from "../getopt.ts";
import { answerAtSocket } from "./answer_at_socket.ts";
import { stateElsewhere } from "./elsewhere.ts";
import { ProcessOne } from "./process_one.ts";
import { Stages } from "./stages.ts";

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
    const one = new ProcessOne(context, await context.part("lasting"));
    one.reactor.survive((error) => one.tell("error", error));
    if (one.output !== "plain") {
      const { nameLines } = await import("./relaying.ts");
      await nameLines(one, one.output);
    }
    prepare(one);
    // Most containers do not log: they need not read how.
    const logs = one.given.get("logging") !== 0;
    const Logger = logs ? (await import("../../lib/overlay/logging/logging.ts")).Logging : undefined;
    return live(one, args, Logger);
  },
});

/** Everything before the first service. */
function prepare(one: ProcessOne): void {
  const { os, environment, keepEnvironment, report } = one;
  const few = tellOfFewFiles(os.limits("openFiles").hard);
  if (few !== undefined) one.warn(few);
  makeState(os, environment, {
    keepEnvironment,
    first: one.precedence,
    report,
    elsewhere: () => stateElsewhere(os),
  });
  if (os.pid !== 1) beSubreaper(one);
  one.ending.begin();
  // What has just been stored need not be read.
  one.settings.check((variable) => environment.get(variable));
  // Values of no use are told when people look, at the begin.
  const given = { get: one.given.get.bind(one.given), refuse: one.settings.refuse.bind(one.settings) };
  outputMode(given);
  timelinePath(given);
  one.routes.check(environment);
  tellOfUnknown(environment, one.warn);
  one.keepStore();
}

/** Another program is process 1: what is not below us is not our business. */
function beSubreaper({ os, reportFirst }: ProcessOne): void {
  os.becomeSubreaper();
  reportFirst(
    "info",
    "s6-overlay",
    `this is process ${os.pid}, not 1: it adopts its own orphans and signals nobody else`,
  );
}

/** @returns the container's exit code */
function live(one: ProcessOne, given: readonly ByteString[], Logger: typeof Logging | undefined): number {
  const { os, reactor, settings, outputs, report, observer } = one;
  const tree = treeEnvironment(ownFiles(os), one.environment, one.keepEnvironment, report);
  const logging = Logger?.prepare({ os, reactor, settings, outputs, warn: one.warn, loggerLines: one.loggerLines });
  layImageServices(os, logging !== undefined, report);
  const { reaper, children, relay } = one;
  // What is printed waits until it is known where it goes.
  if (logging !== undefined) relay?.hold();
  reactor.onSignal(SIGNAL.ABRT, () => one.noteSignal("ABRT"));
  const startOther: Start = (image, news) => children.service(image, news);
  const openNotifySocket = notifySockets(one.context, reactor, PATHS.notifySockets, startOther);
  const follow = (name: string): boolean => {
    one.noteSignal(name);
    return one.routes.follow(name, { scanner, toCommand: (signal) => one.command.signal(signal) });
  };
  const start: Start = (image, news) => stages.later?.holds(image, news) ?? startOther(image, news);
  const scanner: Scanner = openScanner({ os, reactor, reaper, report, start, openNotifySocket }, {
    directory: PATHS.services,
    environment: tree,
    loggersLast: true,
    catchAll: logging?.streams,
    printing: relay && ((name, outputs) => relay.service(name, outputs, "logger")),
    onForgotten: relay && ((name) => relay.forget(name)),
    signals: one.signals,
    onSignalFirst: (name) => stages.later !== undefined && follow(name),
    onSignal: (name) => stages.later?.followSignal(name) ?? follow(name),
    onStep: observer.serviceStep,
    onOwnEnd: (service, held) => serviceEnded(one, scanner, service, isEssential(os, held), life),
    defersStop: () => life.defersStop(),
    onStop: (wait) => life.handle({ on: "stopAsked", wait }),
    onLeft: () => life.handle({ on: "left" }),
  });
  const stages = new Stages(one, { scanner, tree, logging, given });
  const life = stages.life();
  answerAtSocket(one, scanner);
  watchMemory({
    reactor,
    memory: one.memory,
    caches: [() => one.store.forget()],
    end: (why) => {
      one.reportFirst("fatal", "s6-overlay", `${why}: stopping the container`);
      life.handle({ on: "outOfMemory" });
    },
  });
  life.begin();
  // While the command runs, or the first script: later there may be no descriptor left to read it with.
  reactor.after(0, () => stages.stopping());
  reactor.run();
  return one.exitCode;
}

/** The container lives as long as its essential services do. */
function serviceEnded(
  { observer, report }: ProcessOne,
  scanner: Pick<Scanner, "command">,
  { name, lastStatus }: Parameters<NonNullable<ScannerOptions["onOwnEnd"]>>[0],
  essential: boolean,
  life: ContainerLife,
): void {
  observer.serviceEnded(name, essential);
  if (!essential) return;
  const code = questionMark(lastStatus);
  const how = code > 255 ? `was killed by ${signalName(code - 256)}` : `exited ${code}`;
  report("info", "s6-overlay", `essential service ${name} ${how}: stopping the container`);
  // Others may have to go down before it: until then it is not to be started again.
  scanner.command(name, { on: "down" });
  life.handle({ on: "essentialEnded", code });
}
