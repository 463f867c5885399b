// s6-supervise: keeps one service, as a program of its own. The same machinery serves s6-svscan and /init, where
// supervisors are not processes.

import type { ByteString } from "../../lib/bytes.ts";
import type { ProcessImage } from "../../lib/image/image.ts";
import type { SpawnedChild } from "../../lib/image/start.ts";
import type { Os, Reactor } from "../../lib/os/os.ts";
import { exitCodeOf, textOf } from "../../lib/report.ts";
import { SIGNAL } from "../../lib/signals.ts";
import { Reaper } from "../../lib/supervise/reaper.ts";
import { serviceStarter } from "../../lib/supervise/start.ts";
import { Supervisor } from "../../lib/supervise/supervisor.ts";
import { type Applet, type Context, daemon } from "../applet.ts";
import { NO_OPTIONS } from "../getopt.ts";
import { notifySockets } from "../notify_sockets.ts";
import { printError, reporterOn } from "../print.ts";

/** Signals to the supervisor, as events of the service's state machine. */
const EVENTS = { TERM: "term", HUP: "hup", QUIT: "quit", INT: "int" } as const;

export const supervise: Applet = daemon({
  name: "s6-supervise",
  usage: "dir",
  summary: "start a service, restart it when it dies, and obey s6-svc",
  options: NO_OPTIONS,
  least: 1,
  run: (context, { args: [directory = ""] }) => {
    context.os.changeDirectory(directory);
    const reactor = context.reactor();
    try {
      const supervisor = open(context, reactor, directory);
      for (const name of Object.keys(EVENTS) as (keyof typeof EVENTS)[]) {
        reactor.onSignal(SIGNAL[name], () => supervisor.handle({ on: EVENTS[name] }));
      }
      supervisor.begin();
    } catch (error) {
      printError(context.os, `s6-supervise ${directory}`, "fatal", textOf(error));
      return exitCodeOf(error);
    }
    reactor.run();
    return 0;
  },
});

function open(context: Context, reactor: Reactor, name: ByteString): Supervisor {
  const { os } = context;
  const reaper = new Reaper(os, reactor);
  const spawn = (image: ProcessImage): SpawnedChild =>
    context.spawn(image, { wait: false, by: context.name, quiet: true });
  return Supervisor.open(
    {
      os,
      reactor,
      reaper,
      start: serviceStarter({ os, reactor, reaper }, spawn),
      openNotifySocket: notifySockets(context, reactor),
      report: reporterOn(os),
    },
    {
      name,
      directory: ".",
      environment: context.image.environment,
      streams: () => ({}),
      detach: () => detach(os),
      onEnd: () => reactor.stop(),
    },
  );
}

/** Lets go of the pipes that standard input and output may be: their other ends see the end. */
function detach(os: Pick<Os, "open" | "close" | "duplicateOnto">): void {
  const nothing = os.open("/dev/null", ["readwrite"]);
  os.duplicateOnto(nothing, 0);
  os.duplicateOnto(nothing, 1);
  os.close(nothing);
}
