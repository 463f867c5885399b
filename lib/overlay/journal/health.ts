// Whether a container is as it should be: what healthy says, and the exit code of status.

import type { ByteString } from "../../bytes.ts";
import { serviceInWords } from "./state_words.ts";
import type { ContainerSnapshot, ServiceSnapshot, Snapshot } from "./snapshot.ts";

const SERVES: ReadonlySet<ContainerSnapshot["state"]> = new Set(["running", "idle"]);

/**
 * What is not as it should be, the worst first; undefined where all is.
 * @param names services that must be up, whatever is wanted; undefined: those that are wanted up
 * @param isForProbe one that was told to end, and has not yet, counts too
 */
export function faultOf(
  { container, services }: Snapshot,
  names?: readonly ByteString[],
  isForProbe = false,
): ByteString | undefined {
  const fault = faultOfContainer(container);
  if (fault !== undefined) return fault;
  const known = new Set(services.map(({ name }) => name));
  // A longrun that no supervisor could be had for.
  const unsupervised = container.notStarted.filter(({ name, kind }) => kind === "longrun" && !known.has(name));
  const missing = names?.find((name) => !known.has(name) && unsupervised.every((one) => one.name !== name));
  if (missing !== undefined) return `there is no service ${missing}`;
  const judged = names === undefined
    ? services.filter(({ name, wanted, state }) =>
      wanted === "up" || isForProbe && state !== "down" || isNotStarted(container, name)
    )
    : services.filter(({ name }) => names.includes(name));
  const barred = new Map(container.notStarted.map(({ name, why }) => [name, why]));
  const judge = (service: ServiceSnapshot): string | undefined =>
    barred.has(service.name)
      ? `has not been started: it ${barred.get(service.name)}`
      : isForProbe && service.wanted === "down" && service.state !== "down"
      ? "was told to end"
      : faultOfService(service);
  const faults: ByteString[] = [];
  for (const { name, why } of unsupervised) {
    if (names?.includes(name) !== false) faults.push(`service ${name} has not been started: it ${why}`);
  }
  for (const service of judged) {
    const fault = judge(service);
    if (fault !== undefined) faults.push(`service ${service.name} ${fault}`);
  }
  for (const { name, why } of names === undefined ? container.notStarted.filter(standsForServices) : []) {
    faults.push(`${name} has not been started: it ${why}`);
  }
  const [first] = faults;
  if (first === undefined) return undefined;
  return faults.length === 1 ? first : `${first}, and ${faults.length - 1} more`;
}

/** It is none of the services itself, and some are not there for want of it. */
export function standsForServices({ kind }: ContainerSnapshot["notStarted"][number]): boolean {
  return kind === "services.d" || kind === "bundle";
}

/** Whether the boot was to bring the service up, and has not, and nothing else has since. */
export function isNotStarted({ notStarted }: Pick<ContainerSnapshot, "notStarted">, name: ByteString): boolean {
  return notStarted.some((one) => one.name === name);
}

/** What is wrong with the container itself; undefined if nothing is. */
export function faultOfContainer({ cause, state }: Pick<ContainerSnapshot, "cause" | "state">): ByteString | undefined {
  if (cause !== null) return `the container is stopping: ${cause}`;
  return SERVES.has(state) ? undefined : "the container is booting";
}

/**
 * Whether a service is as it is wanted. One that is up though it is not wanted up is not started again: where it was not
 * told to end, that is what was asked for (s6-svc -o).
 * @param isStopping supervisors end with the container
 */
export function isAsWanted(
  service: Omit<ServiceSnapshot, "starts">,
  isStopping: boolean,
): boolean {
  const { state, wanted, trouble, failed, paused, killedAt, toldToEnd } = service;
  if (failed || paused) return false;
  if (wanted === "up") return faultOfService(service) === undefined && trouble === null;
  if (state === "unsupervised") return isStopping;
  if (state === "down") return trouble === null;
  return state === "up" && !isStopping && toldToEnd === null && killedAt === null;
}

/** What is wrong with a service that is to be up, as the rest of a sentence; undefined if nothing is. */
function faultOfService(
  service: Pick<ServiceSnapshot, "state" | "wanted" | "ready" | "looping" | "failed" | "paused">,
): string | undefined {
  const { state, wanted, ready, looping, failed, paused } = service;
  const words = serviceInWords(service);
  if (failed) return words;
  if (looping) return "ends by itself again and again";
  if (state !== "up" || paused) return wanted === "down" && state === "down" ? `${words}, as is wanted` : words;
  return ready === false ? "is not ready yet" : undefined;
}
