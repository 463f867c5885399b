// What all applets that run in one process share: the system, the modules in memory, the event loop.

import type { Ended } from "../lib/os/ended.ts";
import type { Os, Reactor } from "../lib/os/os.ts";
import type { Parts } from "../lib/os/parts.ts";
import type { LoadedApplets } from "./links.ts";
import type { Starting } from "./starting.ts";

export type PartLoaders = { readonly [Name in keyof Parts]: () => PromiseLike<Parts[Name]> };

export class Surroundings {
  private loop: Reactor | undefined;
  private starts: Starting | undefined;

  /**
   * @param makeReactor makes the event loop of the process
   * @param loadPart loads what few programs need of the system
   * @param releaseSignals lets the signals through that have come since this process began, and those to come
   */
  constructor(
    readonly os: Os,
    readonly applets: LoadedApplets,
    private readonly makeReactor: () => Reactor,
    readonly loadPart: PartLoaders,
    readonly releaseSignals: () => void,
    private results: readonly Ended[] = [],
  ) {}

  /** How the commands have ended that the program's course has had run before this process began; told once. */
  takeResults(): readonly Ended[] {
    const { results } = this;
    this.results = [];
    return results;
  }

  /** What starts children. Under our loader (load.ts) import() calls back at once. */
  starting(): Starting {
    if (this.starts === undefined) import("./starting.ts").then(({ Starting }) => this.starts = new Starting(this));
    return this.starts!;
  }

  /** The one event loop of the process, made when first asked for. */
  reactor(): Reactor {
    return this.loop ??= this.makeReactor();
  }
}
