// The socket of one life of a service that speaks systemd's notify protocol. All who know the address may send to it,
// and the service's user is hostile: messages are read in bounded portions, of bounded size, and those count that come from
// the service. Loaded where a service asks for it.

import { type ByteString, byteString } from "../bytes.ts";
import type { Cancel, Os } from "../os/os.ts";
import type { Notice, Notices } from "../os/parts.ts";
import { closeElsewhere } from "./close_elsewhere.ts";
import { mayNotify, toldBy } from "./notify_protocol.ts";
import type { NotifyingService, NotifySocket, SupervisePorts } from "./ports.ts";
import type { Start } from "./start.ts";

/** Of a longer message the begin counts. */
const LARGEST = 4096;
/** The most messages that are dealt with in one turn of the event loop. */
const MOST_AT_ONCE = 32;
/** The most in a second; after more of them nothing is read for a moment. Times are in milliseconds. */
const FLOOD = { messages: 200, within: 1000, rest: 100 };

/** Of all sockets: one message is dealt with before the next is read. */
const BUFFER = new Uint8Array(new ArrayBuffer(LARGEST));

interface HearingPorts {
  readonly notices: Pick<Notices, "receiveNotice" | "closeNotices" | "sessionOf" | "ownerOf">;
  readonly os: Pick<Os, "monotonic" | "close" | "pipe">;
  readonly reactor: Pick<SupervisePorts["reactor"], "watch" | "after">;
  /** Starts processes for one that nothing may hold up, as what is sent to a socket can. */
  readonly start: Start | undefined;
}

export class HeardNotifySocket implements NotifySocket {
  private service: NotifyingService | undefined;
  private cancel: Cancel = () => {};
  private recent = { since: -Infinity, messages: 0 };
  private hasWarned = false;
  private isClosed = false;

  constructor(
    private readonly ports: HearingPorts,
    private readonly fd: number,
    readonly address: ByteString,
  ) {}

  hear(service: NotifyingService): void {
    this.service = service;
    this.watch();
  }

  look(): void {
    for (let count = 0; count < MOST_AT_ONCE && this.service !== undefined; count++) {
      const notice = this.ports.notices.receiveNotice(this.fd, BUFFER);
      if (notice === undefined) return;
      this.recent.messages++;
      const { service } = this;
      this.take(service, notice, byteString(BUFFER.subarray(0, notice.size)));
      if (notice.carries) this.giveUp(service);
    }
  }

  close(): void {
    this.service = undefined;
    this.cancel();
    if (this.isClosed) return;
    this.isClosed = true;
    const { notices, os, reactor, start } = this.ports;
    if (notices.closeNotices(this.fd, this.address)) return;
    if (start === undefined) os.close(this.fd);
    else closeElsewhere({ os, reactor, start }, [this.fd]);
  }

  /** Who takes a message with descriptors closes them, and may wait for that: nothing more is taken. */
  private giveUp(service: NotifyingService): void {
    service.warn("descriptors were sent to its notification socket: nothing more is heard there before its next start");
    this.close();
  }

  private watch(): void {
    this.cancel = this.ports.reactor.watch(this.fd, "read", () => {
      const now = this.ports.os.monotonic();
      if (now - this.recent.since > FLOOD.within) this.recent = { since: now, messages: 0 };
      this.look();
      if (this.service !== undefined && this.recent.messages > FLOOD.messages) this.rest();
    });
  }

  private rest(): void {
    this.cancel();
    this.cancel = this.ports.reactor.after(FLOOD.rest, () => this.watch());
  }

  private take(service: NotifyingService, { sender, isCut }: Notice, message: ByteString): void {
    if (sender === undefined || !this.counts(service, sender)) return service.ignored();
    const { events, status, mainPid } = toldBy(message, isCut, this.ports.os.monotonic());
    if (status !== undefined) service.says(status);
    if (mainPid !== undefined && mainPid !== service.pid && !this.hasWarned) {
      this.hasWarned = true;
      service.warn(`it says MAINPID=${mainPid}, which is ignored: its process is ${service.pid}`);
    }
    for (const event of events) service.tell(event);
  }

  /**
   * True for the service's own process. Where all may tell, for those of its session too; one of them that has ended is
   * known by its user alone. Nothing of this waits: the calls read what the kernel has in memory.
   */
  private counts({ pid, access }: NotifyingService, sender: NonNullable<Notice["sender"]>): boolean {
    if (sender.pid === pid) return true;
    // It is not in our pid namespace: another container that has the network in common.
    if (access === "main" || sender.pid === 0) return false;
    const { notices } = this.ports;
    const session = notices.sessionOf(sender.pid);
    return session === undefined ? mayNotify(sender, { pid, uid: notices.ownerOf(pid) }) : session === pid;
  }
}
