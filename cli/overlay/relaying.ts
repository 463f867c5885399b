// How process 1 has the lines of all others carry the name of their service: it makes the relay, and lets services, scripts
// and the command print through it. Loaded only where S6_OUTPUT asks for it.

import { Environment } from "../../lib/environment.ts";
import { ProcessImage } from "../../lib/image/image.ts";
import type { NamedOutput } from "../../lib/overlay/logging/output_mode.ts";
import { Relay } from "../../lib/overlay/logging/relay.ts";
import { RELAY_PROGRAM } from "../../lib/overlay/logging/relay_message.ts";
import { SETTINGS } from "../../lib/overlay/settings.ts";
import type { ProcessOne } from "./process_one.ts";

export async function printThroughRelay(one: ProcessOne, mode: NamedOutput): Promise<Relay> {
  const { context, os, reactor, children, warn, environment, outputs: { container } } = one;
  const [pipes, sockets] = [await context.part("pipes"), await context.part("sockets")];
  const { variable } = SETTINGS.checkpoint;
  // Nothing of the container's environment but what concerns the start of a program.
  const image = ProcessImage.of(
    [`/command/${RELAY_PROGRAM}`, mode],
    Environment.empty.with([[variable, environment.get(variable)]]),
  );
  const start: ConstructorParameters<typeof Relay>[0]["start"] = (socket, news) =>
    children.relayProcess(image, socket, news);
  const relay = new Relay({ os, pipes, sockets, reactor, start, warn });
  relay.carry(container.out, "stdout", "container");
  relay.carry(container.errors, "stderr", "container");
  children.printThrough(relay);
  return relay;
}
