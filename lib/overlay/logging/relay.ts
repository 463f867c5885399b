// Process 1's side of the relay: it makes the pipes that services, scripts and the command print into, keeps them, and has
// a process (cli/overlay/relay.ts) carry the lines on. That one may die: it loses nothing, as all that is on its way
// is in pipes that are kept here, and the next one is given all of them again.

import type { ByteString } from "../../bytes.ts";
import type { Cancel, Os, Reactor } from "../../os/os.ts";
import type { Pipes, Sockets } from "../../os/parts.ts";
import { textOf } from "../../report.ts";
import { SIGNAL } from "../../signals.ts";
import type { Streams } from "../../supervise/child.ts";
import type { ChildNews, StartedChild } from "../../supervise/start.ts";
import { exitCode } from "../../wait_status.ts";
import type { Console } from "./console.ts";
import { type Steps, within } from "../steps.ts";
import {
  type KeepingPorts,
  type KeptLane,
  type KeptStream,
  KeptStreams,
  type RelayDestination,
} from "./kept_streams.ts";
import type { StreamSource } from "./line_format.ts";
import type { OutputStream } from "./output_mode.ts";
import { OwnLines } from "./own_lines.ts";
import { RelayConnection } from "./relay_connection.ts";
import type { FromRelay } from "./relay_message.ts";

interface RelayPorts {
  readonly os: KeepingPorts["os"] & Pick<Os, "monotonic" | "kill" | "read" | "write">;
  readonly pipes: KeepingPorts["pipes"] & Pick<Pipes, "openPair">;
  readonly sockets: Pick<Sockets, "send" | "receive">;
  readonly reactor: Pick<Reactor, "watch" | "after">;
  /** Starts the process, with its end of the socket. Throws Failure or OsError. */
  readonly start: (socket: number, news: ChildNews) => StartedChild;
  /** Takes a warning for the container's own standard error. */
  readonly warn: (text: ByteString) => void;
}

/** Descriptors to print on, for one child. */
interface LentStreams {
  /** Undefined where there is none left: the child has what it would have without. */
  readonly streams: Streams;
  /** The child has been started, or will not be. */
  release(): void;
  /** Calls back when all that was printed there has been carried on, but soon in any case. */
  settle(callback: () => void): void;
}

/** Milliseconds between two starts of the process. */
const START_AGAIN = 1000;
/** Milliseconds that a process may take to end when it is killed. */
const KILLED_ENDS_WITHIN = 200;
/** Milliseconds that the end of a script is held back, at most, so that its lines come before what is said of its end. */
const SETTLED_WITHIN = 500;

export class Relay {
  private readonly kept: KeptStreams;
  private readonly own: OwnLines;
  private readonly services = new Map<ByteString, Partial<Record<OutputStream, KeptStream>>>();
  private process: { readonly child: StartedChild; readonly connection: RelayConnection } | undefined;
  private starting: Cancel | undefined;
  private lastStart = -Infinity;
  /** It has begun to read. */
  private isThere = false;
  private isHeld = false;
  private logs = false;
  private isEnding = false;
  private onEnd: (() => void) | undefined;
  private readonly told = new Set<ByteString>();

  constructor(private readonly ports: RelayPorts) {
    const onShortage = (service: ByteString | undefined): void =>
      this.tellOnce(`no descriptors are left for what ${service ?? "the overlay"} prints: its lines have no name`);
    this.kept = new KeptStreams({ ...ports, onShortage });
    this.own = new OwnLines({ ...ports, kept: this.kept });
  }

  /** What process 1 itself says goes through the process too, where there is one. */
  carry(console: Pick<Console, "divert" | "resume">, stream: OutputStream, to: RelayDestination): void {
    const kept = this.keep({ service: undefined, stream, isFormed: true }, to);
    if (kept?.write === undefined) return;
    this.ports.os.setNonBlocking(kept.write, true);
    this.own.add(console, kept, kept.write);
  }

