// Moments and spans of time in words, for people.

import type { Zone } from "../../log/timezone.ts";
import { isoText } from "../../log/timezone.ts";
import type { Moment } from "../journal/snapshot.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The units that a span is told in: the larger, and the smaller one in it. */
const UNITS = [[DAY, "d", HOUR, "h"], [HOUR, "h", MINUTE, "min"], [MINUTE, "min", SECOND, "s"]] as const;

/** "4 min 12 s" of a number of milliseconds. */
export function spanInWords(milliseconds: number): string {
  for (const [large, largeName, small, smallName] of UNITS) {
    if (milliseconds < large) continue;
    const rest = Math.floor(milliseconds % large / small);
    return `${Math.floor(milliseconds / large)} ${largeName}${rest === 0 ? "" : ` ${rest} ${smallName}`}`;
  }
  return milliseconds < SECOND ? "less than 1 s" : `${Math.floor(milliseconds / SECOND)} s`;
}

/** Tells moments as they are seen from one of them. */
export class MomentTeller {
  constructor(private readonly now: Moment, private readonly zone: Zone) {}

  /** "since 10:25:06 (4 min 12 s)" */
  since(moment: Moment): string {
    return `since ${this.clock(moment)} (${spanInWords(Math.max(0, this.now.after - moment.after))})`;
  }

  /** "until 10:25:13 (in 7 s)" */
  until(moment: Moment): string {
    return `until ${this.clock(moment)} (in ${spanInWords(Math.max(0, moment.after - this.now.after))})`;
  }

  /** The time of day, with the date where it is not today. */
  private clock({ time }: Moment): string {
    const [day, clock] = this.written(time);
    return day === this.written(this.now.time)[0] ? clock : `${day} ${clock}`;
  }

  private written(time: number): [day: string, clock: string] {
    const [day = "", clock = ""] = isoText({ seconds: Math.floor(time / SECOND), nanoseconds: 0 }, this.zone).split(
      " ",
    );
    return [day, clock.slice(0, 8)];
  }
}
