// A program whose output is collected while it runs, so that one can wait for a line of it.

import type { ContainerEnd } from "./engine.ts";
import { patience } from "./patience.ts";

const TIME_LIMIT = patience(20_000);

export class CollectedProcess {
  stdout = "";
  stderr = "";
  readonly ended: Promise<ContainerEnd>;
  private readonly child: Deno.ChildProcess;
  private readonly waiting = new Set<() => void>();

  /** @param stdin all of standard input; null leaves it open, for what is typed later */
  constructor(argv: readonly string[], stdin?: string | null) {
    const started = performance.now();
    const piped = { stdout: "piped", stderr: "piped" } as const;
    const input = stdin === undefined ? "null" : "piped";
    this.child = new Deno.Command(argv[0]!, { args: argv.slice(1), stdin: input, ...piped }).spawn();
    if (typeof stdin === "string") this.feed(stdin);
    const read = [
      this.collect(this.child.stdout, (text) => this.stdout += text),
      this.collect(this.child.stderr, (text) => this.stderr += text),
    ];
    this.ended = Promise.all([this.child.status, ...read]).then(([status]) => ({
      code: status.code,
      stdout: this.stdout,
      ...withoutCause(this.stderr),
      milliseconds: performance.now() - started,
    }));
  }

  get pid(): number {
    return this.child.pid;
  }

  /** Resolves when the text has been printed the given number of times, both streams together. */
  printed(text: string, times = 1): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = (error?: Error): void => {
        clearTimeout(timer);
        this.waiting.delete(look);
        if (error) reject(error);
        else resolve();
      };
      const missing = (why: string): void =>
        finish(new Error(`"${text}" not printed ${why}\nstdout: ${this.stdout}\nstderr: ${this.stderr}`));
      const look = (): void => {
        if (count(this.stdout, text) + count(this.stderr, text) >= times) finish();
      };
      const timer = setTimeout(() => missing(`in ${TIME_LIMIT} ms`), TIME_LIMIT);
      this.waiting.add(look);
      this.ended.then((end) => missing(`before the end, exit code ${end.code}`));
      look();
    });
  }

  /** Writes to a standard input that was left open. */
  async type(text: string): Promise<void> {
    const writer = this.child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(text));
    writer.releaseLock();
  }

  private async collect(stream: ReadableStream<Uint8Array>, add: (text: string) => void): Promise<void> {
    const decoder = new TextDecoder();
    for await (const piece of stream) {
      add(decoder.decode(piece, { stream: true }));
      for (const look of [...this.waiting]) look();
    }
  }

  private feed(text: string): void {
    const writer = this.child.stdin.getWriter();
    writer.write(new TextEncoder().encode(text)).then(() => writer.close()).catch(() => {});
  }
}

/** Apart from the last line of a container, which says why it has ended. */
function withoutCause(text: string): Pick<ContainerEnd, "stderr" | "cause"> {
  const [line, cause] = /(?<=^|\n)s6-overlay: info: stopping: (.*)\n$/.exec(text) ?? [];
  return line === undefined ? { stderr: text } : { stderr: text.slice(0, -line.length), cause };
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** Runs a program to its end. */
export function collect(argv: readonly string[]): Promise<ContainerEnd> {
  return new CollectedProcess(argv).ended;
}
