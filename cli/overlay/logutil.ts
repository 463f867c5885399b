// logutil-service and logutil-service-main: s6-log on a directory, as an unprivileged user, with the container's
// logging script. Follows the overlay's manual, logging.

import { credentialsOf, findUser } from "../../lib/accounts.ts";
import type { ByteString } from "../../lib/bytes.ts";
import { Environment } from "../../lib/environment.ts";
import type { ProcessImage } from "../../lib/image/image.ts";
import type { Credentials } from "../../lib/os/os.ts";
import { settingsOf } from "../../lib/overlay/contenv.ts";
import { Failure } from "../../lib/report.ts";
import { type Applet, chain, type SystemView } from "../applet.ts";

const USER = "nobody";
/** Who the logger is where there is no such account. */
const FALLBACK: Credentials = { uid: 32768, gid: 32768, groups: [32768] };

export const logutilService: Applet = chain({
  name: "logutil-service",
  usage: "[ -f fifo ] dir",
  summary: "log standard input, or a fifo, to a directory as an unprivileged user",
  options: "f:",
  least: 0,
  reads: true,
  next: (image, { options, args: [directory] }, view) => {
    const fifo = options.value("f");
    const by = "logutil-service";
    // Opened non-blocking, as a fifo without a writer would hold us up; opened by root, as it may be root's alone.
    const input = fifo === undefined
      ? image
      : image.step({ do: "open", by, fd: 0, path: fifo, flags: ["read", "nonblocking"], mode: 0, blocking: true });
    return logger(input, directory, view, by);
  },
});

export const logutilServiceMain: Applet = chain({
  name: "logutil-service-main",
  usage: "dir",
  summary: "become the logger of logutil-service",
  options: "",
  least: 0,
  reads: true,
  next: (image, { args: [directory] }, view) => logger(image, directory, view, "logutil-service-main"),
});

function logger(image: ProcessImage, directory: ByteString | undefined, view: SystemView, by: string): ProcessImage {
  if (directory === undefined) throw new Failure(1, "no directory is given");
  const script = settingsOf(view, image.environment, view.warn).get("loggingScript");
  const words = script.split(/[ \t]+/).filter((word) => word !== "");
  return image
    .step({ do: "credentials", by, credentials: loggerUser(view) })
    .withEnvironment(Environment.empty)
    .run(["s6-log", "-bp", "--", ...words, directory]);
}

function loggerUser({ accounts }: SystemView): Credentials {
  if (findUser(accounts, USER) === undefined) return FALLBACK;
  const { uid, gid, groups } = credentialsOf(accounts, USER);
  return { uid, gid, groups: groups.includes(gid) ? groups : [gid, ...groups] };
}
