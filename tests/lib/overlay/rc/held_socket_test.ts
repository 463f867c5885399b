// How the listening socket of a service that process 1 stands in for is closed.

import { deepEqual } from "node:assert/strict";
import { systemError } from "../../../../lib/errno.ts";
import { closeListener, type HeldSocketPorts } from "../../../../lib/overlay/rc/held_socket.ts";

const SOCKET = 7;

/** What closing does, and what is due later. `refusals` is what starts meet in turn. */
function closing(accept: number | string, refusals: string[] = []): { log: string[]; due: (() => void)[] } {
  const log: string[] = [];
  const due: (() => void)[] = [];
  const ports = {
    os: {
      close: (fd: number) => log.push(`close ${fd}`),
      shutDown: (fd: number, direction: string) => log.push(`shut down ${direction} ${fd}`),
      pipe: () => ({ read: 20, write: 21 }),
    },
    sockets: {
      accept: (fd: number) => {
        log.push(`accept ${fd}`);
        if (typeof accept === "string") throw systemError("accept", "", accept as "EAGAIN");
        return accept;
      },
    },
    reactor: { after: (_: number, work: () => void) => void due.push(work) },
    start: (image: { argv: readonly string[]; steps: readonly { from?: number; to?: number }[] }) => {
      const errno = refusals.shift();
      if (errno !== undefined) throw systemError("start", "it", errno as "EAGAIN");
      log.push(`start ${image.argv} ${image.steps.map(({ from, to }) => `${from}>${to}`).join(" ")}`);
      return { pid: 50, forget: () => {} };
    },
  };
  closeListener(ports as unknown as HeldSocketPorts, SOCKET);
  return { log, due };
}

const FIRST = ["shut down read 7", "accept 7"];
const PIPE = ["close 20", "close 21"];

Deno.test("where no client waits it is closed", () => {
  for (const errno of ["EAGAIN", "EINVAL"]) deepEqual(closing(errno).log, [...FIRST, "close 7"]);
});

Deno.test("where a client waits, another process has it before it is closed, and ends after that", () => {
  deepEqual(closing(9).log, [...FIRST, "start /command/s6-cat 20>0 7>3 9>4", "close 7", "close 9", ...PIPE]);
});

Deno.test("where it cannot be known, a client may wait", () => {
  deepEqual(closing("EMFILE").log, [...FIRST, "start /command/s6-cat 20>0 7>3", "close 7", ...PIPE]);
});

Deno.test("without room for another process it stays open until there is some", () => {
  const { log, due } = closing(9, ["EAGAIN"]);
  deepEqual(log, [...FIRST, ...PIPE]);
  due[0]!();
  deepEqual(log.slice(4), ["start /command/s6-cat 20>0 7>3 9>4", "close 7", "close 9", ...PIPE]);
});
