// Loggers that are killed by the system call: strace kills s6-log when it is about to make a certain call on one of its
// files, so that every point of a start, of writing, of a rotation and of an end can be hit, and hit again.

import { byteString } from "../../lib/bytes.ts";
import { OURS } from "../surroundings/namespace.ts";

/** Death at the `when`th call of this name. */
export interface Kill {
  readonly call: string;
  readonly when: number;
}

const FILES = ["", "/current", "/previous", "/processed", "/state", "/newstate", "/lock"];
const LINE_LENGTH = 300;
const TIME_LIMIT = 20_000;

/** A log directory that sees one logger after the other. */
export class CrashSession {
  readonly directory = Deno.makeTempDirSync({ prefix: "crash-" });
  /** For each logger, how many bytes of its input it has written for sure. */
  readonly written: number[] = [];
  /** How many loggers were killed. */
  deaths = 0;

  constructor(private readonly processor: string) {}

  /** Runs a logger on the given number of lines. @returns the calls it made, "name(arguments) = result" */
  async run(lines: number, kill?: Kill): Promise<string[]> {
    const { directory } = this;
    const input = Array.from({ length: lines }, (_, line) => this.line(this.written.length, line)).join("");
    Deno.writeTextFileSync(`${directory}/input`, input);
    const paths = FILES.flatMap((file) => ["-P", `${directory}/d${file}`]);
    const injection = kill === undefined ? [] : ["-e", `inject=${kill.call}:signal=KILL:when=${kill.when}`];
    const command = new Deno.Command("sh", {
      args: [
        ...["-c", 'cat input | exec timeout -s KILL 15 strace -qq -y -s0 -o trace "$@"', "sh", ...paths, ...injection],
        ...["s6-log", "n100000", "s4096", "l0", "r1", `?${this.processor}`, `${directory}/d`],
      ],
      ...{ cwd: directory, clearEnv: true, env: { PATH: `${OURS}:/usr/bin:/bin` } },
      ...{ stdin: "null", stdout: "null", stderr: "piped", signal: AbortSignal.timeout(TIME_LIMIT) },
    });
    const { code, stderr } = await command.output();
    const calls = Deno.readTextFileSync(`${directory}/trace`).split("\n").filter((call) => /^\w+\(/.test(call));
    if (kill === undefined && code !== 0) throw new Error(`${code}: ${byteString(stderr)}\n${calls.join("\n")}`);
    if (code !== 0) this.deaths++;
    this.written.push(bytesWritten(calls));
    return calls;
  }

  private line(logger: number, line: number): string {
    return `${logger}.${line}.`.padEnd(LINE_LENGTH - 1, "-") + "\n";
  }

  /** What is wrong with what all the loggers have left, or undefined. */
  fault(): string | undefined {
    const root = `${this.directory}/d`;
    const names = [...Deno.readDirSync(root)].map(({ name }) => name).sort();
    const odd = names.filter((name) => !/^(@[0-9a-f]{24}\.[su]|current|lock|state)$/.test(name));
    if (odd.length > 0) return `left behind: ${odd.join(" ")}`;
    const files = names.filter((name) => name.startsWith("@") || name === "current");
    const lines = files.flatMap((name) => Deno.readTextFileSync(`${root}/${name}`).split("\n").slice(0, -1));
    const found = new Set(lines);
    if (found.size < lines.length) return `twice: ${lines.find((line, at) => lines.indexOf(line) < at)}`;
    let known = 0;
    for (const [logger, bytes] of this.written.entries()) {
      let line = 0;
      while (found.has(this.line(logger, line).slice(0, -1))) line++;
      if (line * LINE_LENGTH < bytes) return `logger ${logger} wrote ${bytes} bytes, there are ${line} lines of it`;
      known += line;
    }
    if (known < lines.length) return `${lines.length - known} lines are torn, or stand behind a gap`;
    return undefined;
  }

  end(): void {
    Deno.removeSync(this.directory, { recursive: true });
  }
}

function bytesWritten(calls: readonly string[]): number {
  const results = calls.map((call) => /^write\([0-9]+<[^>]*\/d\/[^>]*>.* = ([0-9]+)$/.exec(call)?.[1] ?? "0");
  return results.reduce((sum, result) => sum + Number(result), 0);
}

/** How often each call was made, by name. */
export function countCalls(calls: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const call of calls) {
    const name = call.slice(0, call.indexOf("("));
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** Runs the tasks, as many at a time as there are processors. */
export async function runTasks(tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const left = tasks.values();
  const work = async (): Promise<void> => {
    for (const task of left) await task();
  };
  await Promise.all(Array.from({ length: navigator.hardwareConcurrency }, work));
}
