// A file system that never answers, for tests of what hangs in it.

import { isFile, output } from "../../scripts/command.ts";
import { CollectedProcess } from "../../scripts/container_process.ts";
import { canIsolate } from "./namespace.ts";

const SOURCE = new URL("../hostile/mute.c", import.meta.url).pathname;

/** Whether such a file system can be had here. */
export const canMount = canIsolate && /^nodev\tfuse$/m.test(Deno.readTextFileSync("/proc/filesystems")) &&
  isFile("/dev/fuse");

/** A server that never answers, and its mount, which is gone at the end of the block. */
export class Mute implements AsyncDisposable {
  private isServing = true;

  private constructor(private readonly server: CollectedProcess, private readonly directory: string) {}

  static async mount(directory: string): Promise<Mute> {
    const program = await Deno.makeTempFile();
    await output(["gcc", "-O2", "-o", program, SOURCE]);
    await Deno.mkdir(directory, { recursive: true });
    const server = new CollectedProcess([program, directory]);
    await server.printed("mounted\n");
    await Deno.remove(program);
    return new Mute(server, directory);
  }

  /** When a process hangs in it. */
  asked(): Promise<void> {
    return this.server.printed("asked\n");
  }

  /** A process that hangs in it comes back. */
  end(): void {
    if (this.isServing) Deno.kill(this.server.pid, "SIGTERM");
    this.isServing = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.end();
    await this.server.ended;
    await output(["umount", "--lazy", this.directory]);
  }
}
