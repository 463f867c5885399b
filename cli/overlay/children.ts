// How process 1 starts its children: services, scripts, the command and the relay, each with the output that is meant for
// it, and a score that keeps the kernel from ending process 1 first.

import type { ByteString } from "../../lib/bytes.ts";
import type { ProcessImage } from "../../lib/image/image.ts";
import type { SpawnedChild } from "../../lib/image/start.ts";
import type { Reactor } from "../../lib/os/os.ts";
import type { OomScore } from "../../lib/overlay/oom_score.ts";
import { isTask } from "../../lib/overlay/boot/elsewhere.ts";
import type { RelayDestination } from "../../lib/overlay/logging/kept_streams.ts";
import type { Outputs } from "../../lib/overlay/logging/outputs.ts";
import type { Relay } from "../../lib/overlay/logging/relay.ts";
import { RELAY_OUTPUTS, RELAY_SOCKET } from "../../lib/overlay/logging/relay_message.ts";
import { withStreams } from "../../lib/supervise/child.ts";
import type { Reaper } from "../../lib/supervise/reaper.ts";
import { type ChildNews, serviceStarter, type Start, type StartedChild } from "../../lib/supervise/start.ts";
import type { Context } from "../applet.ts";

interface ChildrenPorts {
  readonly context: Context;
  readonly reactor: Reactor;
  readonly reaper: Reaper;
  readonly outputs: Outputs;
  readonly score: OomScore;
  /** Descriptor of /dev/null: services have nothing to read from the container's standard input. */
  readonly nothing: number;
}

/** Whose the lines of the container's command are, as the overlay's own lines have it. */
const COMMAND = "cmd";

type Place = (image: ProcessImage, spawn: (image: ProcessImage) => SpawnedChild) => SpawnedChild;

export class Children {
  private relay: Pick<Relay, "lend"> | undefined;

  constructor(private readonly ports: ChildrenPorts) {}

  /** From now on what scripts and the command print has names. */
  printThrough(relay: Pick<Relay, "lend">): void {
    this.relay = relay;
  }

  /** Starts run and finish of a service. Why one cannot run is reported by its supervisor. */
  readonly service: Start = (image, news) => {
    const { outputs, nothing } = this.ports;
    const withInput = image.preceded({ do: "copy", by: "s6-svscan", from: nothing, to: 0 }).insisting();
    return this.start("s6-svscan", true, withInput, news, (placed, spawn) => outputs.spawn(spawn, placed));
  };

  /** Starts a script, which prints where all others do. One that cannot run says so itself, under this name. */
  readonly script = (image: ProcessImage, name: ByteString, news: ChildNews): StartedChild =>
    this.named(isTask(image) ? undefined : name, "logger", image, news, (image, news) => this.all(name, image, news));

  /** The container's command, which prints where all others do. */
  readonly loggedCommand = (image: ProcessImage, name: ByteString, news: ChildNews): StartedChild =>
    this.named(COMMAND, "logger", image, news, (image, news) => this.all(name, image, news));

  /** The same for a command that prints on the container's own output whatever is logged: a terminal is left to it. */
  readonly command = (image: ProcessImage, name: ByteString, news: ChildNews): StartedChild => {
    const start = (image: ProcessImage, news: ChildNews): StartedChild =>
      this.start(name, false, image, news, (placed, spawn) => spawn(placed));
    if (this.ports.context.os.isTerminal(1)) return start(image, news);
    return this.named(COMMAND, "container", image, news, start);
  };

  /** The same for one that prints on the terminal that is its standard input, whatever is logged. */
  readonly terminalCommand = (image: ProcessImage, name: ByteString, news: ChildNews): StartedChild => {
    const placed = withStreams(image, "s6-overlay", { output: 0, error: 0 });
    return this.start(name, false, placed, news, (placed, spawn) => spawn(placed));
  };

  /** Starts the relay, in a session of its own, with its end of a socket and all that may be printed on. */
  readonly relayProcess = (image: ProcessImage, socket: number, news: ChildNews): StartedChild => {
    const { outputs, nothing } = this.ports;
    const copy = (from: number, to: number) => ({ do: "copy", by: "s6-overlay", from, to }) as const;
    const placed = image.step({ do: "session", by: "s6-overlay" }).step(copy(nothing, 0)).step(
      copy(socket, RELAY_SOCKET),
    );
    const { stdout, stderr } = RELAY_OUTPUTS.logger;
    return this.start(
      "s6-overlay",
      true,
      placed,
      news,
      (placed, spawn) => outputs.lend((fd) => spawn(placed.step(copy(fd ?? 1, stdout)).step(copy(fd ?? 2, stderr)))),
    );
  };

  private all(name: ByteString, image: ProcessImage, news: ChildNews): StartedChild {
    return this.start(name, false, image, news, (placed, spawn) => this.ports.outputs.spawn(spawn, placed));
  }

  /** Starts what is to have this name in front of its lines; what is known of its end comes behind them. */
  private named(
    service: ByteString | undefined,
    to: RelayDestination,
    image: ProcessImage,
    news: ChildNews,
    start: (image: ProcessImage, news: ChildNews) => StartedChild,
  ): StartedChild {
    if (this.relay === undefined) return start(image, news);
    const lent = this.relay.lend(service, to);
    const ended: ChildNews["ended"] = (status, failure) => lent.settle(() => news.ended(status, failure));
    try {
      return start(withStreams(image, "s6-overlay", lent.streams), { ...news, ended });
    } finally {
      lent.release();
    }
  }

  private start(by: ByteString, quiet: boolean, image: ProcessImage, news: ChildNews, place: Place): StartedChild {
    const { context, reactor, reaper, score } = this.ports;
    const oomScore = score.current();
    const spawn = (image: ProcessImage): SpawnedChild =>
      place(image, (placed) => context.spawn(placed, { wait: false, by, quiet, oomScore }));
    return serviceStarter({ os: context.os, reactor, reaper }, spawn)(image, news);
  }
}
