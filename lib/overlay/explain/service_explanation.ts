// What there is to tell of one service, from the facts about it.

import type { ByteString } from "../../bytes.ts";
import { faultOfService } from "../journal/health.ts";
import { exitInWords } from "../journal/exit.ts";
import type { ServiceSnapshot } from "../journal/snapshot.ts";
import { diagnose } from "./diagnoses.ts";
import type { ServiceExplanation, Wait } from "./explanation.ts";
import type { Facts, ReadOutput } from "./facts.ts";
import { spanInWords } from "./spans.ts";

/** What decides whether a service is as it is wanted. */
type Judged = Pick<Facts, "service" | "isStopping" | "toldToEnd">;

export function isAsItShouldBe({ service, isStopping, toldToEnd }: Judged): boolean {
  const { state, wanted, trouble, failed, paused, killedAt } = service;
  if (failed || paused) return false;
  if (wanted === "up") return faultOfService(service) === undefined && trouble === null;
  if (state === "unsupervised") return isStopping;
  if (state === "down") return trouble === null;
  // One that is up though it is not wanted up is not started again: that may be what was asked for (s6-svc -o).
  return state === "up" && !isStopping && toldToEnd === undefined && killedAt === null;
}

export function explainService(facts: Facts): ServiceExplanation {
  const { service } = facts;
  const asWanted = isAsItShouldBe(facts);
  const found = asWanted ? undefined : diagnose(facts);
  return {
    name: service.name,
    state: service.state,
    since: service.since,
    wanted: service.wanted,
    asWanted,
    waits: waitsOf(facts),
    diagnosis: found?.name ?? null,
    why: found?.why ?? (asWanted ? null : service.trouble),
    cure: found?.cure ?? null,
    history: historyOf(facts),
    evidence: found?.evidence ?? null,
    output: outputInWords(facts.output),
  };
}

function waitsOf({ service, awaited, isStopping, stopEnds, toldToEnd }: Facts): Wait[] {
  const { state, since, nextStart, killedAt, ready, wanted } = service;
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
  } else if (state === "up" && wanted === "down" && (toldToEnd !== undefined || isStopping)) {
    const by = isStopping ? "stop" : "supervisor";
    const until = killedAt ?? stopEnds;
    waits.push({ for: "its end", by, since: toldToEnd ?? since, until, then: killed(until) });
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

function historyOf({ service: { starts, firstStart, lastExit }, now }: Facts): ByteString | null {
  if (starts === 0 || firstStart === null) return null;
  const span = spanInWords(now.after - firstStart.after);
  const often = starts === 1 ? `started once, ${span} ago` : `started ${starts} times in ${span}`;
  if (lastExit === null) return often;
  return `${often}; run last ended ${spanInWords(now.after - lastExit.at.after)} ago: ${exitInWords(lastExit)}`;
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

function placeInWords({ kind, command, logs }: ReadOutput): ByteString {
  if (command === undefined) return PLACES[kind];
  if (logs.length === 0) return `${PLACES[kind]}, and where that writes could not be found out`;
  const directories = logs.map(({ directory, unread }) =>
    unread === undefined ? directory : `${directory} (${unread})`
  );
  return `${PLACES[kind]}, in ${directories.join(" and ")}: ${command}`;
}
