// s6-overlay-relay: puts the name of its service to each line that is printed, where S6_OUTPUT asks for it. Process 1
// starts it, gives it the pipes that services print into, and keeps them, so that it may die at any moment.

import { LineBatch } from "../../lib/overlay/logging/line_batch.ts";
import { LineFormat } from "../../lib/overlay/logging/line_format.ts";
import { MessageQueue } from "../../lib/overlay/logging/message_queue.ts";
import type { NamedOutput } from "../../lib/overlay/logging/output_mode.ts";
import { OutputTurns } from "../../lib/overlay/logging/output_turns.ts";
import { RelayLane } from "../../lib/overlay/logging/relay_lane.ts";
import {
  decodeMessage,
  type FromRelay,
  LONGEST_MESSAGE,
  RELAY_PROGRAM,
  RELAY_SOCKET,
  type StreamNews,
  type ToRelay,
} from "../../lib/overlay/logging/relay_message.ts";
import { RelayStream } from "../../lib/overlay/logging/relay_stream.ts";
import { StreamTail } from "../../lib/overlay/logging/stream_tails.ts";
import type { Lasting, Pipes, Sockets } from "../../lib/os/parts.ts";
import { invalid } from "../../lib/report.ts";
import { SIGNAL } from "../../lib/signals.ts";
import { type Applet, type Context, daemon } from "../applet.ts";
import { NO_OPTIONS } from "../getopt.ts";

export const relay: Applet = daemon({
  name: RELAY_PROGRAM,
  usage: "prefix | json",
  summary: "put the name of its service to each line that is printed",
  notes: [
    "Process 1 starts it, and nobody else has a use for it: it gets pipes from process 1, by way of descriptor 3, and " +
    "writes what comes from them, line by line, to the container's output or to the catch-all logger.",
  ],
  options: NO_OPTIONS,
  least: 1,
  computes: true,
  holdsSignals: true,
  run: async (context, { args: [mode = ""] }) => {
    if (mode !== "prefix" && mode !== "json") throw invalid(`there is no such output: ${mode}`);
    const [pipes, sockets, lasting] = [
      await context.part("pipes"),
      await context.part("sockets"),
      await context.part("lasting"),
    ];
    new RelayProcess(context, { ...pipes, ...sockets, ...lasting }, mode).start();
    context.reactor().run();
    return 0;
  },
});

/** What a lane's outbox is to hold, if the system grants it, and a stream. */
const OUTBOX_SIZE = 1 << 20;
const PIPE_SIZE = 1 << 18;

class RelayProcess {
  private readonly streams = new Map<RelayStream, number>();
  private readonly lanes = new Map<number, RelayLane>();
  /** By the file of an output. */
  private readonly turns = new Map<string, OutputTurns>();
  private readonly message = new Uint8Array(LONGEST_MESSAGE);
  private readonly format: LineFormat;
  private readonly nothing: number;
  /** What process 1 has yet to be told. */
  private readonly untold: MessageQueue<FromRelay>;
  /** The file for the last lines of streams, of which each lane brings a descriptor. */
  private tails = -1;
  private hasBegun = false;
  private isEnding = false;

  constructor(
    private readonly context: Context,
    private readonly parts: Pipes & Sockets & Lasting,
    mode: NamedOutput,
  ) {
    const { os } = context;
    this.untold = new MessageQueue({ sockets: parts, reactor: context.reactor() }, RELAY_SOCKET);
    this.format = new LineFormat(mode, () => os.now());
    this.nothing = os.open("/dev/null", ["write"]);
  }

  start(): void {
    const { os } = this.context;
    const reactor = this.context.reactor();
    // A stop sends them to all processes; this one ends when process 1 says so.
    for (const signal of [SIGNAL.TERM, SIGNAL.HUP, SIGNAL.INT, SIGNAL.QUIT, SIGNAL.PIPE]) {
      reactor.onSignal(signal, () => {});
    }
    os.setCloseOnExec(RELAY_SOCKET, true);
    reactor.watch(RELAY_SOCKET, "read", () => this.hear());
    this.say({ is: "there" });
  }

  private hear(): void {
    const { size, descriptors } = this.parts.receive(RELAY_SOCKET, this.message);
    // Process 1 has gone, or wants another relay.
    if (size === 0) return this.context.reactor().stop();
    this.obey(decodeMessage<ToRelay>(this.message.subarray(0, size)), descriptors);
  }

