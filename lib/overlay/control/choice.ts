// Which services a command line means: names, or all.

import type { ByteString } from "../../bytes.ts";
import { nearestWord } from "../../nearest_word.ts";
import { printable } from "../../printable.ts";
import { invalid } from "../../report.ts";
import type { ServiceSnapshot } from "../journal/snapshot.ts";
import { ONESHOT_RUNNER, PIPE_HOLDER } from "../../rc/places.ts";
import { PATHS } from "../paths.ts";

type Known = Pick<ServiceSnapshot, "name" | "isLogger">;

export const ALL = "all";
/** What the overlay brings with it, and s6-rc: without them oneshots cannot be run, and pipelines have no pipes. */
const OWN_SERVICES: readonly ByteString[] = [
  PATHS.holderService.slice(PATHS.services.length + 1),
  ONESHOT_RUNNER,
  PIPE_HOLDER,
];

/**
 * The names of the services that are meant, each once. "all" is all services but loggers and the overlay's own.
 * @throws Failure 100 if there is no service of a name, with the name that is nearest
 */
export function chosenServices(words: readonly ByteString[], services: readonly Known[]): ByteString[] {
  if (words.length === 1 && words[0] === ALL && !services.some(({ name }) => name === ALL)) {
    return services.filter(({ name, isLogger }) => !isLogger && !OWN_SERVICES.includes(name)).map(({ name }) => name);
  }
  checkNames(words, services);
  return [...new Set(words)];
}

/** @throws Failure 100 if there is no service of a name */
export function checkNames(words: readonly ByteString[], services: readonly Pick<Known, "name">[]): void {
  const known = services.map(({ name }) => name);
  const unknown = words.find((word) => !known.includes(word));
  if (unknown !== undefined) throw noSuchService(unknown, known);
}

/**
 * One that is asked for by a path of its directory means its last part.
 * @param when the rest of a clause that says when there is none
 */
export function noSuchService(name: ByteString, known: readonly ByteString[], when: string = ""): Error {
  const near = nearestWord(name.replace(/\/+$/, "").split("/").at(-1)!, known) ?? nearestWord(name, known);
  const cure = near === undefined ? "s6-overlay status lists them" : `did you mean ${printable(near)}?`;
  const named = name === "" ? 'of the name ""' : printable(name);
  return invalid(`there is no service ${named}${when}; ${cure}`);
}
