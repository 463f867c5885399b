// s6-rc-fdholder-filler: gives the keeper of pipes a pipe for each consumer that is named on standard input. The connection is
// descriptor 6, as s6-ipcclient makes it.

import { type ByteString, byteString } from "../../lib/bytes.ts";
import { systemError } from "../../lib/errno.ts";
import { HolderClient } from "../../lib/fdholder/client.ts";
import { forEver } from "../../lib/fdholder/limit.ts";
import { type HeldDescriptor, LONGEST_NAME } from "../../lib/fdholder/protocol.ts";
import type { Os } from "../../lib/os/os.ts";
import { autofilledNames } from "../../lib/rc/autofilled.ts";
import { pipeNames } from "../../lib/rc/update/pipe_storage.ts";
import { about } from "../../lib/report.ts";
import { type Applet, utility } from "../applet.ts";
import { withSockets } from "../sockets.ts";

const CONNECTION = 6;

export const fdholderFiller: Applet = utility({
  name: "s6-rc-fdholder-filler",
  usage: "[ -1 ] [ -t timeout ] < autofilled-filename",
  summary: "store pipes for the consumers that are named on standard input in a descriptor holder",
  help: {
    1: "print a newline on standard output when all are stored",
    t: "give up after this many milliseconds",
  },
  notes: ["The connection to the holder is descriptor 6: run it with s6-ipcclient."],
  options: "1t:",
  least: 0,
  run: async (context, { options }) => {
    const timeout = options.number("t") ?? 0;
    const os = await withSockets(context);
    const names = autofilledNames(about("read from", "stdin", () => readInput(os)));
    const dump = names.flatMap((name) => pipeFor(os, name));
    if (dump.length > 0) about("transfer pipes", "", () => transfer(os, dump, timeout));
    if (options.has("1")) context.print("\n");
    return 0;
  },
});

function readInput(os: Pick<Os, "read">): ByteString {
  const buffer = new Uint8Array(65536);
  const parts: ByteString[] = [];
  for (let got = os.read(0, buffer); got > 0; got = os.read(0, buffer)) parts.push(byteString(buffer.subarray(0, got)));
  return parts.join("");
}

function pipeFor(os: Pick<Os, "pipe" | "now">, consumer: ByteString): readonly HeldDescriptor[] {
  const names = pipeNames(consumer);
  if (names.read.length > LONGEST_NAME) throw systemError("create identifier for", consumer, "ENAMETOOLONG");
  const { read, write } = about("create pipe", "", () => os.pipe());
  const limit = forEver(os.now());
  return [{ fd: read, name: names.read, limit }, { fd: write, name: names.write, limit }];
}

type TransferOs = Parameters<typeof HolderClient.over>[0] & Pick<Os, "isInherited">;

function transfer(os: TransferOs, dump: readonly HeldDescriptor[], timeout: number): void {
  if (!os.isInherited(CONNECTION)) throw systemError("send", "", "EBADF");
  HolderClient.over(os, CONNECTION, timeout).setDump(dump);
}
