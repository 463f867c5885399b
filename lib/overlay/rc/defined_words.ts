// Oneshots and bundles in words, for people: a paragraph for explain, a line for status, and what to call instead where a
// command is for services.

import type { ByteString } from "../../bytes.ts";
import { durationInWords } from "../durations.ts";
import { exitInWords } from "../journal/exit.ts";
import type { Moment } from "../journal/snapshot.ts";
import type { DefinedMember, DefinedService, ServiceOrder } from "./defined.ts";

/** One line, without what it needs. */
export function definedInLine(service: DefinedService, now: Moment): ByteString {
  const { name, kind, state, members } = service;
  const more = [...detailsOf(service, now), ...members.length === 0 ? [] : [listed(members)]];
  return `${name}: a ${kind}, ${state}${more.length === 0 ? "" : `; ${more.join("; ")}`}`;
}

/** What there is to tell, each with its label. */
export function definedInPairs(service: DefinedService, now: Moment): (readonly [string, ByteString])[] {
  const { name, notStarted, why, cure, disabled, running, last, needs, neededBy, members, asWanted, outputPlace } =
    service;
  const ago = (moment: Moment): string => durationInWords(now.after - moment.after);
  const isLeftOut = asWanted && !service.startsAtBoot && service.state === "down" && disabled === null;
  const missing = needs.filter(({ isUp }) => !isUp);
  const pairs: (readonly [string, ByteString | undefined])[] = [
    ["boot", notStarted === null ? undefined : `it has not started it: it ${notStarted}`],
    ["boot", isLeftOut ? LEFT_OUT.why : undefined],
    ["why", why ?? undefined],
    ["why", disabled === null ? undefined : `it is disabled: ${disabled}`],
    ["runs", running === null ? undefined : `its script, as pid ${running.pid}, for ${ago(running.since)}`],
    ["last", last === null ? undefined : lastInWords(last, now)],
    ["waits", missing.length === 0 || service.state === "up" ? undefined : `for ${listed(missing)}`],
    ...orderInPairs({ needs, neededBy }),
    ["has", members.length === 0 ? undefined : listed(members)],
    ["cure", isLeftOut ? LEFT_OUT.cure(name) : undefined],
    ["cure", asWanted ? undefined : cure === null ? cureOf(service) : `${cure}; then s6-rc -u change ${name}`],
    ["output", outputPlace ?? undefined],
  ];
  return pairs.flatMap(([label, text]) => text === undefined ? [] : [[label, text] as const]);
}

function cureOf({ name, kind, notStarted }: DefinedService): ByteString {
  const up = `s6-rc -u change ${name}`;
  if (kind === "bundle") return `see what s6-overlay explain says of those that are not up; ${up} starts them`;
  return notStarted?.startsWith(KEPT_BACK) ?? false
    ? `s6-overlay explain ${notStarted!.slice(KEPT_BACK.length)} says more; when that is repaired, ${up}`
    : `when the cause is repaired, ${up}`;
}

/** What it needs, and what for. */
export function orderInPairs(
  { needs, neededBy }: Pick<ServiceOrder, "needs" | "neededBy">,
): (readonly [string, ByteString])[] {
  const pairs = [["needs", listed(needs)], ["for", neededBy.join(", ")]] as const;
  return pairs.filter(([, text]) => text !== "");
}

/** What is said of what is down because nothing has the boot start it. */
export const LEFT_OUT = {
  why: "the boot does not start it: no bundle that the boot starts has it, and nothing that is started depends on it",
  cure: (name: ByteString): ByteString =>
    `for the next boot, an empty file /etc/s6-overlay/user-bundles.d/user/contents.d/${name}; now, s6-rc -u change ${name}`,
} as const;

/** As not_started.ts has it. */
const KEPT_BACK = "was kept back by ";

function detailsOf({ notStarted, disabled, running, last }: DefinedService, now: Moment): ByteString[] {
  return [
    ...notStarted === null ? [] : [`the boot has not started it: it ${notStarted}`],
    ...disabled === null ? [] : [`it is disabled: ${disabled}`],
    ...running === null ? [] : [`its script runs, as pid ${running.pid}`],
    ...last === null ? [] : [lastInWords(last, now)],
  ];
}

function lastInWords(last: NonNullable<DefinedService["last"]>, now: Moment): ByteString {
  const which = last.move === null ? "its script" : last.move === "reload" ? "its reload" : `its ${last.move}`;
  return `${which} ${last.signal === null ? "" : "was "}${exitInWords(last)} ${
    durationInWords(now.after - last.at.after)
  } ago`;
}

function listed(members: readonly DefinedMember[]): ByteString {
  return members.map(({ name, state }) => `${name} (${state})`).join(", ");
}

/** What is called instead of a subcommand that is for services. */
export function definedInstead({ name, kind }: Pick<DefinedService, "name" | "kind">, deed: string): ByteString {
  const calls: Readonly<Record<string, string>> = {
    start: `s6-rc -u change ${name}`,
    stop: `s6-rc -d change ${name}`,
    restart: `s6-rc -d change ${name}, then s6-rc -u change ${name}`,
    reload: `s6-rc reload ${name}`,
  };
  const call = calls[deed];
  const rest = call === undefined ? "name the services that are meant" : `${call} does that, in order`;
  return `${name} is a ${kind} of s6-rc, and no service that is supervised: ${rest}`;
}
