// What is around a log directory in memory: time that passes when asked to, and a processor that puts what it reads
// between "<" and ">".

import type { Keeping } from "../../../lib/log/directive.ts";
import type { LogdirHost } from "../../../lib/log/logdir.ts";
import type { MemoryFiles } from "./memory_files.ts";

export const DEFAULTS: Keeping = {
  ...{ archives: 10, size: 4096, tolerance: 0, total: 0, interval: 0, retry: 10, processor: undefined },
};

export class Host implements LogdirHost {
  readonly warnings: string[] = [];
  readonly timers: (() => void)[] = [];
  readonly mode = 0o644;
  /** What each run of the processor does. */
  processor: () => number = () => 0;
  constructor(readonly os: MemoryFiles) {}
  warn(text: string): void {
    this.warnings.push(text);
  }
  after(_milliseconds: number, callback: () => void): void {
    this.timers.push(callback);
  }
  process(path: string, _words: readonly string[], ended: (how: number | Error) => void): void {
    this.timers.push(() => {
      const previous = this.os.files.get(`${path}/previous`)!.content;
      this.os.files.set(`${path}/processed`, { content: `<${previous}>`, synced: "", mode: 0o644, links: 1 });
      this.os.files.set(`${path}/newstate`, { content: "new", synced: "", mode: 0o644, links: 1 });
      ended(this.processor());
    });
  }
  idle(): void {}
  /** Lets time pass until nothing more is to happen. */
  settle(): void {
    for (let timer = this.timers.shift(); timer !== undefined; timer = this.timers.shift()) timer();
  }
}

export const line = (number: number, length = 1000): string => `${number}`.padEnd(length - 1, ".") + "\n";

export function archives(files: MemoryFiles, path = "d"): string[] {
  return [...files.files.keys()].filter((name) => name.startsWith(`${path}/@`)).sort();
}

/** All that the directory holds, oldest first. */
export function union(files: MemoryFiles): string {
  const content = files.contents();
  const live = ["d/processed", "d/previous", "d/current"].filter((name) => !archives(files).includes(name));
  return [...archives(files), ...live].map((name) => content[name] ?? "").join("");
}
