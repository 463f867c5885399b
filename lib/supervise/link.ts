// Adding a service to a running supervision tree and taking it out again, as s6-svlink and s6-svunlink do: a link in
// the scan directory is made or removed, the scanner is notified, and the supervisors are waited for by their events.

import type { ByteString } from "../bytes.ts";
import { type FifodirOs, makeFifodir } from "../event/fifodir.ts";
import { subscribe, type SubscribeOs, type Subscription } from "../event/subscribe.ts";
import { realPath } from "../file_path.ts";
import type { Os, Reactor } from "../os/os.ts";
import { about, Failure, ifThere, invalid, OsError, unlessThere } from "../report.ts";
import { isSupervised, sendCommands } from "./client.ts";

type LinkOs =
  & SubscribeOs
  & FifodirOs
  & Pick<Os, "symlink" | "readLink" | "write" | "find" | "lockOwner" | "credentials" | "monotonic">;

interface LinkPorts {
  readonly os: LinkOs;
  /** The event loop, asked for once the wait begins. */
  readonly reactor: () => Pick<Reactor, "watch" | "at" | "run" | "stop">;
}

/** How a service is to be added. */
export interface LinkWishes {
  /** Keep it down: only until a command comes, or for good. */
  readonly down: "for now" | "for long" | undefined;
  /** All users may listen to its events, not only our group. */
  readonly public: boolean;
  /** An event directory that is there gets these permissions too. */
  readonly force: boolean;
  /** Milliseconds; 0 is without limit. */
  readonly timeout: number;
}

/** Where a service is linked. */
interface Place {
  readonly scanDirectory: ByteString;
  readonly name: ByteString;
}

const NO_SCANNER = 1;
const TIMED_OUT = 99;

/**
 * @throws Failure 1, with the text of `otherwise`, if no scanner runs on the directory, OsError if it is not a scan
 * directory at all
 */
export function requireScanner(
  os: Pick<Os, "open" | "close" | "lockOwner">,
  scanDirectory: ByteString,
  otherwise = `s6-svscan not running on ${scanDirectory}`,
): void {
  const fd = os.open(`${scanDirectory}/.s6-svscan/lock`, ["read", "nonblocking"]);
  try {
    if (os.lockOwner(fd) === undefined) throw invalid(otherwise, NO_SCANNER);
  } finally {
    os.close(fd);
  }
}

/** The service directory, and that of its logger if it has one. */
export function withLogger(os: Pick<Os, "find">, service: ByteString): ByteString[] {
  const logger = `${service}/log`;
  return os.find(logger)?.kind === "directory" ? [service, logger] : [service];
}

/** A service directory, the name that it is to have in the scan directory, and what the link of that name says. */
export interface ServiceLink {
  readonly name: ByteString;
  readonly service: ByteString;
  readonly target: ByteString;
}

/**
 * Links a service directory into the scan directory and waits until it, and its logger, are supervised. What fails or
 * takes too long is taken back.
 * @param target what the link is to say
 */
export function linkService(
  ports: LinkPorts,
  { scanDirectory, name }: Place,
  service: ByteString,
  target: ByteString,
  wishes: LinkWishes,
): void {
  linkServices(ports, scanDirectory, [{ name, service, target }], wishes);
}

