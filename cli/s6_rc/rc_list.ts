// What s6-rc prints about services: lists of them, and where their supervisors want something else than their state says.

import type { ByteString } from "../../lib/bytes.ts";
import { STATE_BIT } from "../../lib/rc/change.ts";
import type { Graph } from "../../lib/rc/graph.ts";
import type { LiveDirectory } from "../../lib/rc/live.ts";
import { closure, complement, type Direction, namesOf, numbersIn, selectionOf, withAllUp } from "../../lib/rc/plan.ts";
import { about, Failure } from "../../lib/report.ts";
import { readServiceStatus } from "../../lib/supervise/client.ts";
import type { Context } from "../applet.ts";

const UNKNOWN_NAME = 3;
const DIFFERS = 1;

/** What these names stand for. @throws Failure 3 for one that nothing has */
export function namedNumbers(graph: Graph, names: readonly ByteString[], live: ByteString): number[] {
  const numbersOf = namesOf(graph);
  const numbers: number[] = [];
  for (const name of names) {
    const found = numbersOf(name);
    if (found === undefined) {
      throw new Failure(UNKNOWN_NAME, `${name} is not a recognized identifier in ${live}/resolve.cdb`);
    }
    for (const number of found) numbers.push(number);
  }
  return numbers;
}

interface Listing {
  readonly command: string;
  readonly direction: Direction;
  readonly adds: boolean;
  readonly hidesEssentials: boolean;
}

/** The services that are selected, a line each: closed over what they need, or just so; with -d the others. */
export function serviceLines(graph: Graph, state: Uint8Array, named: readonly number[], listing: Listing): ByteString {
  const { command, direction, adds, hidesEssentials } = listing;
  const isUp = (service: number): boolean => (state[service]! & STATE_BIT.up) !== 0;
  const bare = selectionOf(graph, named);
  const selected = adds ? withAllUp(bare, isUp) : bare;
  const inverts = command === "list" && direction === "down";
  const chosen = command === "listall"
    ? closure(graph, selected, direction)
    : inverts
    ? complement(selected)
    : selected;
  return numbersIn(chosen)
    .map((number) => graph.services[number]!)
    .filter(({ essential }) => !essential || !hidesEssentials)
    .map(({ name }) => `${name}\n`)
    .join("");
}

/** Prints the longruns that are to be up, or down, and whose state says otherwise. */
export function differing(context: Context, live: LiveDirectory, graph: Graph, state: Uint8Array): number {
  const lines: ByteString[] = [];
  for (const [number, { kind, name }] of graph.services.entries()) {
    if (kind !== "longrun") continue;
    const wantedUp = wantsUp(context, live.serviceDirectory(name));
    if (wantedUp !== ((state[number]! & STATE_BIT.up) !== 0)) lines.push(`${wantedUp ? "+" : "-"}${name}\n`);
  }
  context.print(lines.join(""));
  return lines.length === 0 ? 0 : DIFFERS;
}

function wantsUp(context: Context, directory: ByteString): boolean {
  return about("read longrun status for", directory, () => readServiceStatus(context.os, directory).wantedUp);
}
