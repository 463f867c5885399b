// What an applet is: one declaration, from which its usage line, help, man page, completion, symlink and tests derive.
// The bodies return values; they never exit or exec. cli/main.ts alone does.

import type { ByteString } from "../lib/bytes.ts";
import type { Budget } from "../lib/image/budget.ts";
import type { ProcessImage } from "../lib/image/image.ts";
import type { OwnFiles } from "../lib/image/locate.ts";
import type { Saying } from "../lib/image/plan.ts";
import type { SpawnedChild, Unawaited } from "../lib/image/start.ts";
import type { Ended } from "../lib/os/ended.ts";
import type { Credentials } from "../lib/os/operands.ts";
import type { Cancel, FileStatus, Instant, Os, Reactor } from "../lib/os/os.ts";
import type { EnvironmentStore, StoreOs } from "../lib/overlay/environment_store.ts";
import type { Snapshot } from "../lib/overlay/journal/snapshot.ts";
import type { Operation, Way } from "../lib/os/operation.ts";
import type { Parts } from "../lib/os/parts.ts";
import type { Question } from "../lib/os/question.ts";
import type { Listen } from "../lib/supervise/follow_events.ts";
import type { Status } from "../lib/supervise/status.ts";
import type { WaitStatus } from "../lib/wait_status.ts";
import type { FlagLetter, Options, ValueLetter } from "./getopt.ts";
import type { LongOptions } from "./long_options.ts";

/** What an applet leaves: an exit code, or the image the process becomes. */
export type Outcome = number | ProcessImage;

/** The parsed command line: options, and the operands behind them. */
export interface Call<S extends string = string> {
  readonly options: Options<S>;
  /** In a chain the words that go on are `args.slice(n)`: a pattern with `...rest` would visit them one by one. */
  readonly args: readonly ByteString[];
}

/** Reading the system, as a chain program may: relative paths are those of the image, not of this process. */
export interface SystemView {
  /** A file of at most this many bytes, by default what one word may have; throws OsError EFBIG where it has more. */
  readFile(path: ByteString, most?: number): ByteString;
  listDirectory(path: ByteString): ByteString[];
  exists(path: ByteString): boolean;
  /** True for a descriptor that is open, and not one of the runtime's. */
  isInherited(fd: number): boolean;
  /** The ids that the program has. */
  credentials(): Credentials;
  /** Lines of /etc/passwd and /etc/group. */
  accounts: Pick<Os, "readFile">;
  /** The store of the container's environment, where this process keeps it in memory; else the files it can be read from. */
  readonly store: Pick<EnvironmentStore, "read"> | undefined;
  readonly storeFiles: StoreOs;
  warn(text: string): void;
  /** What the evaluation of this chain may cost: a program that makes words or values counts them as it does so. */
  readonly budget: Budget;
}

/**
 * The course of a program that runs commands: it yields each, goes on with how that has ended, and returns what
 * comes of it. A command that cannot be started is thrown into it. It does nothing by itself: what follows it may be
 * the program's own process, or process 1 for a caller, which begins anew each time and knows the ends so far.
 */
export type Course<Result = Outcome> = Generator<CourseCommand, Result, Ended>;

/** A command of a course. Each ends with what comes of it. */
export type CourseCommand = ChildCommand | OwnCommand;

/** Another process. `apart`: it is not our child, as its parent has ended. */
export interface ChildCommand {
  readonly image: ProcessImage;
  readonly way: Way;
  readonly apart?: boolean;
}

/**
 * What a process does itself: read a portion of what is there, none at the end; put a text where it can be read, on a
 * descriptor that is ours alone; wait for the end of a child that it left.
 */
type OwnCommand =
  | { readonly way: "read"; readonly fd: number }
  | { readonly way: "supply"; readonly text: ByteString }
  | { readonly way: "wait"; readonly pid: number };

/** What a replying program may read. */
export interface Sight {
  now(): Instant;
  /** The file at an absolute path, following links; undefined where nothing is. Throws NeedsProcess or OsError. */
  find(path: ByteString): FileStatus | undefined;
  /** A supervisor works on the service directory. Throws OsError. */
  isSupervised(directory: ByteString): boolean;
  /** What it last reported of its service. Throws OsError. */
  service(directory: ByteString): ServiceReport;
  /** The container, as process 1 knows it. */
  container(): Snapshot;
  /** Calls back once this many milliseconds are over. */
  after(milliseconds: number, callback: () => void): Cancel;
}

