// What an applet is: one declaration, from which its usage line, help, man page, completion, symlink and tests derive.
// The bodies return values; they never exit or exec. cli/main.ts alone does.

import type { ByteString } from "../lib/bytes.ts";
import type { ProcessImage } from "../lib/image/image.ts";
import type { Playing } from "../lib/image/plan.ts";
import type { Launched } from "../lib/image/start.ts";
import type { Os, Reactor } from "../lib/os/os.ts";
import type { Parts } from "../lib/os/parts.ts";
import type { WaitStatus } from "../lib/wait_status.ts";
import type { FlagLetter, Options, ValueLetter } from "./getopt.ts";

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
  readFile(path: ByteString): ByteString;
  listDirectory(path: ByteString): ByteString[];
  exists(path: ByteString): boolean;
  /** True for a descriptor that is open, and not one of the runtime's. */
  isInherited(fd: number): boolean;
  /** Lines of /etc/passwd and /etc/group. */
  accounts: Pick<Os, "readFile">;
  warn(text: string): void;
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
  /** Prints "NAME: warning: TEXT" on standard error. */
  warn(text: string): void;
  /** Standard output, all of it; a failure is an OsError "unable to write to stdout". */
  print(text: ByteString | Uint8Array<ArrayBuffer>): void;
  /** Starts the command of the image as a child of ours and returns its pid; throws OsError or Failure if it cannot. */
  spawn(image: ProcessImage): number;
  /** As spawn, but it looks only where nobody can hold it up, and waits for nothing: for supervisors. */
  launch(image: ProcessImage, playing: Playing): Launched;
  /** Runs the command of the image to its end: in this process where that makes no difference, else as a child. */
  runToEnd(image: ProcessImage): Promise<WaitStatus>;
}

/** What each letter of an option string means, but for those that are ignored. */
export type Meanings<S extends string, I extends string> = string extends S ? Readonly<Record<string, string>>
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
  /** The fewest operands; fewer is a usage error. */
  readonly least: number;
}

export interface Chain<S extends string = string, I extends string = string> extends Declaration<S, I> {
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
  /** As a block of another program it may run inside that program's process: it only prints, reads and decides. */
  readonly inProcess?: boolean;
}

// The phone book holds applets of every option string, so the declared types are widened here, in one place.
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

export function utility<const S extends string, const I extends string = "">(
  declaration: Omit<Running<S, I>, "kind">,
): Applet {
  return { kind: "utility", ...declaration } as unknown as Applet;
}

export function daemon<const S extends string, const I extends string = "">(
  declaration: Omit<Running<S, I>, "kind">,
): Applet {
  return { kind: "daemon", ...declaration } as unknown as Applet;
}
