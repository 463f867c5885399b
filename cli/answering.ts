// What a call of one of our programs comes down to, computed in process 1 for a caller that plays it itself: the plan of a
// chain, or what a program says and its exit code. Whatever takes more than that has no answer: the caller goes on alone.

import type { ByteString } from "../lib/bytes.ts";
import { Environment } from "../lib/environment.ts";
import { Budget } from "../lib/image/budget.ts";
import { type Destination, follow, type Links } from "../lib/image/follow.ts";
import { GuardedSearch } from "../lib/image/guarded_search.ts";
import { ProcessImage } from "../lib/image/image.ts";
import { planOf, planOfReply, type Playing } from "../lib/image/plan.ts";
import { NeedsProcess, type Search } from "../lib/image/search.ts";
import type { Operation } from "../lib/os/operation.ts";
import type { Question } from "../lib/os/question.ts";
import type { Applet, Sight } from "./applet.ts";
import { guardedReading } from "./guarded_reading.ts";
import { callOf, type LoadedApplets, nameOf } from "./links.ts";
import type { Surroundings } from "./surroundings.ts";
import type { ChainReading } from "./view.ts";

/** A tenth of what a chain of a service may cost: callers are many, and services come first. */
const STEPS = 10_000;

export class Answering {
  private readonly applets: LoadedApplets;
  private readonly search: Search;
  private readonly reading: ChainReading;

  /** @param sight what of the services is known here; throws NeedsProcess for what is not */
  constructor({ os, applets }: Surroundings, private readonly sight: Sight) {
    this.applets = applets;
    this.search = new GuardedSearch(os, applets);
    this.reading = ofCaller(guardedReading(os));
  }

  /** The operations for the caller; undefined if it is to go on by itself. */
  answer(question: Question): readonly Operation[] | undefined {
    const name = nameOf(question);
    const applet = this.applets.get(name);
    if (applet === undefined) return undefined;
    try {
      const image = ProcessImage.of(question.argv, Environment.of(question.env));
      return applet.kind === "chain" ? this.chain(name, image) : this.reply(applet, image);
    } catch {
      // It fails, or cannot be done here: the program itself says why, or does it.
      return undefined;
    }
  }

  private chain(name: string, start: ProcessImage): readonly Operation[] | undefined {
    const links = this.applets.guarded(this.reading, Budget.ofProcess1(undefined, STEPS));
    const link = links.link(name, start);
    if (link.kind === "end") return undefined;
    const playing: Playing = { by: name, quiet: false, byCaller: true };
    const end = follow(this.search, links, link.image);
    if (end.kind === "nothing") return planOfReply(end.image, name, "", 0).operations;
    return this.last(end) ?? planOf([end, ...this.fallbacks(links, end)], playing, 0).operations;
  }

  /** The chain ends with a program that only says something. */
  private last({ image, ours }: Destination & { kind: "program" }): readonly Operation[] | undefined {
    const applet = ours === undefined ? undefined : this.applets.get(ours);
    // What it sees, another user might not; and where it cannot be executed, there may be something else to run.
    if (applet === undefined || image.credentials !== undefined || image.otherwise !== undefined) return undefined;
    return this.reply(applet, image);
  }

  private reply(applet: Applet, image: ProcessImage): readonly Operation[] | undefined {
    if (applet.kind === "chain" || applet.reply === undefined) return undefined;
    const { text, code } = applet.reply(callOf(applet, image), this.sight);
    return planOfReply(image, applet.name, text, code).operations;
  }

  private fallbacks(links: Links, end: Destination & { kind: "program" }): (Destination & { kind: "program" })[] {
    const programs: (Destination & { kind: "program" })[] = [];
    for (let next = end.image.fallback; next !== undefined; next = programs.at(-1)!.image.fallback) {
      const other = follow(this.search, links, next);
      if (other.kind === "nothing") throw new NeedsProcess();
      programs.push(other);
    }
    return programs;
  }
}

/** The caller's own directory and descriptors are not known here. */
function ofCaller(reading: ChainReading): ChainReading {
  const absolute = <T, Rest extends unknown[]>(read: (path: ByteString, ...rest: Rest) => T) =>
  (
    path: ByteString,
    ...rest: Rest
  ): T => {
    if (!path.startsWith("/")) throw new NeedsProcess();
    return read(path, ...rest);
  };
  return {
    ...reading,
    find: absolute(reading.find),
    readFile: absolute(reading.readFile),
    listDirectory: absolute(reading.listDirectory),
    isInherited: () => {
      throw new NeedsProcess();
    },
  };
}
