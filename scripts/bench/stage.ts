// What a section of the benchmark is given.

/** What a section of the benchmark is given. */
export interface Stage {
  /** An empty directory; it is removed afterwards. */
  readonly directory: string;
  /** The compiled stamp.c. */
  readonly stamp: string;
  /** Our trees, by the name that the tables give them: one for each base that can be had here. */
  readonly trees: ReadonlyMap<string, string>;
  /** How often each thing is measured. */
  readonly runs: number;
}
