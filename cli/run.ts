// Running applets: one of our processes from its first word to its end. A chain is computed up to a program that does
// something; if that is our own it runs here, else this process becomes it.

import { type Destination, follow, LinkError } from "../lib/image/follow.ts";
import type { ProcessImage } from "../lib/image/image.ts";
import { becomeFile, CannotExecute, settle, type SettlePorts } from "../lib/image/realise.ts";
import { OwnSearch, type Search } from "../lib/image/search.ts";
import { EXIT, exitCodeOf, Failure } from "../lib/report.ts";
import type { Outcome, Running } from "./applet.ts";
import { RunningContext } from "./context.ts";
import { callOf, HelpWanted } from "./links.ts";
import { printFailure } from "./print.ts";
import type { Surroundings } from "./surroundings.ts";

/** Runs the program named, with the image's words and environment, to its end and returns the exit code. */
export async function runProgram(surroundings: Surroundings, name: string, image: ProcessImage): Promise<number> {
  try {
    return await new Run(surroundings, name).from(image);
  } catch (failure) {
    const error = failure instanceof LinkError ? reached(surroundings.os, failure) : failure;
    const by = error instanceof LinkError ? error.by : name;
    const cause = error instanceof LinkError ? error.cause : error;
    if (cause instanceof HelpWanted) return await help(surroundings, by);
    printFailure(surroundings.os, by, surroundings.applets.get(by), cause);
    return exitCodeOf(cause);
  }
}

async function help({ os }: Surroundings, name: string): Promise<number> {
  try {
    return await import("./help.ts").then(({ printHelp }) => printHelp(os, name));
  } catch (error) {
    printFailure(os, name, undefined, error);
    return exitCodeOf(error);
  }
}

/** The error, once everything before it is done: files are made, descriptors moved, and that may fail first. */
function reached(os: SettlePorts, error: LinkError): unknown {
  try {
    if (error.image !== undefined) settle(os, error.image);
    return error;
  } catch (earlier) {
    return earlier;
  }
}

/** False where a number that the program is to find something on is one of the runtime's: it has to be executed. */
function hasItsDescriptors(settled: ProcessImage): boolean {
  return !settled.steps.some((step) => step.do === "copy");
}

class Run {
  /** Ids were changed: this thread has them, the runtime's other threads do not, so only an exec may go on. */
  private otherUser = false;
  /** The program whose outcome is carried out: what cannot be executed then is its failure. */
  private by: string;

  private readonly search: Search;

  constructor(private readonly surroundings: Surroundings, private readonly name: string) {
    this.by = name;
    this.search = new OwnSearch(surroundings.os, surroundings.applets);
  }

  async from(start: ProcessImage): Promise<number> {
    const { applets } = this.surroundings;
    const applet = applets.get(this.name);
    if (applet === undefined) throw new Failure(EXIT.notFound, "no such program in this overlay");
    if (applet.kind === "chain" || !applet.holdsSignals) this.surroundings.releaseSignals();
    let outcome: Outcome = applet.kind === "chain" ? this.link(start) : await this.run(applet, start);
    while (typeof outcome !== "number") outcome = await this.continue(outcome);
    return outcome;
  }

  private link(image: ProcessImage): ProcessImage {
    const link = this.surroundings.applets.link(this.name, image);
    return link.kind === "next" ? link.image : image;
  }

  private async run(applet: Running, image: ProcessImage): Promise<Outcome> {
    try {
      const settled = settle(this.surroundings.os, image);
      this.by = applet.name;
      return await applet.run(new RunningContext(this.surroundings, applet.name, settled), callOf(applet, settled));
    } catch (error) {
      throw error instanceof LinkError ? error : new LinkError(applet.name, error);
    }
  }

  private follow(image: ProcessImage): Destination {
    const { applets } = this.surroundings;
    try {
      return follow(this.search, applets, image);
    } catch (error) {
      throw error instanceof LinkError ? error : new LinkError(this.by, error, image);
    }
  }

  /** Follows the chain from here to its next program. */
  private continue(image: ProcessImage): Outcome | Promise<Outcome> {
    const { os, applets } = this.surroundings;
    const end = this.follow(image);
    if (end.kind === "nothing") {
      settle(os, end.image);
      return 0;
    }
    const applet = end.ours === undefined ? undefined : applets.get(end.ours);
    this.otherUser ||= end.image.credentials !== undefined;
    if (applet?.kind === "chain") return settle(os, end.image);
    const settled = settle(os, end.image);
    if (applet !== undefined && !this.otherUser && hasItsDescriptors(settled)) return this.run(applet, settled);
    try {
      return becomeFile(os, this.search, end.paths[0]!, settled);
    } catch (error) {
      if (error instanceof CannotExecute && error.image.fallback !== undefined) return error.image.fallback;
      throw error instanceof LinkError ? error : new LinkError(end.by ?? this.by, error);
    }
  }
}
