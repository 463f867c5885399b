// Requests to a server in a container, sent from the moment this is made until it is told to end, and what came of them.

import { CollectedProcess } from "../../scripts/container_process.ts";
import { untilHolds } from "./inside.ts";

const PROGRAM = new URL("requesting.ts", import.meta.url).pathname;

/** Milliseconds that one of them may take at most, on a busy machine. */
const PATIENCE = 30_000;

export class Requests {
  private readonly process: CollectedProcess;

  /**
   * @param pid of the container's first process
   * @param count how many are sent at a time
   */
  constructor(pid: number, count: number, ...addresses: readonly string[]) {
    const into = ["nsenter", "-t", String(pid), "-n"];
    this.process = new CollectedProcess(
      [...into, Deno.execPath(), "run", "-A", "--no-check", PROGRAM, String(count), ...addresses],
      null,
    );
  }

  /** What came of each of those that are over. */
  get results(): readonly string[] {
    return this.process.stdout.split("\n").slice(0, -1);
  }

  /** Until that many more are over, and of those the last one was answered. */
  async more(count: number): Promise<void> {
    const least = this.results.length + count;
    const enough = (): boolean => this.results.length >= least && this.results.at(-1)!.startsWith("200 ");
    await untilHolds(enough, PATIENCE);
  }

  /** No more are sent, and those that are on their way come to an end. */
  async end(): Promise<readonly string[]> {
    await this.process.type("\n");
    const { code, stderr } = await this.process.ended;
    if (code !== 0) throw new Error(`the requests ended with ${code}: ${stderr}`);
    return this.results;
  }
}
