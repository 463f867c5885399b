// How a running program starts children: its own way, searching wherever exec would, and the way of process 1, which
// reads only where no other process can hold it up. Loaded by the first start.

import { Budget } from "../lib/image/budget.ts";
import type { ProcessImage } from "../lib/image/image.ts";
import { OwnSearch, type Search } from "../lib/image/search.ts";
import { type SpawnedChild, spawnImage, type Unawaited } from "../lib/image/start.ts";
import type { GivePipe } from "./applet.ts";
import type { LoadedApplets } from "./links.ts";
import type { Os } from "../lib/os/os.ts";
import type { ChainReading } from "./view.ts";

/** What it needs of the process (surroundings.ts). */
interface StartingPorts {
  readonly os: Os;
  readonly applets: LoadedApplets;
}

interface Guarded {
  readonly search: Search;
  readonly reading: ChainReading;
}

export class Starting {
  private looking: Guarded | undefined;
  /** In process 1: the pipes that it holds. */
  givePipe: GivePipe | undefined;

  constructor(private readonly surroundings: StartingPorts) {}

  /** Starts the image's command and returns its pid, once it has become its program, or reported that it would. */
  awaited(image: ProcessImage, by: string): number {
    const { os, applets } = this.surroundings;
    const search = new OwnSearch(os, applets);
    const { pid, report, told } = spawnImage(os, search, applets.strict, image, { by, quiet: true });
    os.setNonBlocking(report, false);
    const news = told();
    os.close(report);
    if (news?.kind !== "failed") return pid;
    os.wait(pid);
    throw news.error;
  }

  /** Starts it and waits for nothing. */
  unawaited(image: ProcessImage, playing: Unawaited): SpawnedChild {
    const { os, applets } = this.surroundings;
    const { search, reading } = this.guarded();
    const budget = Budget.ofProcess1(os.limits("stack").soft);
    return spawnImage(os, search, applets.guarded(reading, budget, this.givePipe), image, playing);
  }

  /** Under our loader (load.ts) import() calls back at once. Most programs that start others need none of it. */
  private guarded(): Guarded {
    const { os, applets } = this.surroundings;
    if (this.looking === undefined) {
      import("../lib/image/guarded_search.ts").then(({ GuardedSearch }) =>
        import("./guarded_reading.ts").then(({ guardedReading }) =>
          this.looking = { search: new GuardedSearch(os, applets), reading: guardedReading(os) }
        )
      );
    }
    return this.looking!;
  }
}
