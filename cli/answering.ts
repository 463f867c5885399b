// What a call of one of our programs comes down to, computed in process 1 for a caller that plays it itself: the plan of a
// chain, what a program says, or the next command of its course. Whatever takes more than that has no answer: the caller
// goes on by itself.

import type { ByteString } from "../lib/bytes.ts";
import { Environment } from "../lib/environment.ts";
import { Budget } from "../lib/image/budget.ts";
import { follow, type Links, type Program, unfollowed } from "../lib/image/follow.ts";
import { GuardedSearch } from "../lib/image/guarded_search.ts";
import { ProcessImage } from "../lib/image/image.ts";
import { planOf, planOfSaying, type Saying, stepsOf } from "../lib/image/plan.ts";
import { NeedsProcess, type Search } from "../lib/image/search.ts";
import type { Operation, Way } from "../lib/os/operation.ts";
import type { Ended } from "../lib/os/ended.ts";
import type { Question } from "../lib/os/question.ts";
import { ANSWERABLE } from "./answerable.ts";
import type { Answered, CourseCommand, Running, SaidLater, Sight } from "./applet.ts";
import { guardedReading } from "./guarded_reading.ts";
import { callOf, type LoadedApplets, nameOf } from "./links.ts";
import type { Surroundings } from "./surroundings.ts";
import type { ChainReading } from "./view.ts";

/** A tenth of what a chain of a service may cost: callers are many, and services come first. */
const STEPS = 10_000;

type Operations = readonly Operation[];

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

  /** Undefined if the caller is to go on by itself. */
  answer(question: Question): Answered | undefined {
    const { applets, search, sight, reading } = this;
    const links = applets.guarded(reading, Budget.ofProcess1(undefined, STEPS));
    try {
      return new Answer({ applets, search, sight, links }).to(question);
    } catch {
      // It fails, or cannot be done here: the program itself says why, or does it.
      return undefined;
    }
  }
}

interface Means {
  readonly applets: Pick<LoadedApplets, "get">;
  readonly search: Search;
  readonly sight: Sight;
  readonly links: Links;
}

/** One answer. Everything throws where there is none. */
class Answer {
  constructor(private readonly means: Means) {}

  to(question: Question): Answered {
    const name = nameOf(question);
    if (!ANSWERABLE.has(name)) refuse();
    const image = ProcessImage.of(question.argv, Environment.of(question.env));
    const applet = this.means.applets.get(name);
    if (applet === undefined) throw new NeedsProcess();
    if (applet.kind !== "chain") return this.ofProgram(applet, image, question.results);
    const link = this.means.links.link(name, image);
    if (link.kind === "end") throw new NeedsProcess();
    return { now: this.ofChain(name, link.image) };
  }

  /** What an image comes to that the named program has made. */
  private ofChain(name: string, image: ProcessImage): Operations {
    const end = follow(this.means.search, this.means.links, image);
    if (end.kind === "nothing") return planOfSaying(end.image, name, { text: "", code: 0 }).operations;
    return this.ofLast(end) ??
      planOf(this.withFallbacks(end), { by: name, quiet: false, byCaller: true }, 0).operations;
  }

  /** The chain ends with one of our programs, which need not be started. */
  private ofLast({ image, ours }: Program): Operations | undefined {
    const applet = ours === undefined || !ANSWERABLE.has(ours) ? undefined : this.means.applets.get(ours);
    if (applet === undefined || applet.kind === "chain") return undefined;
    // Another user might not see what is seen here; and where the file cannot be executed, there may be another to run.
    if (image.credentials !== undefined || image.otherwise !== undefined) return undefined;
    if (applet.reply !== undefined) return this.replyOf(applet, image);
    return applet.course === undefined ? undefined : this.ofCourse(applet, image, []);
  }

  private ofProgram(applet: Running, image: ProcessImage, results: readonly Ended[]): Answered {
    if (applet.reply !== undefined) return this.saidBy(applet, image) ?? refuse();
    if (applet.course !== undefined) return { now: this.ofCourse(applet, image, results) };
    throw new NeedsProcess();
  }

  /** What the program says now; undefined where it has to be started: it fails, waits, or does more. */
  private replyOf(applet: Running, image: ProcessImage): Operations | undefined {
    const said = this.saidBy(applet, image);
    return said?.then === undefined ? said?.now : undefined;
  }

  private saidBy(applet: Running, image: ProcessImage): Answered | undefined {
    if (applet.reads && image.filesMayChange) return undefined;
    const said = this.sayingOf(applet, image);
    if (said === undefined) return undefined;
    const hasSteps = image.steps.length > 0;
    // Where no process reads, all of the call is made anew: nothing may have been done before.
    if (hasSteps && (said.sends !== undefined || "then" in said)) return undefined;
    return "then" in said ? saidLater(applet.name, said) : { now: planOfSaying(image, applet.name, said).operations };
  }