  /** The session of the process, which is spared when all others are to end. */
  spared(): ReadonlySet<number> {
    return new Set(this.process === undefined ? [] : [this.process.child.pid]);
  }

  /** There is a logger: what is printed waits until it is known whether it works. */
  hold(): void {
    this.isHeld = this.logs = true;
  }

  /**
   * It is known by now where all goes to.
   * @param logged what process 1 says to the logger, where there is one
   */
  release(logged?: Console): void {
    this.isHeld = false;
    if (logged !== undefined) this.carry(logged, "stdout", "logger");
    // There will be something to print soon.
    if (this.process === undefined) this.start();
  }

  /** What a service gets to print on, at each of its starts; it is the same until it is forgotten. */
  service(name: ByteString, wanted: readonly OutputStream[], to: RelayDestination): Streams {
    const streams = this.services.get(name) ?? {};
    this.services.set(name, streams);
    for (const stream of wanted) {
      const opened = streams[stream] ?? this.open(name, stream, to);
      if (opened !== undefined) streams[stream] = opened;
    }
    return { output: streams.stdout?.write, error: streams.stderr?.write };
  }

  /** What the service has printed last, on each of its streams, with times (stream_tails.ts). */
  printedLast(name: ByteString): ByteString[] {
    const { stdout, stderr } = this.services.get(name) ?? {};
    return [stdout, stderr].flatMap((stream) => stream === undefined ? [] : [this.kept.tail(stream)]);
  }

  /** The service has gone: what processes of its have left to say is still carried on. */
  forget(name: ByteString): void {
    const { stdout, stderr } = this.services.get(name) ?? {};
    this.services.delete(name);
    for (const stream of [stdout, stderr]) if (stream !== undefined) this.kept.release(stream);
  }

  /** @param service undefined for a part of the overlay itself */
  lend(service: ByteString | undefined, to: RelayDestination): LentStreams {
    const [output, error] = (["stdout", "stderr"] as const).map((stream) => this.open(service, stream, to));
    const both = [output, error].filter((stream) => stream !== undefined);
    return {
      streams: { output: output?.write, error: error?.write },
      release: () => both.forEach((stream) => this.kept.release(stream)),
      settle: (callback) => this.settle(both, callback),
    };
  }

  private settle(streams: readonly KeptStream[], callback: () => void): void {
    const unsettled = new Set(streams.filter(({ id }) => this.kept.has(id)));
    if (unsettled.size === 0) return callback();
    const end = (): void => {
      for (const stream of unsettled) stream.onSettled = () => {};
      unsettled.clear();
      cancel();
      callback();
    };
    const cancel = this.ports.reactor.after(SETTLED_WITHIN, end);
    for (const stream of [...unsettled]) {
      stream.onSettled = () => unsettled.delete(stream) && unsettled.size === 0 && end();
      this.process?.connection.send({ do: "settle", id: stream.id });
    }
  }

  /** No other process is left that prints: writes what there is, as far as it is read before the deadline. */
  *end(deadline: number): Steps<void> {
    this.isHeld = false;
    this.isEnding = true;
    this.own.hold();
    for (const stream of this.kept.allStreams()) this.kept.release(stream);
    this.services.clear();
    if (this.process !== undefined) this.process.connection.send({ do: "end" });
    else if (!this.kept.isEmpty) this.start();
    const { os, warn } = this.ports;
    const isDone = this.process === undefined && this.kept.isEmpty;
    if (!isDone && !(yield* this.awaitEnd(deadline - os.monotonic()))) {
      warn("what was printed last is lost: it was not read in time");
      this.kill();
      if (this.process !== undefined) yield* this.awaitEnd(KILLED_ENDS_WITHIN);
    }
    this.cutOff();
  }

  private awaitEnd(milliseconds: number): Steps<boolean> {
    return within(this.ports.reactor, Math.max(1, milliseconds), (arrived) => {
      this.onEnd = arrived;
      return () => this.onEnd = undefined;
    });
  }

