// What all applets that run in one process share: the system, the modules in memory, the event loop.

import { follow, NotLoaded } from "../lib/image/follow.ts";
import type { ProcessImage } from "../lib/image/image.ts";
import type { Os, Reactor } from "../lib/os/os.ts";
import type { LoadedApplets } from "./links.ts";

export class Surroundings {
  private loop: Reactor | undefined;

  /**
   * @param closed the descriptors among 0, 1 and 2 that were closed when the process started
   * @param makeReactor makes the event loop of the process
   */
  constructor(
    readonly os: Os,
    readonly applets: LoadedApplets,
    readonly closed: readonly number[],
    private readonly makeReactor: () => Reactor,
  ) {}

  /** The one event loop of the process, made when first asked for. */
  reactor(): Reactor {
    return this.loop ??= this.makeReactor();
  }

  /** Awaits work of the JavaScript runtime, under the event loop if it has begun. */
  private settled<T>(work: Promise<T>): Promise<T> {
    return this.loop === undefined ? work : this.loop.outside(work);
  }

  /** Brings the modules of all our programs along a chain into memory. */
  async loadChain(image: ProcessImage): Promise<void> {
    for (;;) {
      try {
        follow(this.os, this.applets, image);
        return;
      } catch (error) {
        // Anything else is found again, and reported, by whoever runs the image.
        if (!(error instanceof NotLoaded)) return;
        if (await this.settled(this.applets.load(error.applet)) === undefined) return;
      }
    }
  }
}
