// The one set of words for what a container and a service do: for status, explain, healthy, messages and the journal.

import type { ByteString } from "../../bytes.ts";
import type { LifeState } from "../life.ts";
import type { ServiceSnapshot, ServiceStanding } from "./snapshot.ts";

const CONTAINER: Readonly<Record<LifeState, string>> = {
  booting: "booting",
  running: "running its command",
  idle: "running without a command",
  bringingDown: "stopping its services in order",
  down: "its services are down",
  stopping: "stopping its services",
  interrupted: "stopping what the boot has begun",
  lastScripts: "stopping, in cont-finish.d",
  lastSignals: "stopping the last processes",
  over: "over",
};

/** What a container does, behind "is". */
export function containerInWords(state: LifeState): string {
  return CONTAINER[state];
}

/** A failed service is down, a paused one up: what keeps it so is what people look for. */
type ServiceWord = ServiceStanding | "failed" | "paused";

type Judged = Pick<ServiceSnapshot, "state" | "failed" | "paused">;

/** What a service does, in one word. */
export function serviceWord({ state, failed, paused }: Judged): ServiceWord {
  return failed ? "failed" : paused ? "paused" : state;
}

/** The same as the rest of a sentence that begins with the service. */
export function serviceInWords(service: Judged): string {
  const word = serviceWord(service);
  return word === "failed" ? "has failed for good" : `is ${word}`;
}

/** What a supervisor has warned of, without what that is to the log: when it tries again is told by the clock. */
export function troubleInWords(trouble: ByteString): ByteString {
  return trouble.replace(/^unable to spawn \.\/run - waiting [0-9]+ seconds: /, "run could not be started: ");
}
