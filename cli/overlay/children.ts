// How process 1 starts its children: services, scripts and the command, each with the output that is meant for it, and a
// score that keeps the kernel from ending process 1 first.

import type { ByteString } from "../../lib/bytes.ts";
import type { ProcessImage } from "../../lib/image/image.ts";
import type { Launched } from "../../lib/image/start.ts";
import type { Reactor } from "../../lib/os/os.ts";
import type { OomScore } from "../../lib/overlay/oom_score.ts";
import type { Outputs } from "../../lib/overlay/logging/outputs.ts";
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

type Place = (image: ProcessImage, launch: (image: ProcessImage) => Launched) => Launched;

export class Children {
  constructor(private readonly ports: ChildrenPorts) {}

  /** Starts run and finish of a service. Why one cannot run is reported by its supervisor. */
  readonly service: Start = (image, news) => {
    const { outputs, nothing } = this.ports;
    const withInput = image.preceded({ do: "copy", by: "s6-svscan", from: nothing, to: 0 }).insisting();
    return this.start("s6-svscan", true, withInput, news, (placed, launch) => outputs.launch(launch, placed));
  };

  /** Starts a script, which prints where all others do. One that cannot run says so itself, under this name. */
  readonly script = (image: ProcessImage, name: ByteString, news: ChildNews): StartedChild =>
    this.start(name, false, image, news, (placed, launch) => this.ports.outputs.launch(launch, placed));

  /** The same for what prints on the container's own output whatever is logged. */
  readonly plain = (image: ProcessImage, name: ByteString, news: ChildNews): StartedChild =>
    this.start(name, false, image, news, (placed, launch) => launch(placed));

  private start(by: ByteString, quiet: boolean, image: ProcessImage, news: ChildNews, place: Place): StartedChild {
    const { context, reactor, reaper, score } = this.ports;
    const oomScore = score.current();
    const launch = (image: ProcessImage): Launched =>
      place(image, (placed) => context.launch(placed, { by, quiet, oomScore }));
    return serviceStarter({ os: context.os, reactor, reaper }, launch)(image, news);
  }
}
