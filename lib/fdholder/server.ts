// A descriptor holder at work: takes connections, lets each do what its rights are, and drops what has reached its limit.

import type { Cancel, Reactor } from "../os/os.ts";
import type { Peer, SocketOs } from "../os/parts.ts";
import { isErrno, OsError, textOf } from "../report.ts";
import { secondsBetween } from "../tai.ts";
import { Connection, type ConnectionPorts } from "./connection.ts";
import { instantOf, isForEver, limitAt } from "./limit.ts";
import { type Rights, Session } from "./session.ts";
import type { Store } from "./store.ts";

export interface ServerPorts {
  readonly os: ConnectionPorts["os"] & Pick<SocketOs, "accept" | "peerOf" | "now">;
  readonly reactor: Pick<Reactor, "watch" | "after">;
  /** What a client may do; undefined if it may not connect. */
  readonly rightsOf: (peer: Peer) => Rights | undefined;
  readonly warn: (text: string) => void;
  /** It has stopped, and nothing is under way. */
  readonly ended: () => void;
}

export interface ServerSettings {
  /** The listening socket. */
  readonly socket: number;
  readonly mostConnections: number;
  /** Milliseconds, 0 is without limit: for a client in the middle of an operation, and for all of them after a stop. */
  readonly patience: number;
  readonly lastPatience: number;
}

/** The clock may be set: a limit is not slept for longer than this. */
const LONGEST_SLEEP = 3_600_000;
/** When there is no descriptor for another connection, the next try is made after this. */
const RETRY = 1000;

const NOTHING: Cancel = () => {};

export class Server {
  private readonly connections = new Set<Connection>();
  private listening: Cancel | undefined;
  private expiring: Cancel = NOTHING;
  private stopping = false;

  constructor(
    private readonly ports: ServerPorts,
    private readonly settings: ServerSettings,
    private readonly store: Store,
  ) {
    this.listen();
  }

  get connectionCount(): number {
    return this.connections.size;
  }

  /** Takes no more connections, and ends when what is under way is done. */
  stop(): void {
    if (this.stopping) return;
    this.stopping = true;
    this.listening?.();
    this.listening = undefined;
    // What a client has sent before the stop is under way.
    for (const connection of [...this.connections]) connection.takeArrived();
    const { lastPatience } = this.settings;
    if (lastPatience > 0) this.ports.reactor.after(lastPatience, () => this.ports.ended());
    this.leaveIfIdle();
  }

  private leaveIfIdle(): void {
    if (this.stopping && ![...this.connections].some((connection) => connection.isBusy)) this.ports.ended();
  }

  private listen(): void {
    if (this.stopping || this.listening !== undefined) return;
    if (this.connections.size >= this.settings.mostConnections) return;
    this.listening = this.ports.reactor.watch(this.settings.socket, "read", () => this.accept());
  }

  private pause(): void {
    this.listening?.();
    this.listening = undefined;
  }

  private accept(): void {
    const { os, reactor, warn } = this.ports;
    try {
      this.admit(os.accept(this.settings.socket));
    } catch (error) {
      if (isErrno(error, "EAGAIN", "EINTR", "ECONNABORTED")) return;
      if (!isErrno(error, "EMFILE", "ENFILE", "ENOMEM", "ENOBUFS")) throw error;
      // What is held is worth more than a new client, and there may be room again soon.
      warn(textOf(error));
      this.pause();
      reactor.after(RETRY, () => this.listen());
    }
    if (this.connections.size >= this.settings.mostConnections) this.pause();
  }

  private admit(socket: number): void {
    const rights = this.rightsOf(socket);
    if (rights === undefined) return this.ports.os.close(socket);
    const ports: ConnectionPorts = {
      os: this.ports.os,
      reactor: this.ports.reactor,
      patience: this.settings.patience,
      warn: this.ports.warn,
      answered: () => this.answered(),
      ended: (connection) => {
        this.connections.delete(connection);
        this.leaveIfIdle();
        this.listen();
      },
    };
    this.connections.add(new Connection(ports, socket, new Session(this.store, rights)));
  }

  private rightsOf(socket: number): Rights | undefined {
    try {
      return this.ports.rightsOf(this.ports.os.peerOf(socket));
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      this.ports.warn(textOf(error));
      return undefined;
    }
  }

  private answered(): void {
    this.sleepUntilNextLimit();
    this.leaveIfIdle();
  }

  private sleepUntilNextLimit(): void {
    this.expiring();
    this.expiring = NOTHING;
    const limit = this.store.nextLimit();
    const now = this.ports.os.now();
    if (limit === undefined || isForEver(limit, now)) return;
    const left = Math.max(0, 1000 * secondsBetween(now, instantOf(limit)));
    this.expiring = this.ports.reactor.after(Math.min(left, LONGEST_SLEEP), () => this.expire());
  }

  private expire(): void {
    const { os } = this.ports;
    for (const { fd } of this.store.expire(limitAt(os.now()))) os.close(fd);
    this.sleepUntilNextLimit();
  }
}
