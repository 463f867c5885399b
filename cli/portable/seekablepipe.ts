// seekablepipe: what is to be read becomes a file, in which the reader may go back and forth. From s6-portable-utils.

import type { ByteString } from "../../lib/bytes.ts";
import { blocks, STDIN } from "../../lib/input.ts";
import type { Os } from "../../lib/os/os.ts";
import { about, ifThere } from "../../lib/report.ts";
import { type Applet, fork } from "../applet.ts";
import { NO_OPTIONS } from "../getopt.ts";

export const seekablepipe: Applet = fork({
  name: "seekablepipe",
  usage: "tempfile prog...",
  summary: "run a program with its standard input in a file",
  options: NO_OPTIONS,
  least: 2,
  run: ({ os, image }, { args: [path = "", ...prog] }) => {
    const { read, write } = about("create temporary", path, () => openNew(os, path));
    for (const block of blocks(os, STDIN)) about("write to", path, () => os.writeAll(write, block));
    os.close(write);
    return image.step({ do: "move", by: "seekablepipe", from: read, to: 0 }).run(prog);
  },
});

/** A file without a name. What had the name before is removed, not written to: it may be a link to anywhere. */
function openNew(os: Os, path: ByteString): { read: number; write: number } {
  ifThere(() => os.unlink(path));
  const write = os.open(path, ["write", "create", "exclusive"], 0o600);
  const read = os.open(`/proc/self/fd/${write}`, ["read"]);
  os.unlink(path);
  return { read, write };
}