  private obey(message: ToRelay, descriptors: readonly number[]): void {
    switch (message.do) {
      case "stream":
        return this.addStream(message, descriptors[0]!);
      case "lane":
        return this.addLane(message.output, descriptors);
      case "begin":
        return this.begin();
      case "settle":
        return [...this.streams.keys()].find(({ id }) => id === message.id)?.settle();
      case "end":
        this.isEnding = true;
        for (const stream of [...this.streams.keys()]) stream.hurry();
        return this.endIfDone();
    }
  }

  private addStream({ id, output, source, place }: ToRelay & { do: "stream" }, fd: number): void {
    const { os } = this.context;
    // What process 1 has said before the first of these lines was printed comes before them.
    for (const own of this.streams.keys()) if (own.source.isFormed) own.hurry();
    const capacity = this.parts.enlarge(fd, PIPE_SIZE);
    const tail = source.isFormed ? undefined : new StreamTail(os, this.tails, { id, place });
    const ports = {
      os,
      remember: (lines: Uint8Array<ArrayBuffer>) => tail?.add(lines, os.now()),
      reactor: this.context.reactor(),
      isEnding: () => this.isEnding,
      readable: (stream: RelayStream) => this.lanes.get(output)?.enqueue(stream),
      tell: (stream: RelayStream, is: StreamNews["is"]) => this.tell(stream, is),
    };
    const stream = new RelayStream(ports, id, fd, source, capacity);
    this.streams.set(stream, output);
    if (this.hasBegun) this.lanes.get(output)?.enqueue(stream);
  }

  private addLane(output: number, kept: readonly number[]): void {
    const [mark = -1, intakeRead = -1, intakeWrite = -1, outboxRead = -1, outboxWrite = -1, tails = -1] = kept;
    const { os } = this.context;
    if (this.tails < 0) this.tails = tails;
    else os.close(tails);
    const batch = new LineBatch(this.parts.enlarge(outboxWrite, OUTBOX_SIZE));
    const lane = new RelayLane(
      {
        os,
        pipes: this.parts,
        reactor: this.context.reactor(),
        format: this.format,
        batch,
        nothing: this.nothing,
        buffer: new Uint8Array(this.format.mostInput(batch)),
        openOutlet: (fd) => this.parts.openOutlet(fd),
        turns: this.turnsOf(output),
        warn: (text) => this.say({ is: "warning", text }),
        onIdle: () => this.endIfDone(),
      },
      { mark, intake: { read: intakeRead, write: intakeWrite }, outbox: { read: outboxRead, write: outboxWrite } },
      output,
    );
    this.lanes.set(output, lane);
    if (!this.hasBegun) return;
    this.recover(lane);
    this.enqueueAll(output);
  }

  private turnsOf(output: number): OutputTurns {
    const { device, inode } = this.context.os.fstat(output);
    const file = `${device} ${inode}`;
    const turns = this.turns.get(file) ?? new OutputTurns();
    this.turns.set(file, turns);
    return turns;
  }

  private begin(): void {
    this.hasBegun = true;
    // What a former relay has left comes first, whichever lane it is in.
    for (const lane of this.lanes.values()) this.recover(lane);
    for (const output of this.lanes.keys()) this.enqueueAll(output);
  }

  private recover(lane: RelayLane): void {
    lane.recover((id) => [...this.streams.keys()].find((stream) => stream.id === id)?.source);
  }

  private enqueueAll(output: number): void {
    const lane = this.lanes.get(output);
    for (const [stream, to] of this.streams) if (to === output) lane?.enqueue(stream);
    lane?.work();
  }

  private tell(stream: RelayStream, is: StreamNews["is"]): void {
    if (is === "over") {
      this.streams.delete(stream);
      this.context.os.close(stream.fd);
    }
    this.say({ stream: stream.id, is });
  }

  private say(news: FromRelay): void {
    this.untold.add(news);
  }

  private endIfDone(): void {
    if (!this.isEnding || this.streams.size > 0) return;
    if ([...this.lanes.values()].every((lane) => lane.isEmpty)) this.context.reactor().stop();
  }
}
