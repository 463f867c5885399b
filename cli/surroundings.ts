// What all applets that run in one process share: the system, the modules in memory, the event loop.

import type { Os, Reactor, SocketOs, Sockets } from "../lib/os/os.ts";
import type { LoadedApplets } from "./links.ts";

export class Surroundings {
  private loop: Reactor | undefined;

  /**
   * @param makeReactor makes the event loop of the process
   * @param loadSockets loads what the system has for sockets
   */
  constructor(
    readonly os: Os,
    readonly applets: LoadedApplets,
    private readonly makeReactor: () => Reactor,
    private readonly loadSockets: () => PromiseLike<Sockets>,
  ) {}

  /** The one event loop of the process, made when first asked for. */
  reactor(): Reactor {
    return this.loop ??= this.makeReactor();
  }

  /** The system with sockets. */
  async socketOs(): Promise<SocketOs> {
    return { ...this.os, ...await this.loadSockets() };
  }
}
