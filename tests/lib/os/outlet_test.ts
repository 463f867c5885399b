import { deepEqual, equal, ok } from "node:assert/strict";
import { byteString, rawBytes } from "../../../lib/bytes.ts";
import { descriptors } from "../../../lib/os/descriptor.ts";
import { files } from "../../../lib/os/file.ts";
import { base, PLACE, syscall, view } from "../../../lib/os/libc.ts";
import { openOutlet } from "../../../lib/os/outlet.ts";
import type { Outlet } from "../../../lib/os/parts.ts";
import { sockets } from "../../../lib/os/socket.ts";
import { SYS } from "../../../lib/os/syscall_numbers.ts";

const WAYS = { "opened once more": undefined, "that cannot be opened once more": () => -1 } as const;
const LINE = rawBytes(`${"-".repeat(99)}\n`);
/** A test that waits where it must not is let go after this many seconds, and fails. */
const TOO_LONG = 20;

/** What fcntl tells of the description: whether it is blocking. */
function isBlocking(fd: number): boolean {
  return (syscall(SYS.fcntl, fd, 3) & 0o4000) === 0;
}

/** Writes until nothing is taken, and returns how much was. */
function fill(outlet: Outlet): number {
  let sum = 0;
  for (let taken = outlet.write(LINE); taken > 0; taken = outlet.write(LINE)) sum += taken;
  return sum;
}

for (const [way, reopen] of Object.entries(WAYS)) {
  Deno.test(`a full pipe ${way} takes nothing, and what it took comes out whole`, () => {
    const pipe = descriptors.pipe();
    const outlet = openOutlet(pipe.write, reopen);
    const size = fill(outlet);
    ok(size > 0);
    equal(isBlocking(pipe.write), true);
    const buffer = new Uint8Array(new ArrayBuffer(size));
    let text = "";
    while (text.length < size) text += byteString(buffer.subarray(0, files.read(pipe.read, buffer)));
    equal(text, byteString(LINE).repeat(size / LINE.length));
    equal(outlet.write(LINE), LINE.length);
  });

  Deno.test(`a full pipe ${way}, blocking and filled again by others at once, is never waited for`, async () => {
    const pipe = descriptors.pipe();
    const outlet = openOutlet(pipe.write, reopen);
    const place = `/proc/${Deno.pid}/fd`;
    const script = `yes >${place}/${pipe.write} & sleep ${TOO_LONG}; exec cat ${place}/${pipe.read} >/dev/null`;
    const filler = new Deno.Command("setsid", { args: ["sh", "-c", script] }).spawn();
    try {
      const begin = performance.now();
      const buffer = new Uint8Array(new ArrayBuffer(4096));
      for (let round = 0; round < 20_000; round++) {
        files.read(pipe.read, buffer);
        outlet.write(LINE);
      }
      ok(performance.now() - begin < 1000 * TOO_LONG, "it has waited");
      equal(isBlocking(pipe.write), true);
    } finally {
      Deno.kill(-filler.pid, "SIGKILL");
      await filler.status;
    }
  });
}

Deno.test("a full socket is not waited for, and nobody who reads is an error, not a signal", async () => {
  const directory = await Deno.makeTempDir();
  const listener = sockets.openSocket("stream");
  sockets.bindSocket(listener, `${directory}/socket`);
  sockets.listen(listener);
  const client = sockets.openSocket("stream");
  sockets.connect(client, `${directory}/socket`);
  const server = sockets.accept(listener);
  const outlet = openOutlet(client);
  ok(fill(outlet) > 0);
  equal(isBlocking(client), true);
  files.close(server);
  let errno = "";
  // A child of another test may have the other end for the moment between its fork and its exec.
  for (; errno === ""; await new Promise((resolve) => setTimeout(resolve, 1))) {
    try {
      outlet.write(LINE);
    } catch (error) {
      errno = (error as { errno: string }).errno;
    }
  }
  ok(errno === "EPIPE" || errno === "ECONNRESET", errno);
  await Deno.remove(directory, { recursive: true });
});

/** A terminal: the descriptor of the side that shows it, and one of the side that prints on it. */
function terminal(): { readonly shows: number; readonly prints: number } {
  const shows = files.open("/dev/ptmx", ["readwrite"]);
  view.setInt32(PLACE.result, 0, true);
  equal(syscall(SYS.ioctl, shows, 0x40045431, base + PLACE.result), 0); // TIOCSPTLCK
  equal(syscall(SYS.ioctl, shows, 0x80045430, base + PLACE.result), 0); // TIOCGPTN
  const path = rawBytes(`/dev/pts/${view.getInt32(PLACE.result, true)}\0`);
  new Uint8Array(view.buffer).set(path, PLACE.path);
  return { shows, prints: syscall(SYS.openat, -100, base + PLACE.path, 0o402) }; // O_RDWR, O_NOCTTY
}

Deno.test("a terminal that nobody reads is not waited for", () => {
  const { prints } = terminal();
  ok(fill(openOutlet(prints)) > 0);
  equal(isBlocking(prints), true);
});

Deno.test("a file is written where the others are in it", async () => {
  const path = await Deno.makeTempFile();
  const fd = files.open(path, ["write"]);
  const outlet = openOutlet(fd);
  files.write(fd, rawBytes("one\n"));
  outlet.write(rawBytes("two\n"));
  files.write(fd, rawBytes("three\n"));
  deepEqual(await Deno.readTextFile(path), "one\ntwo\nthree\n");
  await Deno.remove(path);
});
