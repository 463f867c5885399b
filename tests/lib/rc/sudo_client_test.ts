// The client of s6-sudod, against a server that is a script: what it sends, and what each answer, or none, comes to.

import assert from "node:assert/strict";
import { byteString } from "../../../lib/bytes.ts";
import { systemError } from "../../../lib/errno.ts";
import type { Ending } from "../../../lib/rc/ending.ts";
import { callSudod, type SudoOs } from "../../../lib/rc/sudo_client.ts";

const BANNER = "s6-sudo b v1.0\n";
const [SOCKET, END] = [7, undefined];

/** What the server does next: bytes, the end of the connection, or time that passes. */
type Part = string | typeof END | number;

interface Outcome {
  readonly ending: string;
  readonly sent: string;
  readonly descriptors: readonly number[];
  readonly confirmed: boolean;
}

class World {
  now = 1000;
  sent = "";
  descriptors: readonly number[] = [];
  closed = 0;
  refusals: string[] = [];
  private incoming = "";
  private isAtEnd = false;
  private readable: (() => void) | undefined;
  private readonly timers = new Set<{ time: number; callback: () => void }>();

  readonly os: SudoOs = {
    openSocket: () => SOCKET,
    setNonBlocking: () => {},
    connect: (_fd, path) => {
      const errno = this.refusals.shift();
      if (errno !== undefined) throw systemError("connect to", path, errno);
    },
    send: (_fd, from, descriptors = []) => {
      // As a socket that is nearly full takes it.
      const taken = from.subarray(0, 10);
      this.sent += byteString(taken);
      if (descriptors.length > 0) this.descriptors = descriptors;
      return taken.length;
    },
    read: (_fd, into) => {
      if (this.incoming === "" && !this.isAtEnd) throw systemError("read", "", "EAGAIN");
      const part = this.incoming.slice(0, into.length);
      this.incoming = this.incoming.slice(part.length);
      for (let at = 0; at < part.length; at++) into[at] = part.charCodeAt(at);
      return part.length;
    },
    close: () => this.closed++,
    monotonic: () => this.now,
  };

  readonly reactor = {
    watch: (_fd: number, _direction: string, callback: () => void) => {
      this.readable = callback;
      return (): void => void (this.readable = undefined);
    },
    at: (time: number, callback: () => void) => {
      const timer = { time, callback };
      this.timers.add(timer);
      return (): void => void this.timers.delete(timer);
    },
    after: (milliseconds: number, callback: () => void) => this.reactor.at(this.now + milliseconds, callback),
  };

  play(part: Part): void {
    if (typeof part === "number") return this.pass(part);
    if (part === END) this.isAtEnd = true;
    else this.incoming += part;
    while ((this.incoming !== "" || this.isAtEnd) && this.readable !== undefined) this.readable();
  }

  get isQuiet(): boolean {
    return this.timers.size === 0 && this.readable === undefined;
  }

  private pass(milliseconds: number): void {
    this.now += milliseconds;
    for (const timer of [...this.timers]) {
      if (timer.time > this.now || !this.timers.delete(timer)) continue;
      timer.callback();
    }
  }
}

function called(parts: readonly Part[], limit = 0, refusals: readonly string[] = []): Outcome {
  const world = new World();
  world.refusals.push(...refusals);
  const endings: Ending[] = [];
  let confirmed = false;
  callSudod(world, {
    socket: "live/s",
    words: ["up", "12"],
    limit,
    patience: () => 31_000,
    connected: () => {},
    confirmed: () => confirmed = true,
    ended: (ending) => endings.push(ending),
  });
  for (const part of parts) world.play(part);
  assert.equal(endings.length <= 1, true, "it ends twice");
  const [ending] = endings;
  if (ending !== undefined) assert(world.closed === 1 && world.isQuiet, "something is left open");
  return { ending: told(ending), sent: world.sent, descriptors: world.descriptors, confirmed };
}

