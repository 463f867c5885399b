// What a container needs to stop, in one place: a boot does not wait for it, and reads it when there is nothing else to do.

export { Population } from "./population.ts";
export { lastScripts, lastSignals } from "./stage3.ts";
export { Stop } from "./stop.ts";
