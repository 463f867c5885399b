// Messages of syslog as lines, to be read by a logger: s6-socklog takes them as datagrams, ucspilogd from a stream.
// Follows s6-socklog(8) and ucspilogd(8).

import { type ByteString, byteString, rawBytes } from "../../lib/bytes.ts";
import { systemError } from "../../lib/errno.ts";
import { parts } from "../../lib/input.ts";
import { addressText, parseAddress } from "../../lib/internet_address.ts";
import { Stream } from "../../lib/log/stream.ts";
import { lineOf, withNames } from "../../lib/log/syslog.ts";
import type { Os } from "../../lib/os/os.ts";
import type { Datagrams, InternetAddress } from "../../lib/os/parts.ts";
import { about, invalid, type OsError, UsageError } from "../../lib/report.ts";
import { SIGNAL } from "../../lib/signals.ts";
import { type Applet, type Context, daemon, type Outcome, utility } from "../applet.ts";
import { type Options, unsigned } from "../getopt.ts";
import { apply, requestedIds } from "./setuidgid.ts";

const OPTIONS = "d:rUu:g:G:l:t:x:i:";
const USUAL_PATH = "/dev/log";
const USUAL_PORT = 514;
const LENGTH = { least: 76, usual: 1024, most: 1048576 };

export const socklog: Applet = daemon({
  name: "s6-socklog",
  usage: "[ -d notif ] [ -r ] [ -U | -u uid -g gid -G gidlist ] [ -l linelen ] [ -t lameducktimeout ] " +
    "[ -x socket | -i ip_port ]",
  summary: "receive the messages of syslog and print them as lines",
  help: {
    d: "tell on this descriptor that the socket is there",
    r: "leave facility and priority as a number",
    U: "run with the ids in UID, GID and GIDLIST",
    u: "run with this user id",
    g: "run with this group id",
    G: "run with these groups",
    l: "cut longer messages, in bytes (default 1024)",
    t: "give up writing the last messages after this many milliseconds",
    x: "make the socket at this path (default /dev/log)",
    i: "listen on this address and port instead (default port 514)",
  },
  exits: { 99: "the last messages could not be written in time" },
  options: OPTIONS,
  least: 0,
  run: async (context, { options }) => {
    const { os, image } = context;
    const settings = settingsOf(options);
    const ids = requestedIds(options.list, image.environment);
    const place = placeOf(options);
    checkDescriptors(os, settings.notification);
    const datagrams = await context.part("datagrams");
    const socket = about("bind socket to", place.text, () => bound(os, datagrams, place));
    const changed = apply(image, ids, os, "s6-socklog");
    if (changed.isSettled) return serve(context, datagrams, socket, settings);
    // Only a program that is executed has given up its ids for good, in all its threads.
    os.duplicateOnto(socket, 0);
    return changed.run(["s6-socklogd", ...wordsOf(settings)]);
  },
});

export const socklogd: Applet = daemon({
  name: "s6-socklogd",
  usage: "[ -d notif ] [ -r ] [ -l linelen ] [ -t lameducktimeout ]",
  summary: "what s6-socklog becomes when it changes its ids: the socket is its standard input",
  help: {
    d: "tell on this descriptor that it listens",
    r: "leave facility and priority as a number",
    l: "cut longer messages, in bytes (default 1024)",
    t: "give up writing the last messages after this many milliseconds",
  },
  options: "d:rl:t:",
  least: 0,
  run: async (context, { options }) => {
    const settings = settingsOf(options);
    checkDescriptors(context.os, settings.notification);
    return serve(context, await context.part("datagrams"), 0, settings);
  },
});

interface Settings {
  /** Told when the socket is there. */
  readonly notification: number | undefined;
  /** Codes stay numbers. */
  readonly raw: boolean;
  /** The longest message. */
  readonly longest: number;
  /** Milliseconds that writing may take at the end; 0 is without limit. */
  readonly lastWords: number;
}

function settingsOf(options: Pick<Options<"d:rl:t:">, "has" | "number">): Settings {
  const longest = options.number("l") ?? LENGTH.usual;
  return {
    notification: options.number("d"),
    raw: options.has("r"),
    longest: Math.max(LENGTH.least, Math.min(LENGTH.most, longest)),
    lastWords: options.number("t") ?? 0,
  };
}

function wordsOf({ notification, raw, longest, lastWords }: Settings): ByteString[] {
  const notify = notification === undefined ? [] : ["-d", `${notification}`];
  return [...notify, ...(raw ? ["-r"] : []), "-l", `${longest}`, "-t", `${lastWords}`];
}

function checkDescriptors(os: Pick<Os, "isInherited">, notification: number | undefined): void {
  if (notification !== undefined && notification < 3) throw invalid("notification fd must be 3 or more");
  if (notification !== undefined && !os.isInherited(notification)) {
    throw invalid("invalid notification fd: Bad file descriptor");
  }
  if (!os.isInherited(1)) throw invalid("invalid stdout: Bad file descriptor");
  if (!os.isInherited(2)) throw invalid("invalid stderr: Bad file descriptor");
}

/** Where to listen: a path, or an address of the internet. `text` says it in messages. */
interface Place {
  readonly text: ByteString;
  readonly address: InternetAddress | undefined;
}

