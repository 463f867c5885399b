// s6-sudo: a program that runs elsewhere, as a server's user, with the caller's standard descriptors. It is a chain of
// s6-ipcclient and s6-sudoc, which asks s6-sudod (sudod.ts). Follows their manual.

import { type ByteString, byteString } from "../../lib/bytes.ts";
import { reasonOf, systemError } from "../../lib/errno.ts";
import { Outbox } from "../../lib/fdholder/message.ts";
import type { SocketOs } from "../../lib/os/parts.ts";
import { EXIT, Failure, invalid, OsError } from "../../lib/report.ts";
import { END_SIZE, formatCall, parseStatus, SERVER_BANNER, type SudoCall } from "../../lib/sudo/protocol.ts";
import { exitCode, killedBy, shellCode, type WaitStatus } from "../../lib/wait_status.ts";
import { type Applet, chain, fork } from "../applet.ts";
import { withSockets } from "../sockets.ts";
import { numberWord } from "./server_words.ts";

export const sudo: Applet = chain({
  name: "s6-sudo",
  usage: "[ -q | -Q | -v ] [ -p bindpath ] [ -l localname ] [ -e ] [ -t timeout ] [ -T timeoutrun ] path [ args... ]",
  summary: "run the program of a server with the own standard descriptors",
  help: {
    q: "tell only what is fatal",
    Q: "tell what is fatal, and warn (default)",
    v: "tell of the connection too",
    p: "bind the own socket to this path",
    l: "the local name, for IPCLOCALPATH",
    e: "send no variables",
    t: "give up if the program has not been started after this many milliseconds",
    T: "give up if the program has not ended after this many milliseconds",
  },
  options: "qQvp:l:et:T:",
  least: 1,
  next: (image, { options, args: [path = "", ...words] }) => {
    const verbosity = options.last("q", "Q", "v") ?? "Q";
    const passed = (letter: "p" | "l"): ByteString[] =>
      options.has(letter) ? [`-${letter}`, options.value(letter)!] : [];
    return image.run([
      "s6-ipcclient",
      ...(verbosity === "Q" ? [] : [`-${verbosity}`]),
      ...passed("p"),
      ...passed("l"),
      "--",
      path,
      "s6-sudoc",
      ...(options.has("e") ? ["-e"] : []),
      ...numberWord(options, "t", 0),
      ...numberWord(options, "T", 0),
      "--",
      ...words,
    ]);
  },
});

/** Where s6-ipcclient leaves the connection. */
const FROM_SERVER = 6;
const TO_SERVER = 7;
const STANDARD = [0, 1, 2];

export const sudoc: Applet = fork({
  name: "s6-sudoc",
  usage: "[ -e ] [ -t timeoutconn ] [ -T timeoutrun ] [ args... ]",
  summary: "have s6-sudod, at the other end of descriptors 6 and 7, run a program",
  help: {
    e: "send no variables",
    t: "give up if the program has not been started after this many milliseconds",
    T: "give up if the program has not ended after this many milliseconds",
  },
  notes: ["It ends as the program has ended: with its exit code, or by the same signal."],
  options: "et:T:",
  least: 0,
  run: async (context, { options, args }) => {
    const os = await withSockets(context);
    for (const fd of [FROM_SERVER, TO_SERVER]) {
      if (!os.isInherited(fd)) throw systemError("make", "socket non-blocking", "EBADF");
    }
    const environment = options.has("e") ? [] : context.image.environment.toWords();
    const status = new Asking(os, options.number("t") ?? 0).run({ words: args, environment }, options.number("T") ?? 0);
    return endAs(os, status);
  },
});

/** Ends as another process has. */
function endAs(os: Pick<SocketOs, "kill" | "pid">, status: WaitStatus): number {
  if (exitCode(status) === undefined) os.kill(os.pid, killedBy(status));
  return shellCode(status);
}

class Asking {
  private deadline: number;

  /** @param patience milliseconds until the program must run; 0 is without limit */
  constructor(private readonly os: SocketOs, patience: number) {
    this.deadline = this.limit(patience);
    os.setNonBlocking(FROM_SERVER, false);
    os.setNonBlocking(TO_SERVER, false);
  }

  run(call: SudoCall, longest: number): WaitStatus {
    const banner = this.read(SERVER_BANNER.length, "read banner from s6-sudod");
    if (banner === undefined) throw new Failure(EXIT.system, NO_SERVER);
    if (banner !== SERVER_BANNER) throw invalid(WRONG_BANNER);
    const outbox = new Outbox(this.os, TO_SERVER);
    outbox.put(formatCall(call, STANDARD));
    this.inTime("send to server", () => outbox.flush());
    const answer = this.wanted(1, "get confirmation from server").charCodeAt(0);
    if (answer !== 0) {
      throw new Failure(EXIT.system, `unable to start privileged program: server answered: ${reasonOf(answer)[1]}`);
    }
    this.deadline = this.limit(longest);
    return parseStatus(this.wanted(END_SIZE, "get exit status from server"));
  }

  private limit(milliseconds: number): number {
    return milliseconds === 0 ? Infinity : this.os.monotonic() + milliseconds;
  }

  /** Bytes; undefined if the other end closes before the first. */
  private read(size: number, what: string): ByteString | undefined {
    let got = "";
    while (got.length < size) {
      const buffer = new Uint8Array(new ArrayBuffer(size - got.length));
      const count = this.inTime(what, () => this.os.read(FROM_SERVER, buffer));
      if (count === 0 && got === "") return undefined;
      if (count === 0) throw systemError(what, "", "EPIPE");
      got += byteString(buffer.subarray(0, count));
    }
    return got;
  }

  private wanted(size: number, what: string): ByteString {
    const got = this.read(size, what);
    if (got === undefined) throw systemError(what, "", "EPIPE");
    return got;
  }

  private inTime<T>(what: string, call: () => T): T {
    const left = this.deadline - this.os.monotonic();
    try {
      if (left <= 0) throw systemError(what, "", "ETIMEDOUT");
      this.os.setSocketTimeout(FROM_SERVER, left === Infinity ? 0 : left);
      return call();
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      throw error.errno === "EAGAIN" ? systemError(what, "", "ETIMEDOUT") : error.about(what, "");
    }
  }
}

const NO_SERVER = "unable to connect to the s6-sudod server - check that you have appropriate permissions";
const WRONG_BANNER = "wrong banner - check that you are connecting to a s6-sudod server";
