import { deepEqual, equal } from "node:assert/strict";
import { LogPipe } from "../../../lib/supervise/log_pipe.ts";

function pipe(): { pipe: LogPipe; closed: number[] } {
  const closed: number[] = [];
  return { pipe: new LogPipe({ pipe: () => ({ read: 5, write: 6 }), close: (fd) => void closed.push(fd) }), closed };
}

Deno.test("an end is closed when nobody holds it any more, and only once", () => {
  const { pipe: log, closed } = pipe();
  equal(log.hold("write"), true);
  log.release("write");
  deepEqual(closed, []);
  log.release("write");
  log.release("write");
  deepEqual(closed, [6]);
});

Deno.test("an end that is closed cannot be held again, the other can", () => {
  const { pipe: log } = pipe();
  log.release("write");
  equal(log.hold("write"), false);
  equal(log.hold("read"), true);
});