  /** From now on process 1 writes by itself, whatever is lost. */
  cutOff(): void {
    this.kill();
    this.process?.connection.close();
    this.process = undefined;
    this.own.resume();
    this.kept.close();
  }

  private kill(): void {
    this.isHeld = this.isEnding = true;
    this.starting?.();
    if (this.process !== undefined) this.ports.os.kill(this.process.child.pid, SIGNAL.KILL);
  }

  private open(service: ByteString | undefined, stream: OutputStream, to: RelayDestination): KeptStream | undefined {
    const kept = this.keep({ service, stream }, to);
    this.startIfNeeded();
    return kept;
  }

  private keep(source: StreamSource, to: RelayDestination): KeptStream | undefined {
    const kept = this.kept.open(source, this.logs ? to : "container", (lane) => this.tellLane(lane));
    if (kept !== undefined) this.tellStream(kept);
    return kept;
  }

  private tellStream({ id, output, source, read }: KeptStream): void {
    this.process?.connection.send({ do: "stream", id, output, source, place: read }, [read], () => this.kept.has(id));
  }

  private tellLane({ output, mark, intake, outbox, tails }: KeptLane): void {
    const descriptors = [mark, intake.read, intake.write, outbox.read, outbox.write, tails];
    this.process?.connection.send({ do: "lane", output }, descriptors);
  }

  private startIfNeeded(): void {
    if (this.isHeld || this.process !== undefined || this.starting !== undefined) return;
    if (this.kept.isEmpty) return this.own.resume();
    const { os, reactor } = this.ports;
    const pause = this.lastStart + START_AGAIN - os.monotonic();
    if (pause <= 0) return this.start();
    this.starting = reactor.after(pause, () => {
      this.starting = undefined;
      this.start();
    });
  }

  private start(): void {
    const { os, pipes, start } = this.ports;
    this.starting?.();
    this.starting = undefined;
    this.lastStart = os.monotonic();
    try {
      const [own, other] = pipes.openPair();
      try {
        const child = start(other, { ended: (status, failure) => this.ended(exitCode(status), failure) });
        const connection = new RelayConnection({ ...this.ports, onNews: (news) => this.hear(news) }, own);
        this.process = { child, connection };
      } catch (error) {
        os.close(own);
        throw error;
      } finally {
        os.close(other);
      }
    } catch (error) {
      return this.failed(error);
    }
    this.tellAll();
  }

  private hear(news: FromRelay): void {
    if (news.is === "warning") return this.tellOnce(news.text);
    if (news.is !== "there") return this.kept[news.is](news.stream);
    this.isThere = true;
    if (!this.isEnding) this.own.divert();
  }

  private tellAll(): void {
    for (const lane of this.kept.allLanes()) this.tellLane(lane);
    for (const stream of this.kept.allStreams()) this.tellStream(stream);
    this.process?.connection.send({ do: "begin" });
    if (this.isEnding) this.process?.connection.send({ do: "end" });
  }

  private failed(error: unknown): void {
    this.own.resume();
    this.tellOnce(`what is printed waits, as s6-overlay-relay cannot be started: ${textOf(error)}`);
    this.startIfNeeded();
  }

  private ended(code: number | undefined, failure: Error | undefined): void {
    this.process?.connection.close();
    this.process = undefined;
    // One that is killed is replaced soon, and what is said waits for it; but not if none ever gets as far as that.
    if (!this.isThere || code !== undefined && code !== 0) this.own.resume();
    this.isThere = false;
    if (this.isEnding && (code === 0 || this.isHeld || this.kept.isEmpty)) return this.onEnd?.();
    if (failure !== undefined) return this.failed(failure);
    if (code !== 0 && code !== undefined) this.tellOnce(`s6-overlay-relay exited ${code}: it is started again`);
    this.startIfNeeded();
  }

  /** One that is not told twice: what fails once may go on failing. */
  private tellOnce(text: ByteString): void {
    if (this.told.has(text) || this.told.size >= 1000) return;
    this.told.add(text);
    this.ports.warn(text);
  }
}
