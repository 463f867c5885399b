// Runs rows ahead of the tests that report them, as many at a time as keep the processors busy: many rows wait, for a
// second between two restarts or for a time limit, and others compute meanwhile.

/** Clock ticks of all processors since the machine started. */
export interface ProcessorTime {
  readonly idle: number;
  readonly total: number;
}

/** Milliseconds between two looks at the processors. */
const INTERVAL = 100;
/** Rows that are begun before the first one's result is taken. */
const FARTHEST = 100;
const LEAST_IDLE = 0.05;
const MOST_IDLE = 0.15;

/** How many rows run at a time: one more whenever the processors idle, one fewer when they have too much to do. */
export class CrowdSize {
  value: number;
  private before: ProcessorTime | undefined;

  constructor(private readonly least: number, private readonly most: number) {
    this.value = least;
  }

  /** Takes in how the processors stand; undefined if that is not known here. */
  look(now: ProcessorTime | undefined): void {
    const { before } = this;
    this.before = now;
    if (before === undefined || now === undefined || now.total === before.total) return;
    const idle = (now.idle - before.idle) / (now.total - before.total);
    if (idle > MOST_IDLE) this.value = Math.min(this.most, this.value + 1);
    else if (idle < LEAST_IDLE) this.value = Math.max(this.least, this.value - 1);
  }
}

/** Reads /proc/stat. */
export function processorTime(stat: string): ProcessorTime | undefined {
  const ticks = /^cpu +([0-9 ]+)$/m.exec(stat)?.[1]?.split(" ").map(Number);
  if (ticks === undefined) return undefined;
  return { idle: ticks[3]! + (ticks[4] ?? 0), total: ticks.reduce((sum, tick) => sum + tick) };
}

/** Rows 0 up to `count`, whose results are asked for in that order; a filter may leave some out. */
export class RowRunner {
  private readonly results = new Map<number, PromiseWithResolvers<void>>();
  private readonly waiting: number[] = [];
  private running = 0;
  private looking: ReturnType<typeof setInterval> | undefined;
  private next = 0;
  private ahead = 1;

  /**
   * @param work runs one row
   * @param processors reads how the processors stand
   */
  constructor(
    private readonly count: number,
    private readonly work: (at: number) => Promise<void>,
    private readonly crowd: CrowdSize,
    private readonly processors: () => ProcessorTime | undefined,
  ) {}

  /** The result of a row. Rows behind it are begun: the more of them, the longer none was left out. */
  result(at: number): Promise<void> {
    this.ahead = at === this.next ? Math.min(2 * this.ahead, FARTHEST) : 1;
    this.next = at + 1;
    for (let row = at; row < Math.min(this.count, at + this.ahead); row++) {
      if (this.results.has(row)) continue;
      const result = Promise.withResolvers<void>();
      result.promise.catch(() => {}); // reported by the test of that row
      this.results.set(row, result);
      this.waiting.push(row);
    }
    this.begin();
    return this.results.get(at)!.promise;
  }

  private begin(): void {
    while (this.running < this.crowd.value && this.waiting.length > 0) this.run(this.waiting.shift()!);
    if (this.running > 0) this.looking ??= setInterval(() => this.adapt(), INTERVAL);
    else {
      clearInterval(this.looking);
      this.looking = undefined;
    }
  }

  private adapt(): void {
    this.crowd.look(this.processors());
    this.begin();
  }

  private run(at: number): void {
    const { resolve, reject } = this.results.get(at)!;
    this.running++;
    this.work(at).then(resolve, reject).finally(() => {
      this.running--;
      this.begin();
    });
  }
}