/** The same for several at once. */
export function linkServices(
  ports: LinkPorts,
  scanDirectory: ByteString,
  links: readonly ServiceLink[],
  wishes: LinkWishes,
): void {
  const { os } = ports;
  const subscriptions: Subscription[] = [];
  const takeBack: (() => void)[] = [];
  try {
    for (const { name, service, target } of links) {
      const link = `${scanDirectory}/${name}`;
      for (const directory of withLogger(os, service)) {
        if (isSupervised(os, directory)) continue;
        if (wishes.down !== undefined) makeDownFile(os, directory);
        makeFifodir(os, `${directory}/event`, wishes.public ? undefined : os.credentials().gid, wishes.force);
        subscriptions.push(subscribe(os, `${directory}/event`));
      }
      os.symlink(target, link);
      if (wishes.down !== undefined) takeBack.push(() => ifThere(() => os.unlink(`${link}/down`)));
      takeBack.push(() => ifThere(() => os.unlink(link)));
    }
    sendCommands(os, scanDirectory, ".s6-svscan", "a");
    if (!awaitLetter(ports, subscriptions, "s", wishes.timeout)) throw new Failure(TIMED_OUT, "Connection timed out");
    // As with the original, the logger's file down stays.
    if (wishes.down !== "for now") return;
    for (const { name } of links) ifThere(() => os.unlink(`${scanDirectory}/${name}/down`));
  } catch (error) {
    for (const undo of takeBack) undo();
    throw error;
  } finally {
    for (const subscription of subscriptions) subscription.close();
  }
}

/** One that is there is left as it is, whatever it is: a link in another user's directory may lead to any file. */
function makeDownFile(os: Pick<Os, "open" | "close">, directory: ByteString): void {
  unlessThere(() => os.close(os.open(`${directory}/down`, ["write", "create", "exclusive"])));
}

/**
 * Removes a link from the scan directory and, if `wait` is set, waits until its supervisors have ended.
 * @param timeout milliseconds; 0 is without limit. Nothing is said of a wait that was longer
 */
export function unlinkService(ports: LinkPorts, place: Place, wait: boolean, timeout: number): void {
  const { os } = ports;
  const link = `${place.scanDirectory}/${place.name}`;
  const subscriptions: Subscription[] = [];
  try {
    const supervised = isSupervised(os, link);
    if (supervised && wait) {
      // Behind the link, which will be gone when the listeners are to be removed.
      for (const directory of withLogger(os, realPath(os, link))) {
        if (isSupervised(os, directory)) subscriptions.push(subscribe(os, `${directory}/event`));
      }
    }
    unlink(os, link, supervised);
    if (tellScanner(os, place.scanDirectory)) awaitLetter(ports, subscriptions, "x", timeout);
  } finally {
    for (const subscription of subscriptions) subscription.close();
  }
}

/** Without a supervisor it does not matter what the name stands for, or that it stands for nothing. */
function unlink(os: Pick<Os, "unlink">, path: ByteString, supervised: boolean): void {
  try {
    os.unlink(path);
  } catch (error) {
    if (supervised || !(error instanceof OsError)) throw error;
  }
}

/** False if no scanner is there to obey. */
function tellScanner(os: LinkOs, scanDirectory: ByteString): boolean {
  try {
    sendCommands(os, scanDirectory, ".s6-svscan", "an");
    return true;
  } catch {
    return false;
  }
}

/**
 * Waits until the letter has come from each; false if the time is over.
 * @param letter of an event, as supervisors send it: s is a beginning, x an end
 * @param timeout milliseconds; 0 is without limit
 */
export function awaitLetter(
  ports: Pick<LinkPorts, "reactor"> & { readonly os: Pick<Os, "monotonic"> },
  subscriptions: readonly Subscription[],
  letter: string,
  timeout: number,
): boolean {
  const missing = new Set(subscriptions);
  if (missing.size === 0) return true;
  const reactor = ports.reactor();
  const cancels = subscriptions.map((subscription) =>
    reactor.watch(subscription.fd, "read", () => {
      if (subscription.read().includes(letter)) missing.delete(subscription);
      if (missing.size === 0) reactor.stop();
    })
  );
  if (timeout > 0) cancels.push(reactor.at(ports.os.monotonic() + timeout, () => reactor.stop()));
  reactor.run();
  for (const cancel of cancels) cancel();
  return missing.size === 0;
}

/** Does it; a failure is reported in terms of what was wanted, and a wait that took too long keeps its exit code. */
export function telling<T>(action: string, object: ByteString, work: () => T): T {
  try {
    return about(action, object, work);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== TIMED_OUT) throw error;
    throw new Failure(TIMED_OUT, `unable to ${action} ${object}: ${error.message}`);
  }
}
