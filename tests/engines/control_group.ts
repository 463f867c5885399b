// A control group of the kernel with a limit, for containers of plain namespaces.

import { isFile } from "../../scripts/command.ts";

/** By the controller: where groups of either kind have the limit. */
const LIMITS = { memory: ["memory.limit_in_bytes", "memory.max"], pids: ["pids.max", "pids.max"] } as const;

export class ControlGroup implements Disposable {
  private constructor(readonly path: string) {}

  /**
   * Undefined where there cannot be any.
   * @param value as engines take it: a number, which may end with "m" for 2^20
   */
  static make(controller: keyof typeof LIMITS, value: string): ControlGroup | undefined {
    const [first, second] = LIMITS[controller];
    for (const [place, file] of [[`/sys/fs/cgroup/${controller}`, first], ["/sys/fs/cgroup", second]] as const) {
      const path = `${place}/matrix-${crypto.randomUUID()}`;
      try {
        Deno.mkdirSync(path);
      } catch {
        continue;
      }
      const bytes = value.endsWith("m") ? Number(value.slice(0, -1)) * 2 ** 20 : Number(value);
      if (isFile(`${path}/${file}`)) {
        Deno.writeTextFileSync(`${path}/${file}`, `${bytes}`);
        return new ControlGroup(path);
      }
      Deno.removeSync(path);
    }
    return undefined;
  }

  /** When its processes are gone. */
  [Symbol.dispose](): void {
    Deno.removeSync(this.path);
  }
}
