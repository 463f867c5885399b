// What evaluating one chain may cost. Process 1 evaluates the chains of others: whatever these hold, it is at work for
// some tens of milliseconds and takes some megabytes at most. Counted, not timed, so that a chain always fares alike.

import { EXIT, invalid, Reported } from "../report.ts";

/** The most there may be of each thing. */
export interface Bounds {
  /** Our own programs in one chain. */
  readonly links: number;
  /** Blocks within blocks. */
  readonly depth: number;
  /** Words of one command line; those of the environment are not counted. */
  readonly words: number;
  /** Bytes of one script. */
  readonly script: number;
  /** Bytes of one word, as the kernel has it. */
  readonly word: number;
  /** Bytes of all that one program of a chain makes: the words of a command line, or the variables from a directory. */
  readonly expansion: number;
  /** Everything else, in units of about half a microsecond: a word made, 4 bytes of a script, 8 states of an automaton. */
  readonly steps: number;
}

const NAMES: Readonly<Record<keyof Bounds, string>> = {
  links: "programs in a row",
  depth: "blocks within one another",
  words: "words",
  script: "bytes in a script",
  word: "bytes in a word",
  expansion: "bytes in a command line",
  steps: "steps",
};

const KB = 1024;
const MOST: Bounds = {
  links: 512,
  depth: 256,
  words: 16_384,
  script: 256 * KB,
  word: 128 * KB,
  // What the kernel lets a program have at most, arguments and environment together.
  expansion: 6 * KB * KB,
  steps: 100_000,
};

/** As measured in process 1, whose code is not compiled: what is not a single step. */
const COST = { link: 60, file: 120, look: 20, alternative: 250 } as const;

// An empty word takes its NUL and a pointer of what the kernel allows for: more words than these no program gets.
const MOST_WORDS = Math.floor(MOST.expansion / 9);

/** The chain costs more than it may where it is evaluated: it has to be run in a process of its own. */
export class BudgetExceeded extends Reported {
  constructor(readonly what: keyof Bounds, readonly most: number) {
    super(`the chain takes more than ${most} ${NAMES[what]}`);
  }
}

/** Counts what one evaluation costs; each method throws once there is too much, before the thing itself is made. */
export class Budget {
  private linked = 0;
  private spent = 0;

  private constructor(readonly most: Bounds, private readonly refuse: (what: keyof Bounds) => never) {}

  /**
   * For one evaluation in process 1, which throws BudgetExceeded.
   * @param stackLimit the soft limit of the stack in bytes: the kernel lets arguments have a quarter of it
   */
  static ofProcess1(stackLimit: number | bigint = Infinity, steps: number = MOST.steps): Budget {
    const quarter = Math.max(Math.floor(Number(stackLimit) / 4), MOST.word);
    const most = { ...MOST, expansion: Math.min(MOST.expansion, quarter), steps };
    return new Budget(most, (what) => {
      throw new BudgetExceeded(what, most[what]);
    });
  }

  /**
   * For a process of its own. Only what no program can be given at all is refused, with Failure 126: the original fails
   * then with "Argument list too long", or for want of memory.
   */
  static readonly unlimited: Budget = new Budget(
    {
      links: Infinity,
      depth: Infinity,
      words: MOST_WORDS,
      script: Infinity,
      word: Infinity,
      expansion: MOST.expansion,
      steps: Infinity,
    },
    (what) => {
      const most = what === "words" ? `${MOST_WORDS} words` : `${MOST.expansion} bytes`;
      throw invalid(`unable to make a command line of more than ${most}: Argument list too long`, EXIT.cannotExecute);
    },
  );

  /** How many steps are left. */
  get stepsLeft(): number {
    return this.most.steps - this.spent;
  }

  /** One more of our own programs in the chain. */
  link(): void {
    if (++this.linked > this.most.links) this.refuse("links");
    this.steps(COST.link);
  }

  /** A file of this many bytes has been read. */
  file(bytes: number): void {
    this.steps(COST.file + (bytes >> 8));
  }

  /** This many small files have been read. */
  files(count: number): void {
    this.steps(count * COST.file);
  }

  /** A path has been inspected, or listed with this many entries. */
  look(entries = 0): void {
    this.steps(COST.look + entries);
  }

  /** Another program is to be tried, with an environment of this many variables, where the first cannot be executed. */
  alternative(variables: number): void {
    this.steps(COST.alternative + 2 * variables);
  }

  /** A block at this depth of nesting, itself included. */
  depth(level: number): void {
    if (level > this.most.depth) this.refuse("depth");
  }

  /** A script of this many bytes is to be read. */
  script(bytes: number): void {
    if (bytes > this.most.script) this.refuse("script");
  }

  /** There are, or will be, this many words in a command line or a value. */
  words(count: number): void {
    if (count > this.most.words) this.refuse("words");
  }

  /** A word, or a value, of this many bytes. */
  word(bytes: number): void {
    if (bytes > this.most.word) this.refuse("word");
  }

  /** What a program makes comes to this many bytes by now. */
  expansion(bytes: number): void {
    if (bytes > this.most.expansion) this.refuse("expansion");
  }

  /** This many steps more. */
  steps(count: number): void {
    this.spent += count;
    if (this.spent > this.most.steps) this.refuse("steps");
  }
}