/**
 * What has to be waited for. The wait begins when this is called, in the turn of the event loop in which it was made, and
 * calls back once, in a later one.
 */
export type Later<Known> = (known: (value: Known) => void) => Cancel;

/** What a program says once it is known, and what it sends as soon as it is waited for. */
export interface SaidLater {
  readonly sends?: Saying["sends"];
  readonly then: Later<Saying>;
}

export interface ServiceReport {
  readonly status: Status;
  /** It has no file down. */
  readonly normallyUp: boolean;
  /** Where the supervisor is in this process: its events, which go on from the status in this turn of the event loop. */
  readonly events?: Listen | undefined;
}

/**
 * The image with what a descriptor holder at that path has under that name as its standard input; undefined where this
 * process is not that holder.
 */
export type GivePipe = (image: ProcessImage, socket: ByteString, name: ByteString) => ProcessImage | undefined;

/** The operations for a caller, now and, behind these, later. */
export interface Answered {
  readonly now: readonly Operation[];
  readonly then?: Later<readonly Operation[]> | undefined;
}

/** A running applet's surroundings. */
export interface Context {
  readonly os: Os;
  /** The process as it was called: environment, and argv[0] as the name it goes by. */
  readonly image: ProcessImage;
  /** The applet's name, for messages. */
  readonly name: string;
  /** The event loop, made when first asked for. From then on signals arrive only through it. */
  reactor(): Reactor;
  /** A part of the system that few programs need. */
  part<Name extends keyof Parts>(name: Name): PromiseLike<Parts[Name]>;
  /** Our own programs, as far as finding them goes. */
  readonly own: OwnFiles;
  /** What answers calls of our programs for their callers; undefined where a caller is to go on by itself. */
  answering(sight: Sight): (question: Question) => Answered | undefined;
  /** From now on chains that are followed in this process have the container's environment from here. */
  useStore(store: EnvironmentStore): void;
  /** From now on chains that are followed to start a child get pipes that this process holds so. */
  givePipes(give: GivePipe): void;
  /** Prints "NAME: warning: TEXT" on standard error. */
  warn(text: string): void;
  /** Standard output, all of it; a failure is an OsError "unable to write to stdout". */
  print(text: ByteString | Uint8Array<ArrayBuffer>): void;
  /** Starts the command of the image as our own child and returns its pid; throws OsError or Failure if it cannot. */
  spawn(image: ProcessImage): number;
  /** The same for supervisors: it reads only where no other process can hold it up, and waits for nothing. */
  spawn(image: ProcessImage, unawaited: Unawaited): SpawnedChild;
  /** Follows a course to its end. */
  follow<Result>(course: Course<Result>): Promise<Result>;
  /** Runs the command of the image to its end: in this process where that makes no difference, else as a child. */
  runToEnd(image: ProcessImage): Promise<WaitStatus>;
}

/** What each letter of an option string means, but for those that are ignored. */
type Meanings<S extends string, I extends string> = string extends S ? Readonly<Record<string, string>>
  : { readonly [L in Exclude<FlagLetter<S> | ValueLetter<S>, FlagLetter<I>>]: string };

/** What is for people only. The bundle keeps it apart from the code (scripts/strip.ts): a start does not read it. */
export interface Manual<S extends string, I extends string> {
  /** One line, for lists and man pages. */
  readonly summary: string;
  /** A meaning for each option letter, without a full stop. */
  readonly help?: Meanings<NoInfer<S>, NoInfer<I>>;
  /** Letters that are accepted for the sake of old or new scripts, or for our own use, and are not for people. */
  readonly ignored?: I;
  /** Exit codes with a meaning of their own, besides 0, 100, 111, 126 and 127. */
  readonly exits?: Readonly<Record<string, string>>;
  /** Paragraphs with what the summary and the options do not say. */
  readonly notes?: readonly string[];
}

interface Declaration<S extends string, I extends string> extends Manual<S, I> {
  readonly name: string;
  /** The words behind the name in the usage line. */
  readonly usage: string;
  /** Option letters as getopt(3) takes them; a letter with a value is followed by a colon. */
  readonly options: S;
  /** Long names of these options, where the program takes such. */
  readonly long?: LongOptions;
  /** The fewest operands; fewer is a usage error. */
  readonly least: number;
}

