// Waiting for services of supervisors that live elsewhere: listen to their events first, then read where they stand,
// then follow the events. In this order nothing that happens in between is missed.

import type { ByteString } from "../bytes.ts";
import { type FifodirOs, makeFifodir } from "../event/fifodir.ts";
import { subscribe, type SubscribeOs, type Subscription } from "../event/subscribe.ts";
import type { Os, Reactor } from "../os/os.ts";
import { about } from "../report.ts";
import { readServiceStatus } from "./client.ts";
import { Expectation } from "./expectation.ts";
import { type Awaited, followEvents, type Listen } from "./follow_events.ts";
import type { Goal } from "./goal.ts";

type AwaitOs = SubscribeOs & FifodirOs & Pick<Os, "readFile" | "credentials" | "monotonic">;

export interface Wanted {
  readonly directories: readonly ByteString[];
  readonly goals: readonly Goal[];
  /** One service is enough. */
  readonly any: boolean;
  /** Milliseconds; 0 is without limit. */
  readonly timeout: number;
}

interface AwaitPorts {
  readonly os: AwaitOs;
  /** The event loop, asked for once the wait begins. */
  readonly reactor: () => Pick<Reactor, "watch" | "at" | "run" | "stop">;
}

/**
 * Waits until the services are where they are wanted.
 * @param begin sets them moving, once we listen to them
 * @throws OsError if a service cannot be listened to or has no status
 */
export async function awaitServices(
  ports: AwaitPorts,
  wanted: Wanted,
  begin: () => void | Promise<void> = () => {},
): Promise<Awaited> {
  const { os } = ports;
  const deadline = wanted.timeout === 0 ? undefined : os.monotonic() + wanted.timeout;
  const subscriptions: Subscription[] = [];
  try {
    for (const directory of wanted.directories) subscriptions.push(listenTo(os, directory));
    const statuses = wanted.directories.map((directory) => readServiceStatus(os, directory));
    await begin();
    return runUntilOver(ports, subscriptions, Expectation.of(wanted.goals, wanted.any, statuses), deadline);
  } finally {
    for (const subscription of subscriptions) subscription.close();
  }
}

function listenTo(os: AwaitOs, directory: ByteString): Subscription {
  return about("subscribe to events for", directory, () => {
    makeFifodir(os, `${directory}/event`, os.credentials().gid);
    return subscribe(os, `${directory}/event`);
  });
}

function runUntilOver(
  ports: AwaitPorts,
  subscriptions: readonly Subscription[],
  start: Expectation,
  deadline: number | undefined,
): Awaited {
  if (start.over) return { timedOut: false, failures: start.failures };
  const reactor = ports.reactor();
  const sources = subscriptions.map((subscription): Listen => (heard) =>
    reactor.watch(subscription.fd, "read", () => heard(subscription.read()))
  );
  let awaited: Awaited | undefined;
  followEvents(start, sources, deadline === undefined ? undefined : (over) => reactor.at(deadline, over), (ended) => {
    awaited = ended;
    reactor.stop();
  });
  reactor.run();
  return awaited!;
}
