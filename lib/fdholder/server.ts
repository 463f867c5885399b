// A descriptor holder at work: takes connections, lets each do what its rights are, and drops what has reached its
// limit. Where there are as many clients as there may be, one that does nothing gives way to a new one, first one of a
// user who has more of them: no user can keep others out by occupying connections.

import type { Cancel, Reactor } from "../os/os.ts";
import type { Peer, SocketOs } from "../os/parts.ts";
import { isErrno, OsError, textOf } from "../report.ts";
import { secondsBetween } from "../tai.ts";
import { Connection, type ConnectionPorts } from "./connection.ts";
import { isForEver, limitAt, limitInstant } from "./limit.ts";
import { type Rights, Session } from "./session.ts";
import type { Store } from "./store.ts";

interface ServerPorts {
  readonly os: ConnectionPorts["os"] & Pick<SocketOs, "accept" | "peerOf" | "now" | "monotonic">;
  readonly reactor: Pick<Reactor, "watch" | "after">;
  /** What a client may do; undefined if it may not connect. */
  readonly rightsOf: (peer: Peer) => Rights | undefined;
  readonly warn: (text: string) => void;
  /** It has stopped, and nothing is under way. */
  readonly ended: () => void;
}

interface ServerSettings {
  /** The listening socket. */
  readonly socket: number;
  readonly mostConnections: number;
  /** Milliseconds, 0 is without limit: for a client in the middle of an operation, and for all of them after a stop. */
  readonly patience: number;
  readonly lastPatience: number;
}

/** The clock may be set: a limit is not slept for longer than this. */
const LONGEST_SLEEP = 3_600_000;
/** When there is no descriptor for another connection, or no client that gives way, the next try is made after this. */
const RETRY = 1000;
/**
 * How many clients wait for room with us; where there are more, those of the user that has the most of them are
 * dropped.
 */
const MOST_WAITING = 64;
/** A client gives way to another one of its user after this many milliseconds without any activity. */
const IDLE = 1000;

const NOTHING: Cancel = () => {};

interface Newcomer {
  readonly socket: number;
  readonly rights: Rights;
  readonly uid: number;
}

export class Server {
  private readonly connections = new Set<Connection>();
  private listening: Cancel | undefined;
  private expiring: Cancel = NOTHING;
  private retry: Cancel = NOTHING;
  /** Connected, but there is no room for them yet. */
  private waiting: Newcomer[] = [];
  private stopping = false;
  private isMakingRoom = false;

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
    this.pause();
    this.retry();
    for (const { socket } of this.waiting.splice(0)) this.ports.os.close(socket);
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
    this.listening = this.ports.reactor.watch(this.settings.socket, "read", () => this.accept());
  }

  private pause(): void {
    this.listening?.();
    this.listening = undefined;
  }

  private accept(): void {
    try {
      this.welcome(this.ports.os.accept(this.settings.socket));
    } catch (error) {
      if (isErrno(error, "EAGAIN", "EINTR", "ECONNABORTED")) return;
      if (!isErrno(error, "EMFILE", "ENFILE", "ENOMEM", "ENOBUFS")) throw error;
      // What is held is worth more than a new client, and there may be room again soon.
      this.ports.warn(textOf(error));
      this.pause();
      this.ports.reactor.after(RETRY, () => this.listen());
    }
  }

  private welcome(socket: number): void {
    const client = this.rightsOf(socket);
    if (client === undefined) return this.ports.os.close(socket);
    this.waiting.push({ socket, ...client });
    this.admit();
    if (this.waiting.length <= MOST_WAITING) return;
    const counts = countByUser(this.waiting);
    const most = counts.values().reduce((one, other) => Math.max(one, other), 0);
    const last = this.waiting.findLastIndex(({ uid }) => counts.get(uid) === most);
    for (const { socket } of this.waiting.splice(last, 1)) this.ports.os.close(socket);
  }

  /** Accepts the clients that wait, as far as there is room or another one gives way. */
  private admit(): void {
    for (const newcomer of [...this.waiting]) {
      const hasRoom = this.connections.size < this.settings.mostConnections || this.makeRoom(newcomer.uid);
      if (!hasRoom) continue;
      this.waiting.splice(this.waiting.indexOf(newcomer), 1);
      this.connect(newcomer);
    }
    this.retry();
    this.retry = this.waiting.length === 0 ? NOTHING : this.ports.reactor.after(RETRY, () => this.admit());
  }

  /** Ends the connection that has been idle longest, of those of the user who has the most; false if none gives way. */
  private makeRoom(uid: number): boolean {
    const now = this.ports.os.monotonic();
    const counts = countByUser(this.connections);
    const [first] = [...this.connections].filter((connection) => {
      const isIdle = now - connection.lastActive >= IDLE;
      if (connection.uid === uid) return isIdle;
      return counts.get(connection.uid)! > (counts.get(uid) ?? 0) && (isIdle || !connection.isBusy);
    }).sort((a, b) => counts.get(b.uid)! - counts.get(a.uid)! || a.lastActive - b.lastActive);
    if (first === undefined) return false;
    this.isMakingRoom = true;
    first.end();
    this.isMakingRoom = false;
    return true;
  }

  private connect({ socket, rights, uid }: Newcomer): void {
    const ports: ConnectionPorts = {
      os: this.ports.os,
      reactor: this.ports.reactor,
      patience: this.settings.patience,
      warn: this.ports.warn,
      answered: () => this.answered(),
      ended: (connection) => {
        this.connections.delete(connection);
        this.leaveIfIdle();
        if (!this.stopping && !this.isMakingRoom) this.admit();
      },
    };
    this.connections.add(new Connection(ports, socket, new Session(this.store, rights), uid));
  }

  private rightsOf(socket: number): Omit<Newcomer, "socket"> | undefined {
    try {
      const peer = this.ports.os.peerOf(socket);
      const rights = this.ports.rightsOf(peer);
      return rights === undefined ? undefined : { rights, uid: peer.uid };
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
    const left = Math.max(0, 1000 * secondsBetween(now, limitInstant(limit)));
    this.expiring = this.ports.reactor.after(Math.min(left, LONGEST_SLEEP), () => this.expire());
  }

  private expire(): void {
    const { os } = this.ports;
    for (const { fd } of this.store.expire(limitAt(os.now()))) os.close(fd);
    this.sleepUntilNextLimit();
  }
}

function countByUser(clients: Iterable<{ readonly uid: number }>): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { uid } of clients) counts.set(uid, 1 + (counts.get(uid) ?? 0));
  return counts;
}