interface Chain<S extends string = string, I extends string = string> extends Declaration<S, I> {
  readonly kind: "chain";
  /** The next image. Pure but for what it reads through the view, and only where `reads` is set. */
  readonly next: (image: ProcessImage, call: Call<S>, view: SystemView) => ProcessImage;
  /** The program reads files: steps before it that change ids or root must be carried out first. */
  readonly reads?: boolean;
}

export interface Running<S extends string = string, I extends string = string> extends Declaration<S, I> {
  /** fork: starts children, then exits or becomes the rest. utility: does something and exits. daemon: stays. */
  readonly kind: "fork" | "utility" | "daemon";
  readonly run: (context: Context, call: Call<S>) => Outcome | Promise<Outcome>;
  /** It takes signals through its event loop and in no other way: none that comes before is lost, or ends it. */
  readonly holdsSignals?: boolean;
  /** All that run does, for programs that only run commands in turn. Pure. */
  readonly course?: (image: ProcessImage, call: Call<S>, warn: (text: string) => void) => Course;
  /** All that run does, where it only says something, now or later; undefined where it does more. */
  readonly reply?: (call: Call<S>, sight: Sight) => Saying | SaidLater | undefined;
  /** The reply looks at files or services: steps before it that make some, or wait, must be carried out first. */
  readonly reads?: boolean;
  /** What it makes of an image where the holder that it would ask is the process that follows the chain. */
  readonly given?: (image: ProcessImage, call: Call<S>, give: GivePipe) => ProcessImage | undefined;
  /** It may work through much data: its code is compiled for speed. */
  readonly computes?: boolean;
  /** As a block of another program it may run inside that program's process: it only prints, reads and decides. */
  readonly inProcess?: boolean;
}

// The registry holds applets of every option string, so the declared types are widened here, in one place.
export type Applet = Chain<string> | Running<string>;

export function chain<const S extends string, const I extends string = "">(
  declaration: Omit<Chain<S, I>, "kind">,
): Applet {
  return { kind: "chain", ...declaration } as unknown as Applet;
}

export function fork<const S extends string, const I extends string = "">(
  declaration: Omit<Running<S, I>, "kind">,
): Applet {
  return { kind: "fork", ...declaration } as unknown as Applet;
}

/** A fork that runs commands in turn, and does nothing else. */
export function coursing<const S extends string, const I extends string = "">(
  declaration: Omit<Running<S, I>, "kind" | "run"> & Required<Pick<Running<S, I>, "course">>,
): Applet {
  const run = (context: Context, call: Call<S>): Promise<Outcome> =>
    context.follow(declaration.course(context.image, call, (text) => context.warn(text)));
  return { kind: "fork", run, ...declaration } as unknown as Applet;
}

export function utility<const S extends string, const I extends string = "">(
  declaration: Omit<Running<S, I>, "kind">,
): Applet {
  return { kind: "utility", ...declaration } as unknown as Applet;
}

/**
 * A utility that says something and no more.
 * @param sees what it sees in a process of its own; nothing, if left out
 */
export function replying<const S extends string, const I extends string = "">(
  declaration: Omit<Running<S, I>, "kind" | "run" | "inProcess" | "reply"> & {
    readonly reply: (call: Call<S>, sight: Sight) => Omit<Saying, "sends">;
  },
  sees?: (os: Os) => Pick<Sight, "now" | "isSupervised" | "service">,
): Applet {
  const run = (context: Context, call: Call<S>): number => {
    const { text, code } = declaration.reply(call, { ...BLIND, ...sees?.(context.os) });
    context.print(text);
    return code;
  };
  return { kind: "utility", inProcess: true, run, ...declaration } as unknown as Applet;
}

const nothing = (): never => {
  throw new Error("this program looks at nothing");
};
const BLIND: Sight = {
  now: nothing,
  find: nothing,
  isSupervised: nothing,
  service: nothing,
  container: nothing,
  after: nothing,
};

export function daemon<const S extends string, const I extends string = "">(
  declaration: Omit<Running<S, I>, "kind">,
): Applet {
  return { kind: "daemon", ...declaration } as unknown as Applet;
}
