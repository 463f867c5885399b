// Lines of several logs as one sequence, in order of time. Pure.

import type { Instant } from "../../os/os.ts";

/** What has a place in time: a line without a stamp belongs to the one before it. */
export interface Timed {
  /** Undefined before the first stamp of a log. */
  readonly at: Instant | undefined;
  /** False for a piece of a line that goes on. */
  readonly ends: boolean;
}

/** A sequence that is read step by step; undefined at its end. */
export interface LineSource<Line extends Timed> {
  next(): Line | undefined;
}

/** The lines of a source up to a moment, and then all that follow: one that grows without end has one so. */
export class LinesUntil<Line extends Timed> implements LineSource<Line> {
  private held: Line | undefined;
  private isOver = false;

  constructor(private readonly source: LineSource<Line>, private readonly moment: Instant) {}

  /** Undefined at the moment, or at the end if that comes before; then at each end. */
  next(): Line | undefined {
    const line = this.held ?? this.source.next();
    this.held = undefined;
    const isLater = line?.at !== undefined && isBefore(this.moment, line.at);
    if (this.isOver || line !== undefined && !isLater) return line;
    this.held = line;
    this.isOver = true;
    return undefined;
  }
}

/** The lines of all sources. Those of one source keep their order, and of two at one time the first source's is first. */
export function* mergedByTime<Line extends Timed, Rest>(
  sources: readonly (LineSource<Line> & Rest)[],
): Generator<{ readonly source: LineSource<Line> & Rest; readonly line: Line }> {
  const heads = sources.map((source) => ({ source, line: source.next() }));
  for (;;) {
    let first: (typeof heads)[number] | undefined;
    for (const head of heads) {
      if (head.line !== undefined && (first === undefined || isBefore(head.line.at, first.line!.at))) first = head;
    }
    if (first === undefined) return;
    // A line is not interrupted.
    for (let ended = false; first.line !== undefined && !ended; first.line = first.source.next()) {
      ended = first.line.ends;
      yield { source: first.source, line: first.line };
    }
  }
}

function isBefore(one: Instant | undefined, other: Instant | undefined): boolean {
  if (one === undefined || other === undefined) return one === undefined && other !== undefined;
  return one.seconds < other.seconds || one.seconds === other.seconds && one.nanoseconds < other.nanoseconds;
}
