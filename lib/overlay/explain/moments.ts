// Moments in words, for people.

import type { Zone } from "../../log/timezone.ts";
import { isoText } from "../../log/timezone.ts";
import { durationInWords } from "../durations.ts";
import type { Moment } from "../journal/snapshot.ts";

/** Tells moments as they are seen from one of them. */
export class MomentTeller {
  constructor(private readonly now: Moment, private readonly zone: Zone) {}

  /** "since 10:25:06 (4 min 12 s)" */
  since(moment: Moment): string {
    return `since ${this.clock(moment)} (${durationInWords(this.now.after - moment.after)})`;
  }

  /** "until 10:25:13 (in 7 s)" */
  until(moment: Moment): string {
    return `until ${this.clock(moment)} (in ${durationInWords(moment.after - this.now.after)})`;
  }

  /** The time of day, with the date where it is not today. */
  private clock({ time }: Moment): string {
    const [day, clock] = this.written(time);
    return day === this.written(this.now.time)[0] ? clock : `${day} ${clock}`;
  }

  private written(time: number): [day: string, clock: string] {
    const [day = "", clock = ""] = isoText({ seconds: Math.floor(time / 1000), nanoseconds: 0 }, this.zone).split(
      " ",
    );
    return [day, clock.slice(0, 8)];
  }
}
