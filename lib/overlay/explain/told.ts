// An explanation in words, for people: a headline for the container, a paragraph for each service, a line for each script
// that has failed and for each setting.

import type { ByteString } from "../../bytes.ts";
import { printable } from "../../printable.ts";
import type { ContainerExplanation, EvidenceLine, Explanation, ServiceExplanation, Wait } from "./explanation.ts";
import type { Moment } from "../journal/snapshot.ts";
import { containerInWords, serviceInWords } from "../journal/state_words.ts";
import type { DefinedService } from "../rc/defined.ts";
import { definedInPairs, orderInPairs } from "../rc/defined_words.ts";
import type { MomentTeller } from "./moments.ts";

/** Of the labels in front of the lines of a paragraph. */
const WIDTH = 8;
/** Moments that are no further apart, in milliseconds, are one for people. */
const SAME = 500;

export function explanationInWords(explanation: Explanation, teller: MomentTeller): ByteString {
  const { container, services, defined, scripts, notStarted, settings, asWanted, now } = explanation;
  const parts = [
    headOf(container, teller),
    ...services.map((service) => paragraphOf(service, teller)),
    ...defined.map((service) => definedParagraph(service, now)),
  ];
  if (scripts.length > 0) {
    parts.push(["Scripts that have failed; their output says why:", ...scripts.map((line) => `  ${line}`)]);
  }
  if (notStarted.length > 0) {
    const lines = notStarted.map(({ name, why }) => `  ${name} ${why}`);
    const isCompiled = notStarted.every(({ kind }) => kind !== "bundle");
    const cure = isCompiled ? "; s6-rc -u change NAME starts one" : "";
    parts.push([`Services of s6-rc that the boot has not started${cure}:`, ...lines]);
  }
  if (settings.length > 0) parts.push(["Settings:", ...settings.map((line) => `  ${line}`)]);
  if (asWanted && services.length + defined.length === 0) parts.push(["Everything is as it should be."]);
  return parts.map((lines) => `${lines.map(printable).join("\n")}\n`).join("\n");
}

function headOf(
  { state, since, cause, waits, cure }: ContainerExplanation,
  teller: MomentTeller,
): ByteString[] {
  return [
    `The container is ${containerInWords(state)}, ${teller.since(since)}.`,
    ...labelled("cause", cause),
    ...waits.flatMap((wait) => labelled("waits", waitInWords(wait, teller, since))),
    ...labelled("cure", cure),
  ];
}

function paragraphOf(service: ServiceExplanation, teller: MomentTeller): ByteString[] {
  const { name, state, wanted, since, asWanted, waits, why, cure, history, evidence, order, outputPlace } = service;
  const wish = asWanted ? ", as it should be" : state === wanted ? "" : `, wanted ${wanted}`;
  return [
    `${name} ${serviceInWords(service)} ${teller.since(since)}${wish}.`,
    ...labelled("why", why),
    ...evidence === null ? [] : labelled("line", `${evidence.text}   (${shownBy(evidence)})`),
    ...labelled("cure", cure),
    ...waits.flatMap((wait) => labelled("waits", waitInWords(wait, teller, since))),
    ...labelled("so far", history),
    ...order === null ? [] : orderInPairs(order).flatMap(([label, text]) => labelled(label, text)),
    ...labelled("output", outputPlace),
  ];
}

function definedParagraph(service: DefinedService, now: Moment): ByteString[] {
  const { name, kind, state, asWanted } = service;
  const head = `${name} is a ${kind} of s6-rc, and is ${state}${asWanted ? "" : ", wanted up"}.`;
  return [head, ...definedInPairs(service, now).flatMap(([label, text]) => labelled(label, text))];
}

const WAITING: Readonly<Record<Wait["by"], string>> = {
  boot: "the boot waits for ",
  stop: "the stop waits for ",
  supervisor: "for ",
};

/** @param told a moment that the headline has told already */
function waitInWords({ for: what, by, since, until, then }: Wait, teller: MomentTeller, told: Moment): ByteString {
  const end = until === null ? "without limit" : `${teller.until(until)}${then === null ? "" : `, then ${then}`}`;
  const begin = Math.abs(since.after - told.after) < SAME ? "" : `, ${teller.since(since)}`;
  return `${WAITING[by]}${what}${begin}, ${end}`;
}

function labelled(label: string, text: ByteString | null): ByteString[] {
  return text === null ? [] : [`  ${`${label}:`.padEnd(WIDTH)}${text}`];
}

/** What shows a line. */
function shownBy({ directory, command }: EvidenceLine): ByteString {
  return directory === null || command === null ? "docker logs, kubectl logs" : `${directory}: ${command}`;
}
