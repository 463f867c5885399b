// Where the program begins: the name it was called by, the applet behind the name, and its exit code.

import { Environment } from "../lib/environment.ts";
import { ProcessImage } from "../lib/image/image.ts";
import { leave, openSystem, type System, systemOf } from "../lib/os/linux.ts";
import type { Reactor } from "../lib/os/os.ts";
import { isKept } from "../lib/os/checkpoint.ts";
import { prefixOfProgram } from "../lib/os/caller.ts";
import { STATE_LOCK } from "../lib/state_place.ts";
import { FAILED_PLAYER } from "../lib/os/player.ts";
import { exitCodeOf, textOf } from "../lib/report.ts";
import { PIPE, setIgnored, SignalMask } from "../lib/os/signal.ts";
import { INIT, LoadedApplets, ownNameOf } from "./links.ts";
import { printError } from "./print.ts";
import { runProgram } from "./run.ts";
import { type PartLoaders, Surroundings } from "./surroundings.ts";

const loadPart: PartLoaders = {
  datagrams: () => import("../lib/os/datagram.ts").then((module) => module.datagrams),
  directoryWatches: () => import("../lib/os/directory_watch.ts").then((module) => module.directoryWatches),
  mounts: () => import("../lib/os/mount.ts").then((module) => module.mounts),
  notices: () => import("../lib/os/notice.ts").then((module) => module.notices),
  pipes: () => import("../lib/os/pipes.ts").then((module) => module.pipes),
  sockets: () => import("../lib/os/socket.ts").then((module) => module.sockets),
  lasting: () => import("../lib/os/lasting.ts").then((module) => module.lasting),
  listening: () => import("../lib/os/listening.ts").then((module) => module.listening),
  attempts: () => import("../lib/os/attempt.ts").then((module) => module.attempts),
  machine: () => import("../lib/os/machine.ts").then((module) => module.machine),
  terminals: () => import("../lib/os/terminal.ts").then((module) => module.terminals),
};

/** For the loader, which shares no module with the program. */
export { OsError } from "../lib/report.ts";

/** Runs this process to its end. The loader calls it when all modules of the program have been initialized. */
export async function main(): Promise<void> {
  // Before there is a system there is nothing to tell it with but the runtime.
  let tell = (text: string): void => console.error(`s6-overlay: fatal: ${text}`);
  try {
    if (isKept()) await prepare();
    const system = openSystem();
    tell = (text) => printError(system.os, "s6-overlay", "fatal", text);
    await run(system);
  } catch (error) {
    tell(textOf(error));
    leave(exitCodeOf(error));
  }
}

/** What is done once, in the process that is to be kept, and not by each that goes on from it. */
async function prepare(): Promise<void> {
  const memory = await import("../lib/os/settled_memory.ts");
  await import("./rehearsal.ts").then(({ rehearse }) => rehearse(prefixOfProgram(), systemOf, run, memory));
}

async function run({ caller, os }: System): Promise<void> {
  const name = ownNameOf(caller, os);

  // Blocked by the launcher, so that the runtime's threads leave signals alone.
  const mask = new SignalMask(caller.blockedSignals);
  // What a wrapper has it ignore would not even come to process 1.
  if (name === INIT) { for (let signal = 1; signal < 32; signal++) setIgnored(signal, false); }
  setIgnored(PIPE, caller.pipeSignalIgnored);

  if (name !== INIT && os.find(STATE_LOCK) === undefined) await findState(os);
  const applets = new LoadedApplets(os, caller.prefix, (by, text) => printError(os, by, "warning", text));
  // Most programs wait for nothing. The loader (load.ts) calls back at once.
  const makeReactor = (): Reactor => {
    let reactor: Reactor | undefined;
    import("../lib/os/reactor.ts").then((module) =>
      reactor = new module.EpollReactor(os, (signals) => mask.add(signals))
    );
    return reactor!;
  };
  const surroundings = new Surroundings(os, applets, makeReactor, loadPart, () => mask.release(), caller.results);
  if (caller.argv[0] === FAILED_PLAYER) {
    surroundings.releaseSignals();
    const attempts = await loadPart.attempts();
    os.exit(
      await import("./played.ts").then((module) => module.tellOfFailure(surroundings, attempts, caller.argv.slice(1))),
    );
  }
  os.exit(await runProgram(surroundings, name, ProcessImage.of(caller.argv, Environment.of(caller.env))));
}

async function findState(os: System["os"]): Promise<void> {
  const moved = await import("../lib/overlay/boot/moved_state.ts").then((module) => module.findMovedState(os));
  if (moved !== undefined) os.moveState(moved);
}
