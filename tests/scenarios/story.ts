// A story is a folder: story.ts tells the setting and the steps, root/ is laid over the image, expected.txt is what the
// container prints on standard output. It can be run by hand: the folder's root/ is a complete example.

import type { Booted, Setting } from "../surroundings/container.ts";

export interface Story {
  readonly setting: Setting;
  /** The container's exit code. */
  readonly code: number;
  /** Services print when they start: the order of lines is not part of the story. */
  readonly unordered?: boolean;
  /** Why an engine, by its name, cannot tell the story. */
  readonly cannot?: Readonly<Record<string, string>>;
  /** What is done while it runs; without steps it is left to end by itself. */
  readonly steps?: (container: Booted) => Promise<void>;
}