  private sayingOf(applet: Running, image: ProcessImage): Saying | SaidLater | undefined {
    try {
      return applet.reply!(callOf(applet, image), this.means.sight);
    } catch {
      return undefined;
    }
  }

  private ofCourse(applet: Running, start: ProcessImage, results: readonly Ended[]): Operations {
    const { name } = applet;
    const image = start.settled();
    const before = stepsOf(start, name);
    const again: Operation = {
      do: "ask",
      by: name,
      argv: [name, ...image.argv.slice(1)],
      env: image.environment.toWords(),
      keep: results.length,
    };
    // What is still to be made, or to be waited for, may be read: that is done first.
    if (start.filesMayChange) return [...before, again];
    const course = applet.course!(image, callOf(applet, image), noWarning);
    let next = course.next();
    for (const ended of results) next = next.done ? refuse() : course.next(ended);
    if (!next.done) {
      const keep = results.length;
      return [...before, ...this.ofCommand(name, next.value, keep), { ...again, keep: keep + 1 }];
    }
    if (typeof next.value === "number") return planOfSaying(start, name, { text: "", code: next.value }).operations;
    return [...before, ...this.ofChain(name, next.value)];
  }

  private ofCommand(by: string, command: CourseCommand, keep: number): Operations {
    if (command.way === "read") return [{ do: "read", by, fd: command.fd, keep }];
    if (command.way === "supply") return [{ do: "supply", by, text: command.text, keep }];
    if (command.way === "wait") return [{ do: "wait", by, pid: command.pid, keep }];
    const { image, way, apart = false } = command;
    const child = this.ofChild(by, image, way);
    return [{ do: "child", by, operations: child.length, keep, way, apart }, ...child];
  }

  /** A child that a course has. What its chain has no plan for, it is started as the kernel would start it. */
  private ofChild(by: string, image: ProcessImage, way: Way): Operations {
    const programs = this.programsOf(image);
    const [first] = programs;
    // What is left behind is a process of its own from the moment on that its program runs.
    const mayReply = programs.length === 1 && (way === "run" || way === "capture");
    const reply = mayReply && first !== undefined ? this.replyOfChild(first) : undefined;
    if (reply !== undefined) return reply;
    const runs = first?.by === undefined ? undefined : 0;
    const { operations } = planOf(programs, { by, quiet: true, byCaller: true }, runs);
    // Where its program cannot be started, all of this is done once more.
    if (operations.some((each) => each.do === "open" && each.flags.includes("exclusive"))) throw new NeedsProcess();
    return operations;
  }

  private replyOfChild({ image, ours }: Program): Operations | undefined {
    const applet = ours === undefined || !ANSWERABLE.has(ours) ? undefined : this.means.applets.get(ours);
    if (applet === undefined || applet.kind === "chain" || applet.reply === undefined) return undefined;
    return image.credentials === undefined ? this.replyOf(applet, image) : undefined;
  }

  private programsOf(image: ProcessImage): readonly Program[] {
    const { search, links } = this.means;
    try {
      const end = follow(search, links, image);
      if (end.kind === "program") return this.withFallbacks(end);
    } catch {
      // A process of its own says why, or does it.
    }
    return [unfollowed(search, links, image)];
  }

  private withFallbacks(end: Program): readonly Program[] {
    const programs = [end];
    for (let next = end.image.fallback; next !== undefined; next = programs.at(-1)!.image.fallback) {
      const other = follow(this.means.search, this.means.links, next);
      programs.push(other.kind === "nothing" ? refuse() : other);
    }
    return programs;
  }
}

/** For an image without steps. Its words and environment, which may be large, are not kept for the time of the wait. */
function saidLater(name: string, { sends, then }: SaidLater): Answered {
  const image = ProcessImage.of([name], Environment.of([]));
  const operationsOf = (saying: Saying): Operations => planOfSaying(image, name, saying).operations;
  const now = sends === undefined ? [] : operationsOf({ text: "", code: 0, sends }).slice(0, -1);
  return { now, then: (known) => then((saying) => known(operationsOf(saying))) };
}

function refuse(): never {
  throw new NeedsProcess();
}

const noWarning = (): never => refuse();

/** The caller's own directory, descriptors and groups are not known here. */
function ofCaller(reading: ChainReading): ChainReading {
  const absolute = <Rest extends unknown[], T>(read: (path: ByteString, ...rest: Rest) => T) =>
  (
    path: ByteString,
    ...rest: Rest
  ): T => path.startsWith("/") ? read(path, ...rest) : refuse();
  return {
    ...reading,
    find: absolute(reading.find),
    readFile: absolute(reading.readFile),
    listDirectory: absolute(reading.listDirectory),
    isInherited: refuse,
    credentials: refuse,
  };
}
