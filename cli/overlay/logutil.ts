// logutil-service and logutil-service-main: s6-log on a directory, as an unprivileged user, with the container's
// logging script. Follows the overlay's manual, logging.

import type { ByteString } from "../../lib/bytes.ts";
import { Environment } from "../../lib/environment.ts";
import type { ProcessImage } from "../../lib/image/image.ts";
import { settingsOf } from "../../lib/overlay/contenv.ts";
import { LOG_USER, logCredentials } from "../../lib/overlay/logging/log_account.ts";
import { knowsIds, mayBecomeAnother } from "../../lib/overlay/privilege.ts";
import { LIVE_DIRECTORY } from "../../lib/rc/places.ts";
import { Failure } from "../../lib/report.ts";
import { type Applet, chain, type SystemView } from "../applet.ts";

export const logutilService: Applet = chain({
  name: "logutil-service",
  usage: "[ -d notif ] [ -u user ] [ -f fifo ] dir",
  summary: "log standard input, or a fifo, to a directory as an unprivileged user",
  help: {
    d: "tell on this descriptor that the directory is open",
    u: "log as this user instead of nobody",
    f: "read this fifo instead of standard input",
  },
  exits: { 1: "no directory is given" },
  options: "d:u:f:",
  least: 0,
  reads: true,
  next: (image, { options, args: [directory] }, view) => {
    const fifo = options.value("f");
    const by = "logutil-service";
    // Opened non-blocking, as a fifo without a writer would hold us up; opened by root, as it may be root's alone.
    const input = fifo === undefined
      ? image
      : image.step({ do: "open", by, fd: 0, path: fifo, flags: ["read", "nonblocking"], mode: 0, blocking: true });
    return logger(input, directory, view, { by, user: options.value("u"), notification: options.number("d") });
  },
});

export const logutilServiceMain: Applet = chain({
  name: "logutil-service-main",
  usage: "dir",
  summary: "become the logger of logutil-service",
  exits: { 1: "no directory is given" },
  options: "",
  least: 0,
  reads: true,
  next: (image, { args: [directory] }, view) => logger(image, directory, view, { by: "logutil-service-main" }),
});

interface Wishes {
  readonly by: string;
  readonly user?: ByteString | undefined;
  /** Where s6-log tells that it is ready. */
  readonly notification?: number | undefined;
}

function logger(
  image: ProcessImage,
  directory: ByteString | undefined,
  view: SystemView,
  { by, user, notification }: Wishes,
): ProcessImage {
  if (directory === undefined) throw new Failure(1, "no directory is given");
  const script = settingsOf(view, image.environment, view.warn).get("loggingScript");
  const readiness = notification === undefined ? [] : [`-d${notification}`];
  const words = script.split(/[ \t]+/).filter((word) => word !== "");
  return asLogger(image, user, view, by)
    .withEnvironment(Environment.empty)
    .run(["s6-log", endsAtTerm(view) ? "-b" : "-bp", ...readiness, "--", ...words, directory]);
}

/** In generation 3 TERM is all that ends a logger: the pipe that it reads is kept open for its producers. */
function endsAtTerm(view: Pick<SystemView, "exists">): boolean {
  return view.exists(`${LIVE_DIRECTORY}/compiled`);
}

/**
 * The image with the ids of a logger. A process that may not become another user, and is not asked to, logs as itself.
 */
function asLogger(image: ProcessImage, user: ByteString | undefined, view: SystemView, by: string): ProcessImage {
  const name = user ?? LOG_USER;
  const credentials = logCredentials(view.accounts, name);
  if (user === undefined && !(mayBecomeAnother(view) && knowsIds(view, credentials))) return image;
  const denied = `only root can become ${name}: as another user, log with s6-log itself`;
  return image.step({ do: "credentials", by, credentials, denied });
}