function placeOf(options: Options<typeof OPTIONS>): Place {
  if (options.last("x", "i") !== "i") return { text: options.value("x") ?? USUAL_PATH, address: undefined };
  const [, ip = "", port] = /^([^_]*?)(?:_(.*))?$/s.exec(options.value("i")!.replace(/^([0-9.]+):/, "$1_"))!;
  const address = { bytes: parseAddress(ip), port: port === undefined ? USUAL_PORT : unsigned(port) };
  if (address.bytes === undefined || address.port > 0xffff) throw new UsageError();
  return { text: `ip ${ip} port ${address.port}`, address: { ...address, bytes: address.bytes } };
}

/** A new socket; that of a path takes the place of one that no process holds any more. */
function bound(os: Os, datagrams: Datagrams, { text: path, address }: Place): number {
  if (address !== undefined) return datagrams.bindInternetDatagrams(address);
  // Held as long as we live: it tells a socket in use from one that was left behind.
  const lock = os.open(`${path}.lock`, ["write", "create", "append", "nonblocking", "nofollow"], 0o600);
  if (!os.lock(lock)) throw systemError("lock", path, "EBUSY");
  os.setCloseOnExec(lock, false);
  if (isOther(os, path)) os.unlink(path);
  return datagrams.bindLocalDatagrams(path);
}

/** Something is there, and no directory. */
function isOther(os: Os, path: ByteString): boolean {
  try {
    return os.lstat(path).kind !== "directory";
  } catch {
    return false;
  }
}

function serve(context: Context, datagrams: Datagrams, socket: number, settings: Settings): Outcome {
  const { os } = context;
  const process = new Receiver(context, datagrams, socket, settings);
  process.start();
  if (settings.notification !== undefined) {
    os.writeAll(settings.notification, rawBytes("\n"));
    os.close(settings.notification);
  }
  context.reactor().run();
  return process.outcome();
}

const TIMED_OUT = 99;

class Receiver {
  private readonly stdout: Stream;
  private readonly buffer: Uint8Array<ArrayBuffer>;
  private stopWatching: (() => void) | undefined;
  private stopping = false;
  private broken: OsError | undefined;
  private late = false;

  constructor(
    private readonly context: Context,
    private readonly datagrams: Datagrams,
    private readonly socket: number,
    private readonly settings: Settings,
  ) {
    const { os } = context;
    const reactor = context.reactor();
    this.buffer = new Uint8Array(new ArrayBuffer(settings.longest + 1));
    const broke = (error: OsError): void => {
      this.broken = error;
      reactor.stop();
    };
    this.stdout = new Stream({ os, reactor, broke, idle: () => this.written() }, 1);
  }

  start(): void {
    const reactor = this.context.reactor();
    reactor.onSignal(SIGNAL.TERM, () => this.stop());
    // A reader of our output that has gone shows as an error of write.
    reactor.onSignal(SIGNAL.PIPE, () => {});
    this.listen();
  }

  /** How the process ends. */
  outcome(): Outcome {
    if (this.broken !== undefined) throw this.broken.about("write to", "stdout");
    return this.late ? TIMED_OUT : 0;
  }

  private listen(): void {
    this.stopWatching = this.context.reactor().watch(this.socket, "read", () => this.take());
  }

  /** As long as lines wait to be written, messages wait in the socket, and their senders when that is full. */
  private take(): void {
    while (!this.stdout.busy && this.broken === undefined) {
      const datagram = this.datagrams.receive(this.socket, this.buffer);
      if (datagram === undefined) return;
      const cut = datagram.length > this.settings.longest;
      const text = byteString(this.buffer.subarray(0, Math.min(datagram.length, this.buffer.length)));
      const line = lineOf(text, { raw: this.settings.raw, cut });
      this.stdout.write(rawBytes(senderText(datagram.from) + line));
    }
    this.pause();
  }

  private pause(): void {
    this.stopWatching?.();
    this.stopWatching = undefined;
  }

  private written(): void {
    if (this.stopping) this.context.reactor().stop();
    else if (this.stopWatching === undefined) this.listen();
  }

  private stop(): void {
    const reactor = this.context.reactor();
    this.pause();
    this.stopping = true;
    if (!this.stdout.busy) return reactor.stop();
    if (this.settings.lastWords === 0) return;
    reactor.after(this.settings.lastWords, () => {
      this.late = true;
      reactor.stop();
    });
  }
}

function senderText(from: InternetAddress | undefined): string {
  return from === undefined ? "" : `${addressText(from.bytes)}_${from.port}: `;
}

export const ucspilogd: Applet = utility({
  name: "ucspilogd",
  usage: "[ -D default ] [ var... ]",
  summary: "turn a stream of messages of syslog into lines",
  help: { D: "what stands for a variable that is not set (default <undefined>)" },
  options: "D:",
  least: 0,
  run: (context, { options, args }) => {
    const otherwise = options.value("D") ?? "<undefined>";
    const prefix = args.map((name) => `${context.image.environment.get(name) ?? otherwise}: `).join("");
    let rest = "";
    for (const part of parts(context.os)) {
      const lines = (rest + part).split(/[\0\n]/);
      rest = lines.pop()!;
      if (lines.length > 0) context.print(lines.map((line) => `${prefix}${withNames(line)}\n`).join(""));
    }
    if (rest !== "") context.print(`${prefix}${withNames(rest)}\n`);
    return 0;
  },
});
