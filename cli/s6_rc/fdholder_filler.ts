// s6-rc-fdholder-filler: makes the pipes between producers and consumers, and gives both ends of each to the descriptor holder
// of a live directory. That one's run script calls it, under s6-ipcclient.

import { type ByteString, rawBytes } from "../../lib/bytes.ts";
import { HolderClient } from "../../lib/fdholder/client.ts";
import { forEver } from "../../lib/fdholder/limit.ts";
import { linesIn } from "../../lib/input.ts";
import type { SocketOs } from "../../lib/os/parts.ts";
import { systemError } from "../../lib/errno.ts";
import { about } from "../../lib/report.ts";
import { type Applet, utility } from "../applet.ts";
import { longOptions } from "../long_options.ts";
import { withSockets } from "../sockets.ts";

/** Where s6-ipcclient has the connection. */
const CONNECTION = 6;
const STANDARD_OUTPUT = 1;

export const fdholderFiller: Applet = utility({
  name: "s6-rc-fdholder-filler",
  usage: "[ -1 ] [ -t timeout ]",
  summary: "make a pipe for each name on standard input, and give them to the descriptor holder on descriptor 6",
  help: { 1: "print a newline when all are there", t: "give up after this many milliseconds" },
  options: "1t:",
  long: longOptions({ timeout: "t" }),
  least: 0,
  run: async (context, { options }) => {
    const os = await withSockets(context);
    const client = HolderClient.over(os, CONNECTION, options.number("t") ?? 0);
    if (!os.isInherited(CONNECTION)) throw systemError("use", `descriptor ${CONNECTION}`, "EBADF");
    for (const { lines } of linesIn(os)) {
      for (const name of lines.filter((line) => line !== "")) storePipe(os, client, name);
    }
    if (options.has("1")) os.writeAll(STANDARD_OUTPUT, rawBytes("\n"));
    return 0;
  },
});

function storePipe(os: SocketOs, client: HolderClient, name: ByteString): void {
  about("store pipe for", name, () => {
    const { read, write } = os.pipe();
    const limit = forEver(os.now());
    client.store({ name: `pipe:s6rc-r-${name}`, fd: read, limit });
    client.store({ name: `pipe:s6rc-w-${name}`, fd: write, limit });
    os.close(read);
    os.close(write);
  });
}
