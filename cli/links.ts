// Our applets as the links of a chain: what lib/image follows, looked up in the registry.

import type { ByteString } from "../lib/bytes.ts";
import { Budget } from "../lib/image/budget.ts";
import { type Link, LinkError, type Links } from "../lib/image/follow.ts";
import { baseName, type IsOurs } from "../lib/image/locate.ts";
import type { ProcessImage } from "../lib/image/image.ts";
import type { Caller } from "../lib/os/caller.ts";
import { NeedsProcess } from "../lib/image/search.ts";
import type { FileStatus, Os } from "../lib/os/os.ts";
import type { EnvironmentStore } from "../lib/overlay/environment_store.ts";
import { OsError, Reported, UsageError } from "../lib/report.ts";
import type { Applet, Call, GivePipe } from "./applet.ts";
import { parse } from "./getopt.ts";
import { applets } from "./index.ts";
import { type ChainReading, ownReading, remembering, type Viewing, viewOf } from "./view.ts";

/** Where earlier overlays and distributions have had the programs that are ours. */
const USUAL_PLACES: ReadonlySet<ByteString> = new Set([
  "/command/",
  "/bin/",
  "/sbin/",
  "/usr/bin/",
  "/usr/sbin/",
  "/usr/local/bin/",
  "/usr/local/sbin/",
]);
/** A container has one already, and a user who names another one means one of a distribution. */
export const INIT = "init";

/**
 * The name of the program that was called: by the first word, but a caller may have made that up; the file that was executed
 * is then the better witness.
 */
export function nameOf({ argv, executed }: Pick<Caller, "argv" | "executed">): string {
  const called = [argv[0] ?? "", executed].map((path) => baseName(path).replace(/^-/, ""));
  return called.find((name) => Object.hasOwn(applets, name)) ?? called[0]!;
}

/** A link chain that is longer than the kernel follows leads nowhere. */
const MOST_LINKS = 40;

/**
 * The same for a process of its own, which may be called by a name that an image has given it: the first of our names
 * in the chain of links that leads from there to the launcher. A process 1 of which nothing is known is init.
 */
export function ownNameOf(caller: Pick<Caller, "argv" | "executed">, os: Pick<Os, "readLink" | "pid">): string {
  const name = nameOf(caller);
  if (Object.hasOwn(applets, name)) return name;
  for (const called of [caller.argv[0] ?? "", caller.executed]) {
    const found = called.includes("/") ? nameBehind(called, os) : undefined;
    if (found !== undefined) return found;
  }
  return os.pid === 1 ? INIT : name;
}

function nameBehind(path: ByteString, os: Pick<Os, "readLink">): string | undefined {
  let place = path;
  try {
    for (let links = 0; links < MOST_LINKS; links++) {
      const target = os.readLink(place);
      const name = baseName(target);
      if (Object.hasOwn(applets, name)) return name;
      place = target.startsWith("/") ? target : `${place.slice(0, place.lastIndexOf("/") + 1)}${target}`;
    }
  } catch (error) {
    // The end of the chain, or one that we may not read.
    if (!(error instanceof OsError)) throw error;
  }
  return undefined;
}

/** Our applets, their modules loaded when they are first asked for, and where the launcher lies. */
export class LoadedApplets implements Links {
  private readonly loaded = new Map<string, Applet>();
  private launcher: FileStatus | undefined;
  private readonly own: ChainReading;
  /** In process 1: the container's environment, kept in memory. */
  store: Pick<EnvironmentStore, "read"> | undefined;

  /**
   * @param prefix the directory of the launcher
   * @param warn prints a warning of the named program
   */
  constructor(
    private readonly os: Parameters<typeof ownReading>[0],
    private readonly prefix: ByteString,
    private readonly warn: (by: string, text: string) => void,
  ) {
    this.own = ownReading(os);
  }

  /** The applet of that name; undefined if there is none. */
  get(name: string): Applet | undefined {
    if (!this.loaded.has(name) && Object.hasOwn(applets, name)) {
      // Under our loader (load.ts) this calls back at once. Nothing that supervises may have to wait for a module.
      applets[name]!().then((applet) => this.loaded.set(name, applet));
    }
    return this.loaded.get(name);
  }

  readonly isOurs: IsOurs = (path, status) => {
    if (!Object.hasOwn(applets, baseName(path))) return false;
    const launcher = this.launcher ??= this.os.find(`${this.prefix}/launcher`);
    return status.inode === launcher?.inode && status.device === launcher.device;
  };

