// Lanes whose outputs are one file, as where standard error is standard output: what one of them has put into its outbox is
// written before another puts anything into its own, so that no line comes into the middle of one of the other's.

/** What writes to the file, or wants to. */
interface TurnTaker {
  /** It may have its turn by now. */
  work(): void;
}

export class OutputTurns {
  private holder: TurnTaker | undefined;
  private readonly waiting: TurnTaker[] = [];

  /** False if another one has its turn: then it is called when that has ended. */
  begin(taker: TurnTaker): boolean {
    this.holder ??= taker;
    if (this.holder === taker) return true;
    if (!this.waiting.includes(taker)) this.waiting.push(taker);
    return false;
  }

  /** All that it has had to write is written. */
  end(taker: TurnTaker): void {
    if (this.holder !== taker) return;
    this.holder = undefined;
    this.waiting.shift()?.work();
  }
}
