// The client's side of s6-sudod: a program that runs elsewhere, with our standard descriptors, and whose end is reported to
// us. The server says its name, we send words and descriptors in one message, it confirms that the program runs, and
// tells its wait status in the end. If we close the connection before, it sends the program TERM. Nothing waits.

import { type ByteString, byteString } from "../bytes.ts";
import { reasonOf, systemError } from "../errno.ts";
import { Outbox } from "../fdholder/message.ts";
import type { Cancel, Reactor } from "../os/os.ts";
import type { SocketOs } from "../os/parts.ts";
import { OsError } from "../report.ts";
import { END_SIZE, formatCall, parseStatus, SERVER_BANNER } from "../sudo/protocol.ts";
import { shellCode } from "../wait_status.ts";
import { type Ending, failing } from "./ending.ts";

/** What the original connects with. */
export const CONNECTING_PROGRAM = "s6-ipcclient";
const STANDARD_DESCRIPTORS = [0, 1, 2];
const BUSY_RETRY = 20;

export type SudoOs = Pick<
  SocketOs,
  "openSocket" | "setNonBlocking" | "connect" | "send" | "read" | "close" | "monotonic"
>;

interface SudoPorts {
  readonly os: SudoOs;
  readonly reactor: Pick<Reactor, "watch" | "at" | "after">;
}

interface SudoCall {
  readonly socket: ByteString;
  readonly words: readonly ByteString[];
  /** Milliseconds that the program may take, 0 for no limit; and until when the server must have taken it. */
  readonly limit: number;
  readonly patience: () => number;
  readonly connected: () => void;
  /** It runs now. */
  readonly confirmed: () => void;
  readonly ended: (ending: Ending) => void;
}

/** What is read next. */
type Stage = "banner" | "confirmation" | "status";
const SIZES: Readonly<Record<Stage, number>> = {
  banner: SERVER_BANNER.length,
  confirmation: 1,
  status: END_SIZE,
};

/** Begins a call; `ended` is called once, unless the returned function is called before. */
export function callSudod(ports: SudoPorts, call: SudoCall): Cancel {
  const session = new SudoSession(ports, call);
  session.connect();
  return () => session.close();
}

class SudoSession {
  private readonly fd: number;
  private readonly outbox: Outbox;
  private readonly cancels: Cancel[] = [];
  private stage: Stage = "banner";
  private got = "";
  private isOver = false;

  constructor(private readonly ports: SudoPorts, private readonly call: SudoCall) {
    this.fd = ports.os.openSocket("stream");
    ports.os.setNonBlocking(this.fd, true);
    this.outbox = new Outbox(ports.os, this.fd);
  }

  /** A queue of connections that is full will have room: the server takes them one by one. */
  connect(): void {
    const { os, reactor } = this.ports;
    try {
      os.connect(this.fd, this.call.socket);
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      if (error.errno === "EAGAIN") this.cancels.push(reactor.after(BUSY_RETRY, () => this.connect()));
      else this.end(failing(CONNECTING_PROGRAM, error.about("connect to", this.call.socket)));
      return;
    }
    this.cancels.push(reactor.watch(this.fd, "read", () => this.guarded(() => this.read())));
    this.awaitServer();
  }

  close(): void {
    if (this.isOver) return;
    this.isOver = true;
    for (const cancel of this.cancels) cancel();
    this.ports.os.close(this.fd);
  }

  /** The time until the program runs may grow as long as others are served. */
  private awaitServer(): void {
    const cancel = this.ports.reactor.at(this.call.patience(), () => {
      if (this.stage === "status") return;
      if (this.call.patience() > this.ports.os.monotonic()) this.awaitServer();
      else this.broken("ETIMEDOUT");
    });
    this.cancels.push(cancel);
  }

  private guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      // It is not of the conversation if that is over: what its end has led to has failed.
      if (this.isOver || !(error instanceof OsError)) throw error;
      if (error.errno !== "EAGAIN") this.broken(error.errno);
    }
  }

  private read(): void {
    const into = new Uint8Array(new ArrayBuffer(SIZES[this.stage] - this.got.length));
    const size = this.ports.os.read(this.fd, into);
    if (size === 0) return this.broken("EPIPE");
    this.got += byteString(into.subarray(0, size));
    if (this.got.length < SIZES[this.stage]) return;
    const got = this.got;
    this.got = "";
    this.take(got);
  }

  private take(got: ByteString): void {
    if (this.stage === "banner") {
      this.call.connected();
      if (got !== SERVER_BANNER) {
        return this.end(failing("s6-sudoc", WRONG_BANNER, 100));
      }
      this.stage = "confirmation";
      this.outbox.put(formatCall({ words: this.call.words, environment: [] }, STANDARD_DESCRIPTORS));
      this.send();
    } else if (this.stage === "confirmation") {
      if (got !== "\0") return this.end(failing("s6-sudoc", `${NOT_STARTED}: ${reasonOf(got.charCodeAt(0))[1]}`));
      this.stage = "status";
      const { limit } = this.call;
      if (limit > 0) this.cancels.push(this.ports.reactor.after(limit, () => this.broken("ETIMEDOUT")));
      this.call.confirmed();
    } else {
      const code = shellCode(parseStatus(got));
      this.end(code === 0 ? { how: "succeeded" } : { how: "failed", code });
    }
  }

  private send(): void {
    if (this.outbox.flush()) return;
    const cancel = this.ports.reactor.watch(this.fd, "write", () => {
      cancel();
      this.guarded(() => this.send());
    });
    this.cancels.push(cancel);
  }

  private broken(errno: string): void {
    const { reason } = systemError("", "", errno);
    const what: Readonly<Record<Stage, string>> = {
      banner: this.got === "" ? NO_SERVER : `unable to read banner from s6-sudod: ${reason}`,
      confirmation: `unable to get confirmation from server: ${reason}`,
      status: `unable to get exit status from server: ${reason}`,
    };
    this.end(failing("s6-sudoc", what[this.stage]));
  }

  private end(ending: Ending): void {
    if (this.isOver) return;
    this.close();
    this.call.ended(ending);
  }
}

const NO_SERVER = "unable to connect to the s6-sudod server - check that you have appropriate permissions";
const NOT_STARTED = "unable to start privileged program: server answered: ";
const WRONG_BANNER = "wrong banner - check that you are connecting to a s6-sudod server";
