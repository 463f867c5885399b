// What a stop is allowed to take: settled in its first moment, so that nothing it does later needs more than there is.

import type { Os } from "../../os/os.ts";
import type { Settings } from "../settings.ts";
import type { StopSettings } from "./stage3.ts";
import { StopTime } from "./stop_time.ts";

interface StopPorts {
  readonly os: Pick<Os, "monotonic">;
  readonly settings: Pick<Settings, "get">;
  /** Takes what was thrown by a part of the stop: the rest is done all the same. */
  readonly failed: (error: unknown) => void;
}

export class Stop {
  readonly settings: StopSettings;
  readonly time: StopTime;

  constructor(private readonly ports: StopPorts) {
    this.settings = this.read();
    this.time = new StopTime(() => ports.os.monotonic(), this.settings);
  }

  /** The settings as the container's environment has them now; where that cannot be read, as they usually are. */
  private read(): StopSettings {
    const { settings } = this.ports;
    const read = { services: 3000, kill: 3000, finishScript: 5000, syncDisks: false };
    this.guarded(() => read.services = settings.get("servicesGraceTime"));
    this.guarded(() => read.kill = settings.get("killGraceTime"));
    this.guarded(() => read.finishScript = settings.get("killFinishMaximumTime"));
    this.guarded(() => read.syncDisks = settings.get("syncDisks"));
    return read;
  }

  private guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.ports.failed(error);
    }
  }
}
