// How rows stand that are run only when there is time: kept in dist/cache, by their states (row_states.ts).

/** A row that waits was left out before, in the same state. */
export type RowStanding = "waiting" | "failed" | "passed";

/** Of older ones there are rows again as they were, when a branch is left. */
const MOST = 50_000;

/** The standings of states, the latest last. */
export class RowMemory {
  private readonly standings: Map<string, RowStanding>;

  constructor(private readonly file: string) {
    this.standings = new Map(read(file));
  }

  standing(state: string): RowStanding | undefined {
    return this.standings.get(state);
  }

  note(state: string, standing: RowStanding): void {
    this.standings.delete(state);
    this.standings.set(state, standing);
  }

  keep(): void {
    const made = `${this.file}.${crypto.randomUUID()}`;
    Deno.writeTextFileSync(made, JSON.stringify([...this.standings].slice(-MOST)));
    Deno.renameSync(made, this.file);
  }
}

function read(file: string): [string, RowStanding][] {
  try {
    return JSON.parse(Deno.readTextFileSync(file));
  } catch {
    return [];
  }
}