function told(ending: Ending | undefined): string {
  if (ending === undefined) return "goes on";
  if (ending.how !== "failed") return ending.how;
  return `${ending.code}${ending.told === undefined ? "" : ` ${ending.told.program}: ${ending.told.text}`}`;
}

const ROWS: readonly [name: string, parts: readonly Part[], ending: string, limit?: number, refusals?: string[]][] = [
  ["a program that succeeds", [BANNER, "\0", "\0\0\0\0"], "succeeded"],
  ["a program that exits 3", [BANNER, "\0", "\0\0\x03\0"], "3"],
  ["a program that a signal kills", [BANNER, "\0", "\0\0\0\x09"], "137"],
  ["answers in pieces", [..."s6-sudo b v1.0\n\0\0\0\0\0"], "succeeded"],
  ["answers at once", [`${BANNER}\0\0\0\x01\0`], "1"],
  [
    "a server that closes at once",
    [END],
    "111 s6-sudoc: unable to connect to the s6-sudod server - check that you have appropriate permissions",
  ],
  [
    "a server that ends within its name",
    ["s6-", END],
    "111 s6-sudoc: unable to read banner from s6-sudod: Broken pipe",
  ],
  [
    "another server",
    ["SSH-2.0-OpenSSH_9\n"],
    "100 s6-sudoc: wrong banner - check that you are connecting to a s6-sudod server",
  ],
  [
    "a server that cannot start it",
    [BANNER, "\x0c"],
    "111 s6-sudoc: unable to start privileged program: server answered: : Cannot allocate memory",
  ],
  ["a server that ends before", [BANNER, END], "111 s6-sudoc: unable to get confirmation from server: Broken pipe"],
  [
    "a server that ends meanwhile",
    [BANNER, "\0", "\0", END],
    "111 s6-sudoc: unable to get exit status from server: Broken pipe",
  ],
  [
    "a program that takes too long",
    [BANNER, 5000, "\0", 99, 1],
    "111 s6-sudoc: unable to get exit status from server: Connection timed out",
    100,
  ],
  ["a program without limit", [BANNER, "\0", 10_000_000], "goes on"],
  [
    "a server that takes too long",
    [29_999, 1],
    "111 s6-sudoc: unable to connect to the s6-sudod server - check that you have appropriate permissions",
  ],
  ["a server that is not there", [], "111 s6-ipcclient: unable to connect to live/s: No such file or directory", 0, [
    "ENOENT",
  ]],
  ["a queue that is full for a while", [20, 20, BANNER, "\0", "\0\0\0\0"], "succeeded", 0, ["EAGAIN", "EAGAIN"]],
];

for (const [name, parts, ending, limit, refusals] of ROWS) {
  Deno.test(`s6-sudod: ${name}`, () => assert.equal(called(parts, limit, refusals).ending, ending));
}

Deno.test("s6-sudod gets the words and the standard descriptors, and no environment", () => {
  const { sent, descriptors, confirmed } = called([BANNER, "\0"]);
  const header = "\0\0\0\x25\0\x03";
  assert.equal(sent, `${header}s6-sudo a v1.0\n\0\0\0\x02\0\0\0\0\0\0\0\x06\0\0\0\0up\x0012\0`);
  assert.deepEqual(descriptors, [0, 1, 2]);
  assert(confirmed);
});

Deno.test("what fails because it has ended is not taken for an end of the conversation", () => {
  for (const errno of ["ENOSPC", "EAGAIN"]) {
    const world = new World();
    callSudod(world, {
      socket: "live/s",
      words: ["up", "12"],
      limit: 0,
      patience: () => 31_000,
      connected: () => {},
      confirmed: () => {},
      ended: () => {
        throw systemError("write", "live/state", errno);
      },
    });
    for (const part of [BANNER, "\0"]) world.play(part);
    assert.throws(() => world.play("\0\0\0\0"), { errno }, "whoever has made the call hears of it");
    assert(world.closed === 1 && world.isQuiet, "something is left open");
  }
});
