// What the end of a container needs, in one place: a boot does not wait for it, and reads it when there is nothing else to
// do. The bound of a stop is not among it: that must hold also where this cannot be read.

export { usualFinish } from "./finish_manner.ts";
export { Population } from "./population.ts";
export { lastScripts, lastSignals } from "./stage3.ts";
export { writeTerminationLog } from "./termination_log.ts";
