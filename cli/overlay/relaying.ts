// How process 1 has the lines of all others carry the name of their service: it makes the relay, and lets services, scripts
// and the command print through it. Loaded only where S6_OUTPUT asks for it.

import { Environment } from "../../lib/environment.ts";
import { ProcessImage } from "../../lib/image/image.ts";
import { LoggerLines } from "../../lib/overlay/logging/logger_lines.ts";
import type { NamedOutput } from "../../lib/overlay/logging/output_mode.ts";
import { Relay } from "../../lib/overlay/logging/relay.ts";
import { RELAY_PROGRAM } from "../../lib/overlay/logging/relay_message.ts";
import { SETTINGS } from "../../lib/overlay/settings.ts";
import type { ProcessOne } from "./process_one.ts";

/** From now on lines have names: those of all others, and of the catch-all logger, where there is one. */
export async function nameLines(one: ProcessOne, mode: NamedOutput): Promise<void> {
  const { os, reactor, outputs: { container } } = one;
  one.relay = await printThroughRelay(one, mode);
  one.loggerLines = () => new LoggerLines({ os, reactor, outputs: container }, mode);
}

async function printThroughRelay(one: ProcessOne, mode: NamedOutput): Promise<Relay> {
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
