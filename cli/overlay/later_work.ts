// What a step of generation 2 is given that s6-rc has taken in a running container.

import type { Reporter } from "../../lib/reporter.ts";
import type { Settings } from "../../lib/overlay/settings.ts";
import type { TaskWork } from "./task_work.ts";

export interface LaterWork extends Pick<TaskWork, "context" | "os"> {
  /** As they are now. */
  readonly settings: Settings;
  /** Prints what the settings have printed. */
  readonly report: Reporter;
}
