// What all applets that run in one process share: the system, the modules in memory, the event loop.

import type { Os, Reactor } from "../lib/os/os.ts";
import type { LoadedApplets } from "./links.ts";

export class Surroundings {
  private loop: Reactor | undefined;

  /** @param makeReactor makes the event loop of the process */
  constructor(
    readonly os: Os,
    readonly applets: LoadedApplets,
    private readonly makeReactor: () => Reactor,
  ) {}

  /** The one event loop of the process, made when first asked for. */
  reactor(): Reactor {
    return this.loop ??= this.makeReactor();
  }
}
