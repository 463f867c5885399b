// What a scanner is given, and what it can be asked for.

import type { ByteString } from "../bytes.ts";
import type { Environment } from "../environment.ts";
import type { Cancel } from "../os/os.ts";
import type { Streams } from "./child.ts";
import type { ScannerSignal, ServiceCommand } from "./control.ts";
import type { Condition, ServiceView } from "./ports.ts";
import type { ServiceStep } from "./service.ts";

export interface ScannerOptions {
  /** The scan directory. Relative only if the working directory of the process never changes. */
  readonly directory: ByteString;
  /** What the services, their finish scripts and the signal handlers run with. */
  readonly environment: Environment;
  /** Most services at a time, a service and its logger together counting one. Default 500. */
  readonly capacity?: number | undefined;
  /** Longest name accepted. Default 251. */
  readonly longestName?: number | undefined;
  /** Milliseconds between rescans; 0, the default, rescans on request only. */
  readonly rescanEvery?: number | undefined;
  /** What the catch-all logger gets as its standard descriptors, where these differ from those of other services. */
  readonly catchAll?: Streams | undefined;
  /**
   * Where a service or logger prints, where that is not where we do; asked at each start.
   * @param outputs those that no logger of its own reads
   */
  readonly printing?: ((name: ByteString, outputs: readonly ("stdout" | "stderr")[]) => Streams) | undefined;
  /** Called when a service or logger is no longer known under this name. */
  readonly onForgotten?: ((name: ByteString) => void) | undefined;
  /**
   * At the end loggers outlive what they log: each is kept up as long as its service is, and the catch-all logger until
   * releaseCatchAll(). Without it they are told to end together with their services.
   */
  readonly loggersLast?: boolean | undefined;
  /** Signals that a file .s6-svscan/SIGNAME may handle, and their commands, by name. Default: those of s6-svscan. */
  readonly signals?: Readonly<Record<string, ScannerSignal>> | undefined;
  /** Called with the name of a signal before a file is looked for; true if there is nothing more to be done. */
  readonly onSignalFirst?: ((name: string) => boolean) | undefined;
  /** Called with the name of a signal that no file handles; true if its command is not to be obeyed. */
  readonly onSignal?: ((name: string) => boolean) | undefined;
  /** Sees each event of each service, by name. It must not throw. */
  readonly onStep?: ((name: ByteString, ...step: Parameters<ServiceStep>) => void) | undefined;
  /**
   * Called when a life of run has ended by itself, its finish script included. Not during a stop.
   * @param held a descriptor of the service directory, wherever that is now; for the call
   */
  readonly onOwnEnd?: ((service: ServiceView, held: number) => void) | undefined;
  /** Called before a stop begins: true if it is not to begin now. What wanted that asks for it again. */
  readonly defersStop?: (() => boolean) | undefined;
  /** Called when a stop begins, by command, signal or call; `wait` tells if it waits for the supervisors. */
  readonly onStop?: (wait: boolean) => void;
  /**
   * Called once, when the scanner has left its loop (and, if it was to wait, every supervisor has ended, but that of a
   * catch-all logger that is kept).
   */
  readonly onLeft: () => void;
}

/** How the scanner ends: t asks the services to stop, q their loggers too, b leaves at once and kills nothing. */
export type StopMode = "terminate" | "quit" | "abort" | "terminate and abort";

export interface Scanner {
  /** Looks for new and vanished service directories now. New ones are started before it returns. */
  rescan(): void;
  /** Ends the supervisors of services whose directories are gone; their loggers end with them, or at once if `all`. */
  prune(all?: boolean): void;
  /** Command letters, as written to .s6-svscan/control. */
  obey(letters: ByteString): void;
  /** Whether there is a service of that name. */
  knows(service: ByteString): boolean;
  /** Has a service do something, as a letter of s6-svc would; false if there is none of that name. */
  command(service: ByteString, command: ServiceCommand): boolean;
  /** "terminate and abort" stops the services but calls onLeft at once. */
  stop(mode: StopMode): void;
  /** Goes on at once although supervisors have not ended: calls onLeft if that is still to come. */
  stopWaiting(): void;
  /**
   * Does what SIGTERM would do to each supervisor, had it a process of its own: for the end of process 1, where every
   * process gets one. Services are not started again. Loggers are spared: they see the end of their input.
   */
  endServices(): void;
  /** Lets go of all services and their loggers as they are: whatever becomes of them, no finish script runs any more. */
  abandonServices(): void;
  /** Lets go of a catch-all logger that is kept: it is not started again when it ends, as it does at the end of its input. */
  releaseCatchAll(): void;
  /** Every service and logger now supervised, waiting for its supervisor or being ended, in order of name. */
  services(): readonly ServiceView[];
  /**
   * Calls back once, at once or later, when each of these services meets the condition or never will by itself (it
   * failed permanently, or its supervisor has ended): those are passed by name. Default: all services now known, loggers
   * not counted. A name that is not known counts as gone.
   */
  when(condition: Condition, callback: (failed: readonly ByteString[]) => void, names?: readonly ByteString[]): Cancel;
  /** Lets go of everything: files, signals, timers. Children stay and are reaped as strangers. */
  close(): void;
}
