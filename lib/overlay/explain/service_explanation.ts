// What there is to tell of one service, from the facts about it.

import type { ByteString } from "../../bytes.ts";
import { durationInWords } from "../durations.ts";
import { isAsWanted } from "../journal/health.ts";
import { exitInWords } from "../journal/exit.ts";
import type { ServiceSnapshot } from "../journal/snapshot.ts";
import { troubleInWords } from "../journal/state_words.ts";
import { LEFT_OUT } from "../rc/defined_words.ts";
import { diagnose } from "./diagnoses.ts";
import type { ServiceExplanation, Wait } from "./explanation.ts";
import type { Facts, ReadOutput } from "./facts.ts";

export function explainService(facts: Facts): ServiceExplanation {
  const { service } = facts;
  const isInState = isAsWanted(service, facts.isStopping) && facts.notStarted === undefined;
  const found = diagnose(facts, isInState);
  const asWanted = isInState && found === undefined;
  const isLeftOut = asWanted && isOutsideOfBoot(facts);
  return {
    name: service.name,
    state: service.state,
    since: service.since,
    wanted: service.wanted,
    failed: service.failed,
    paused: service.paused,
    asWanted,
    waits: waitsOf(facts),
    diagnosis: found?.name ?? null,
    why: found?.why ?? whyDisabled(facts) ?? (isLeftOut ? LEFT_OUT.why : undefined) ??
      (asWanted || service.trouble === null ? null : troubleInWords(service.trouble)),
    cure: found?.cure ?? (isLeftOut ? LEFT_OUT.cure(service.name) : null),
    history: historyOf(facts),
    evidence: found?.evidence ?? null,
    order: facts.order ?? null,
    outputPlace: outputInWords(facts.output),
  };
}

/** By a condition of the image: s6-rc may have started it all the same. */
function whyDisabled({ service: { state, wanted }, order }: Facts): ByteString | undefined {
  if (state !== "down" || wanted !== "down" || order === undefined || order.disabled === null) return undefined;
  return `it is disabled: ${order.disabled}`;
}

/** It is down, and the boot was not to start it. */
function isOutsideOfBoot({ service: { state, starts }, order }: Facts): boolean {
  return state === "down" && starts === 0 && order !== undefined && order.disabled === null && !order.startsAtBoot;
}

function waitsOf({ service, awaited, isStopping, stopEnds, booting, order }: Facts): Wait[] {
  const { state, since, nextStart, killedAt, ready, wanted, toldToEnd } = service;
  const waits: Wait[] = [];
  if (nextStart !== null) {
    waits.push({ for: "its next start", by: "supervisor", since, until: nextStart, then: null });
  }
  if (state === "finishing") {
    waits.push({
      for: "the end of its finish script",
      by: "supervisor",
      since,
      until: killedAt,
      then: killed(killedAt),
    });
  } else if (state === "up" && wanted === "down" && (toldToEnd !== null || isStopping)) {
    const by = isStopping ? "stop" : "supervisor";
    const until = killedAt ?? stopEnds;
    waits.push({ for: "its end", by, since: toldToEnd ?? since, until, then: killed(until) });
  }
  if (state === "up" && wanted === "up" && ready === false && awaited === undefined) {
    waits.push({ for: "its readiness", by: "supervisor", since, until: null, then: null });
  }
  const missing = order === undefined || order.disabled !== null ? [] : order.needs.filter(({ isUp }) => !isUp);
  if (booting !== undefined && state === "down" && missing.length > 0) {
    const what = missing.map(({ name, state }) => `${name} (${state})`).join(", ");
    const then = booting.until === null ? null : "the boot ends without it";
    waits.push({ for: what, by: "boot", since, until: booting.until, then });
  }
  if (awaited !== undefined) {
    const what = ready === false ? "its readiness" : "it to be up";
    const then = awaited.until === null ? null : "the boot goes on without it";
    waits.push({ for: what, by: "boot", since: awaited.since, until: awaited.until, then });
  }
  return waits;
}

function killed(at: ServiceSnapshot["killedAt"]): string | null {
  return at === null ? null : "it is killed";
}

function historyOf({ service: { starts, firstStart, lastExit }, isHeld, now }: Facts): ByteString | null {
  if (starts === 0 || firstStart === null) return null;
  const span = durationInWords(now.after - firstStart.after);
  const often = starts === 1 ? `started once, ${span} ago` : `started ${starts} times in ${span}`;
  const held = isHeld ? "; process 1 listens in its place, and starts it at the first connection" : "";
  if (lastExit === null) return `${often}${held}`;
  return `${often}${held}; run last ended ${durationInWords(now.after - lastExit.at.after)} ago: ${
    exitInWords(lastExit)
  }`;
}

const PLACES: Readonly<Record<ReadOutput["kind"], string>> = {
  logger: "its logger",
  "catch-all": "the catch-all logger",
  container: "the container's own output (docker logs, kubectl logs)",
};

/** The first place has the standard output; where there are two, the other has the standard error. */
function outputInWords(places: readonly ReadOutput[]): ByteString {
  const [first = "", second] = places.map(placeInWords);
  return second === undefined ? first : `${first}; standard error, unless run sends it there too: ${second}`;
}

/** One place of output, and the command that shows it. */
export function placeInWords({ kind, command, logs }: ReadOutput): ByteString {
  if (command === undefined) return PLACES[kind];
  if (logs.length === 0) return `${PLACES[kind]}, and where that writes could not be found out`;
  const directories = logs.map(({ directory, unread }) =>
    unread === undefined ? directory : `${directory} (${unread})`
  );
  return `${PLACES[kind]}, in ${directories.join(" and ")}: ${command}`;
}
