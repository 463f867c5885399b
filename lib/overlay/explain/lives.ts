// What the journal tells of one service: the lives of its run.

import type { ByteString } from "../../bytes.ts";
import type { JournalEntry } from "../journal/snapshot.ts";
import type { RunLife } from "./facts.ts";
import type { ServiceEnd } from "./lines_of_life.ts";

/** The lives of a service, the oldest first. One that could not be executed has ended with the attempt. */
export function livesOf(name: ByteString, journal: readonly JournalEntry[]): RunLife[] {
  const lives: RunLife[] = [];
  for (const { subject, event, text, at } of journal) {
    if (subject !== name) continue;
    const last = lives.at(-1);
    if (event === "started") {
      lives.push({ pid: pidIn(text), started: at, ended: null, end: null, finish: null });
    } else if (last?.ended === null && event === "up") {
      // One that process 1 has stood in for until now.
      lives[lives.length - 1] = { ...last, pid: pidIn(text) };
    } else if (last?.ended === null && (event === "exited" || event === "not started")) {
      lives[lives.length - 1] = { ...last, ended: at, end: event === "exited" ? text : null };
    } else if (last !== undefined && event === "finished") {
      lives[lives.length - 1] = { ...last, finish: pidIn(text) };
    }
  }
  return lives;
}

function pidIn(text: string): number {
  return Number(/^pid ([0-9]+)$/.exec(text)?.[1] ?? 0);
}

/** The ends of all lives of services in the journal. */
export function endsIn(journal: readonly JournalEntry[]): ServiceEnd[] {
  return journal.filter(({ event }) => event === "exited").map(({ subject, at }) => ({ name: subject, time: at.time }));
}
