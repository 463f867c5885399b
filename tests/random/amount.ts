// How much of what a test draws at random, or repeats, is tried: all of it in CI and by `deno task test`, which set
// TESTS=all; by `deno task ok`, before each commit, fewer.

const ALL = Deno.env.get("TESTS") === "all";

/**
 * How many there are of something.
 * @param all in CI
 * @param few before each commit
 */
export function amount(all: number, few: number): number {
  return ALL ? all : few;
}

/** A pattern for the titles of rows; the parameters are as above. */
export function rowPattern(all: string, few: string): string {
  return ALL ? all : few;
}