  isName(name: string): boolean {
    return Object.hasOwn(applets, name);
  }

  isUsual(path: ByteString): boolean {
    return USUAL_PLACES.has(path.slice(0, -baseName(path).length)) || path.startsWith(`${this.prefix}/`);
  }

  standIn(path: ByteString): ByteString | undefined {
    const name = baseName(path);
    const isSought = path === name || USUAL_PLACES.has(path.slice(0, -name.length));
    const isOne = isSought && this.isName(name) && name !== INIT;
    return isOne ? `${this.prefix}/launcher` : undefined;
  }

  /** The same links for a process that is not this one: what would print a warning there fails here. */
  get strict(): Links {
    return this.viewing(this.own, Budget.unlimited);
  }

  /** The same for process 1, which reads nothing but what cannot hold it up. One evaluation costs no more than the budget. */
  guarded(reading: ChainReading, budget: Budget, give?: GivePipe): Links {
    const { reading: remembered, refused } = remembering(reading);
    return this.viewing(remembered, budget, refused, give);
  }

  private viewing(reading: ChainReading, budget: Budget, refused?: () => boolean, give?: GivePipe): Links {
    return {
      isOurs: this.isOurs,
      isName: (name) => this.isName(name),
      isUsual: (path) => this.isUsual(path),
      standIn: (path) => this.standIn(path),
      link: (name, image) => {
        const linked = this.linked(name, image, { reading, store: this.store, budget, refused }, give);
        const [warning] = linked.warnings;
        if (warning !== undefined) throw new LinkError(name, new Error(warning));
        return linkOf(linked);
      },
    };
  }

  link(name: string, image: ProcessImage): Link {
    const linked = this.linked(name, image, { reading: this.own, store: this.store, budget: Budget.unlimited });
    // A warning goes where the steps before it say, so these come first, and then this link once more.
    if (linked.warnings.length > 0 && !image.isSettled) return { kind: "end" };
    for (const text of linked.warnings) this.warn(name, text);
    return linkOf(linked);
  }

  private linked(name: string, image: ProcessImage, viewing: Omit<Viewing, "warn">, give?: GivePipe): Linked {
    const warnings: string[] = [];
    const applet = this.get(name);
    if (applet?.kind !== "chain") {
      const next = give && applet?.given?.(image, callOf(applet, image), give);
      return { link: next === undefined ? { kind: "end" } : { kind: "next", image: next }, warnings };
    }
    // What this process could read, the program might not, once it is another user; it may read what is yet to be made, or
    // is made while it waits.
    if (applet.reads && (image.credentials !== undefined || image.filesMayChange)) {
      return { link: { kind: "end" }, warnings };
    }
    try {
      const { budget } = viewing;
      budget.link();
      budget.words(image.argv.length);
      // Each link copies the words that are left a few times.
      budget.steps(1 + (image.argv.length >> 4));
      const view = viewOf(image, { ...viewing, warn: (text) => warnings.push(text) });
      const next = applet.next(image, callOf(applet, image), view);
      if (viewing.refused?.()) throw new NeedsProcess();
      return { link: { kind: "next", image: next }, warnings };
    } catch (error) {
      return { failure: error instanceof LinkError ? error : new LinkError(name, error, image), warnings };
    }
  }
}

/** What a program of a chain has come to, a link or a failure, and what it has warned of by then. */
type Linked =
  & { readonly warnings: readonly string[] }
  & ({ readonly link: Link } | { readonly failure: LinkError });

function linkOf(linked: Linked): Link {
  if ("failure" in linked) throw linked.failure;
  return linked.link;
}

/** The only word is --help, for a program that would call it wrong: it asks for the manual. */
export class HelpWanted extends UsageError {}

/**
 * The applet's command line from the words of an image.
 * @throws UsageError
 */
export function callOf(applet: Applet, image: ProcessImage): Call {
  try {
    const call = (applet.long?.parse ?? parse)(applet.options, image.argv.slice(1));
    if (call.args.length < applet.least) throw new UsageError();
    return call;
  } catch (error) {
    throw error instanceof Reported && asksForHelp(image) ? new HelpWanted() : error;
  }
}

/** True if the only word is --help. */
export function asksForHelp({ argv }: ProcessImage): boolean {
  return argv.length === 2 && argv[1] === "--help";
}
