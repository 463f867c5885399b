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

  /** Brings the modules of all our programs along a chain into memory; undefined if they all are. */
  prepare(image: ProcessImage): Promise<void> | undefined {
    const missing = this.missing(image);
    return missing === undefined ? undefined : this.settled(this.loadFrom(missing, image));
  }

  private async loadFrom(first: string, image: ProcessImage): Promise<void> {
    for (let name: string | undefined = first; name !== undefined; name = this.missing(image)) {
      if (await this.applets.load(name) === undefined) return;
    }
  }

  /** The first program of ours along the chain whose module is not in memory. */
  private missing(image: ProcessImage): string | undefined {
    try {
      follow(this.os, this.applets.silent, image);
    } catch (error) {
      // Any other error is met again, and reported, by whoever runs the image.
      if (error instanceof NotLoaded) return error.applet;
    }
    return undefined;
  }
}
