// What supervision needs from its surroundings, and what it shows of a service. The overlay, the applets s6-svscan and
// s6-supervise, and the tests each put their own together.

import type { ByteString } from "../bytes.ts";
import type { Cancel, Os, Reactor } from "../os/os.ts";
import type { WaitStatus } from "../wait_status.ts";
import type { Reporter } from "../reporter.ts";
import type { Goal } from "./goal.ts";
import type { Reaper } from "./reaper.ts";
import type { NotifyAccess, NotifyEvent } from "./notify_protocol.ts";
import type { Service } from "./service.ts";
import type { Start } from "./start.ts";

/**
 * The calls of the system that supervision makes. None takes a path but those of the door: whatever lies in a service
 * directory, supervision neither waits for it nor is led astray by it.
 */
export type SuperviseOs =
  & Pick<Os, "door" | "close" | "fstat" | "read" | "truncate" | "write">
  & Pick<
    Os,
    "credentials" | "duplicate" | "kill" | "leavesRoom" | "lock" | "lockOwner" | "monotonic" | "now" | "pipe"
  >
  & Pick<Os, "setNonBlocking">;

/** What a service has told by systemd's notify protocol. */
export interface NotifyTold {
  /** The text of the last STATUS= of the last process, fit for a line; undefined where there is none. */
  readonly status: ByteString | undefined;
  /** How many messages have been ignored as they were not the service's, since its supervisor began. */
  readonly ignored: number;
}

/** The process whose messages are awaited, and what is done with them. */
export interface NotifyingService {
  readonly pid: number;
  readonly access: NotifyAccess;
  /** The state of the service is another now. */
  readonly tell: (event: NotifyEvent) => void;
  readonly says: (status: ByteString) => void;
  readonly ignored: () => void;
  readonly warn: (text: ByteString) => void;
}

/** A socket of systemd's notify protocol, for one life of a service. */
export interface NotifySocket {
  /** For NOTIFY_SOCKET. */
  readonly address: ByteString;
  /** From now on messages are dealt with. */
  hear(service: NotifyingService): void;
  /** Deals with what has arrived, now. */
  look(): void;
  /** Whatever arrives from now on is lost. */
  close(): void;
}

export interface SupervisePorts {
  readonly os: SuperviseOs;
  readonly reactor: Pick<Reactor, "watch" | "at" | "after" | "onSignal">;
  readonly reaper: Pick<Reaper, "reap">;
  readonly start: Start;
  /** Makes a socket of systemd's notify protocol: what that takes is loaded at the first. Throws OsError. */
  readonly openNotifySocket: () => NotifySocket;
  /** Takes a whole message line for standard error, without its newline: "s6-supervise web: warning: ...". */
  readonly report: Reporter;
}

/** A service as it is at this moment. */
export interface ServiceView {
  /** As the scanner names it: "web", or "web/log" for the logger of web. */
  readonly name: ByteString;
  /** The service directory, links resolved; relative to the working directory if the scan directory is. */
  readonly directory: ByteString;
  /** It is the logger of another service, or the catch-all logger. */
  readonly isLogger: boolean;
  /** A supervisor works on it. False once its supervisor has ended, or as long as it could not be opened. */
  readonly supervised: boolean;
  /** `run` is alive. */
  readonly up: boolean;
  /** Up: it has notified readiness. Down: its finish script has ended too. */
  readonly ready: boolean;
  readonly wantedUp: boolean;
  /** The process of `run`, also of one that is about to become it, or of `finish` while that runs; 0 if there is none. */
  readonly pid: number;
  /** How `run` ended last; 0 if it never has. */
  readonly lastStatus: WaitStatus;
  /** Its last finish script exited 125: it will not be started again by itself. */
  readonly failed: boolean;
  /** As its supervisor has it; undefined where there is none. */
  readonly service: Service | undefined;
  /** Undefined where it has no socket for that, or no supervisor. */
  readonly told: NotifyTold | undefined;
  /**
   * Has the letters of each event of this service from now on, as a listener at its event directory would, whichever
   * supervisor it has. What hears them must not throw.
   */
  readonly listen: (heard: (letters: string) => void) => Cancel;
}

/** gone: its supervisor has ended too. */
export type Condition = Goal | "gone";
