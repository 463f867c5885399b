// How wide a terminal is: what it was told, and undefined for one that was not, and for what is no terminal.

import { equal } from "node:assert/strict";
import { descriptors } from "../../../lib/os/descriptor.ts";
import { files } from "../../../lib/os/file.ts";

/** Makes a terminal of this width, says where, and keeps it until its input ends. */
const MAKER = `
import fcntl, os, pty, struct, sys, termios
master, terminal = pty.openpty()
fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0))
print(os.ttyname(terminal), flush=True)
sys.stdin.read()`;

async function columnsOf(width: number): Promise<number | undefined> {
  const maker = new Deno.Command("python3", { args: ["-c", MAKER, `${width}`], stdin: "piped", stdout: "piped" })
    .spawn();
  const lines = maker.stdout.getReader();
  const { value } = await lines.read();
  const fd = files.open(new TextDecoder().decode(value).trim(), ["read", "write", "nonblocking"]);
  try {
    return descriptors.terminalColumns(fd);
  } finally {
    files.close(fd);
    await maker.stdin.close();
    await lines.cancel();
    await maker.status;
  }
}

Deno.test("a terminal knows how wide it is, if it was told", async () => {
  equal(await columnsOf(123), 123);
  equal(await columnsOf(0), undefined);
});

Deno.test("what is no terminal has no width", () => {
  const fd = files.open("/dev/null", ["read"]);
  equal(descriptors.terminalColumns(fd), undefined);
  files.close(fd);
});
