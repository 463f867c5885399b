// Bringing a longrun up or down through its supervisor, wherever that lives: listen to its events, read where it stands, send
// the command, follow the events. What s6-svc -uwU and -dwD do, within this process.

import type { ByteString } from "../bytes.ts";
import { type FifodirOs, makeFifodir } from "../event/fifodir.ts";
import { subscribe, type SubscribeOs, type Subscription } from "../event/subscribe.ts";
import type { Cancel, Os, Reactor } from "../os/os.ts";
import { about, OsError } from "../report.ts";
import { readServiceStatus, sendCommands } from "../supervise/client.ts";
import { Expectation } from "../supervise/expectation.ts";
import type { Goal } from "../supervise/goal.ts";
import { type Ending, failing } from "./ending.ts";

export type LongrunOs = SubscribeOs & FifodirOs & Pick<Os, "readFile" | "credentials" | "write" | "find">;

interface LongrunPorts {
  readonly os: LongrunOs;
  readonly reactor: Pick<Reactor, "watch" | "after">;
}

interface LongrunMove {
  readonly directory: ByteString;
  readonly letter: "u" | "d";
  readonly goal: Goal;
  /** Milliseconds, 0 for no limit. */
  readonly limit: number;
  readonly ended: (ending: Ending) => void;
}

const PROGRAM = "s6-svlisten";
const TIMED_OUT = 99;

/**
 * Begins; `ended` is called once, now or later, unless the returned function is called before.
 * @throws OsError EMFILE if there are no descriptors to listen with
 */
export function moveLongrun({ os, reactor }: LongrunPorts, move: LongrunMove): Cancel {
  const cancels: Cancel[] = [];
  const stop = (): void => {
    for (const cancel of cancels.splice(0)) cancel();
  };
  const end = (ending: Ending): void => {
    stop();
    move.ended(ending);
  };
  let expectation: Expectation;
  try {
    const subscription = listenTo(os, move.directory);
    cancels.push(() => subscription.close());
    expectation = Expectation.of([move.goal], false, [readServiceStatus(os, move.directory)]);
    sendCommands(os, move.directory, "supervise", move.letter);
    cancels.push(reactor.watch(subscription.fd, "read", () => {
      expectation = expectation.after(0, subscription.read());
      if (!expectation.over) return;
      end(expectation.failures === 0 ? { how: "succeeded" } : failing(PROGRAM, GAVE_UP, expectation.failures));
    }));
  } catch (error) {
    if (error instanceof OsError && error.errno === "EMFILE" || !(error instanceof Error)) {
      stop();
      throw error;
    }
    end(failing(PROGRAM, error));
    return () => {};
  }
  // What its end leads to is not its own failure: it ends out here.
  if (expectation.over) end({ how: "succeeded" });
  else if (move.limit > 0) {
    cancels.push(reactor.after(move.limit, () => end(failing(PROGRAM, "timed out", TIMED_OUT))));
  }
  return stop;
}

const GAVE_UP = "some services reported permanent failure or their supervisor died";

function listenTo(os: LongrunOs, directory: ByteString): Subscription {
  return about("subscribe to events for", directory, () => {
    makeFifodir(os, `${directory}/event`, os.credentials().gid);
    return subscribe(os, `${directory}/event`);
  });
}
