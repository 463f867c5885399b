// s6-sudod, behind a server: it runs a program for s6-sudoc, with the client's standard descriptors, and tells how it has
// ended. Follows its manual. What a client sends is bounded, and counts only whole.

import { type ByteString, rawBytes } from "../../lib/bytes.ts";
import { errorNumber, systemError } from "../../lib/errno.ts";
import { MessageReader, ProtocolError } from "../../lib/fdholder/message.ts";
import type { ProcessImage } from "../../lib/image/image.ts";
import type { Reactor } from "../../lib/os/os.ts";
import type { SocketOs } from "../../lib/os/parts.ts";
import { EXIT, Failure, isErrno, OsError, textOf, unlessRefused } from "../../lib/report.ts";
import { SIGNAL } from "../../lib/signals.ts";
import {
  acceptedVariables,
  formatStatus,
  LONGEST_CALL,
  parseCall,
  SERVER_BANNER,
  type SudoCall,
} from "../../lib/sudo/protocol.ts";
import type { WaitStatus } from "../../lib/wait_status.ts";
import { type Applet, type Context, fork } from "../applet.ts";
import { printLine } from "../print.ts";
import { withSockets } from "../sockets.ts";

const STANDARD = [0, 1, 2] as const;
const FROM_CLIENT = 0;
const TO_CLIENT = 1;
const GONE = 1;

export const sudod: Applet = fork({
  name: "s6-sudod",
  usage: "[ -0 ] [ -1 ] [ -2 ] [ -d ] [ -t timeout ] args...",
  summary: "run a program for s6-sudoc, which is at the other end of standard input and output",
  help: {
    0: "the program's standard input is empty, not that of the client",
    1: "the program's standard output is lost, and does not go to the client's",
    2: "the program's standard error is that of this server, not that of the client",
    d: "the program goes on if the client goes; implies -0, -1 and -2",
    t: "give up if the client has not sent its call after this many milliseconds",
  },
  exits: { 1: "the client has gone before the program has ended" },
  notes: [
    "The program is the words given here, and behind them those of the client. Of the client's variables it gets those " +
    "that are there, and empty, in the environment of the server.",
  ],
  options: "012dt:",
  least: 0,
  run: async (context, { options, args }) => {
    const os = await withSockets(context);
    unlessRefused(() => os.writeAll(TO_CLIENT, rawBytes(SERVER_BANNER)));
    const { call, descriptors } = receiveCall(os, options.number("t") ?? 0);
    const detached = options.has("d");
    const theirs = STANDARD.map((fd) => detached || options.has(`${fd}`) ? undefined : descriptors[fd]!);
    const server = new Serving(context, os, detached);
    const words = [...args, ...call.words];
    if (words.length === 0) throw new Failure(EXIT.system, "client and server args both empty");
    const pid = server.start(
      context.image.withVariables(
        acceptedVariables(context.image.environment, call.environment),
      ),
      [...args, ...call.words],
      theirs,
    );
    for (const fd of descriptors) os.close(fd);
    return pid === undefined ? EXIT.system : server.await(pid);
  },
});

interface ReceivedCall {
  readonly call: SudoCall;
  readonly descriptors: readonly number[];
}

/** @throws OsError if no call comes, or none in time */
function receiveCall(os: SocketOs, patience: number): ReceivedCall {
  const reader = new MessageReader(LONGEST_CALL);
  const buffer = new Uint8Array(new ArrayBuffer(65536));
  const deadline = patience === 0 ? Infinity : os.monotonic() + patience;
  const failed = (errno: string): OsError => systemError("read message", "from client", errno);
  os.setNonBlocking(FROM_CLIENT, false);
  try {
    for (;;) {
      const message = reader.next();
      const call = message === undefined ? undefined : parseCall(message);
      if (call !== undefined) return { call, descriptors: message!.descriptors };
      if (message !== undefined) throw failed("EPROTO");
      const left = deadline - os.monotonic();
      if (left <= 0) throw failed("ETIMEDOUT");
      os.setSocketTimeout(FROM_CLIENT, left === Infinity ? 0 : left);
      const received = os.receive(FROM_CLIENT, buffer);
      if (received.size === 0) throw failed("EPIPE");
      reader.push(buffer, received);
    }
  } catch (error) {
    if (error instanceof ProtocolError) throw failed("EPROTO");
    throw isErrno(error, "EAGAIN") ? failed("ETIMEDOUT") : error;
  }
}

class Serving {
  private readonly reactor: Reactor;
  private status: WaitStatus | undefined;

  constructor(private readonly context: Context, private readonly os: SocketOs, private readonly detached: boolean) {
    // Made before there is a child, so that its end is not missed.
    this.reactor = context.reactor();
    this.reactor.onSignal(SIGNAL.PIPE, () => {});
  }

  /** The pid of the program; undefined if it cannot be started, which the client is told. */
  start(own: ProcessImage, words: readonly ByteString[], theirs: readonly (number | undefined)[]): number | undefined {
    const by = this.context.name;
    const nothing = this.os.open("/dev/null", ["readwrite"]);
    // Standard error of the server is its own, which stays; what else is not the client's is nothing.
    const image = theirs.reduce<ProcessImage>(
      (next, fd, to) => fd === undefined && to === 2 ? next : next.step({ do: "copy", by, from: fd ?? nothing, to }),
      own,
    );
    try {
      const pid = this.context.spawn(image.run(words));
      this.answer("\0");
      return pid;
    } catch (error) {
      const text = `${by} (child): fatal: ${textOf(error)}`;
      printLine({ writeAll: (_, bytes) => this.os.writeAll(theirs[2] ?? 2, bytes) }, text);
      this.answer(String.fromCharCode(error instanceof OsError ? errorNumber(error.errno) : errorNumber("ENOENT")));
      return undefined;
    } finally {
      this.os.close(nothing);
    }
  }

  /** Waits for the program's end, which the client is told, or for that of the client. */
  await(pid: number): number {
    const { os, reactor } = this;
    reactor.onSignal(SIGNAL.CHLD, () => this.reap(pid));
    this.reap(pid);
    const cancel = this.detached ? undefined : reactor.watch(FROM_CLIENT, "read", () => reactor.stop());
    if (this.status === undefined) reactor.run();
    cancel?.();
    if (this.status === undefined) {
      for (const signal of [SIGNAL.TERM, SIGNAL.CONT]) os.kill(pid, signal);
      return GONE;
    }
    this.answer(formatStatus(this.status));
    return 0;
  }

  private reap(pid: number): void {
    const death = this.os.reap(pid);
    if (death === undefined) return;
    this.status = death.status;
    this.reactor.stop();
  }

  /** A client that has gone needs no answer. */
  private answer(bytes: ByteString): void {
    unlessRefused(() => this.os.writeAll(TO_CLIENT, rawBytes(bytes)));
  }
}
