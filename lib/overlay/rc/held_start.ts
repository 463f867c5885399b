// A service of s6-rc's own without a process: process 1 listens on its socket in its place, and starts it with that socket at the
// first connection, which it leaves for it to take. Nothing that a client sends is read in process 1. To all who ask,
// the service is up and ready, with the pid of process 1.

import type { ByteString } from "../../bytes.ts";
import { systemError } from "../../errno.ts";
import type { ProcessImage } from "../../image/image.ts";
import type { FileStatus, Os, Reactor } from "../../os/os.ts";
import type { Step } from "../../os/step.ts";
import { INTERNAL_SOCKET } from "../../rc/internal_services.ts";
import { LIVE_DIRECTORY } from "../../rc/places.ts";
import { invalid, Reported, textOf } from "../../report.ts";
import type { Reporter } from "../../reporter.ts";
import type { ChildNews, StartedChild } from "../../supervise/start.ts";
import type { WaitStatus } from "../../wait_status.ts";
import { HeldService } from "./held_service.ts";
import { closeListener, type HeldSocketPorts, listenIn } from "./held_socket.ts";

export interface HoldingPorts extends HeldSocketPorts {
  readonly os:
    & HeldSocketPorts["os"]
    & Pick<Os, "duplicate" | "fstat" | "leavesRoom" | "limits" | "pid" | "write">;
  readonly reactor: Pick<Reactor, "watch" | "after">;
  readonly report: Reporter;
}

/** Its service directory, which belongs to the live one and to us. */
export interface HeldFiles {
  /** Held. */
  readonly fd: number;
  /** A file in it that only we can change. @throws OsError, and Failure where others can change it */
  readonly read: (path: ByteString, most: number) => ByteString;
  /** What is to be closed when it ends, or has a process of its own. */
  readonly keep: (fd: number) => number;
}

/** What the service is to be at the first connection. */
interface Awaited {
  readonly words: readonly ByteString[];
  /** Its descriptors besides its standard streams as it has been given them, with the socket as its input. */
  readonly steps: readonly Step[];
  readonly variables?: Iterable<readonly [ByteString, ByteString | undefined]>;
  readonly ends: (signal: number) => WaitStatus | undefined;
  /** It is held now, or is no more. */
  readonly held?: (isHeld: boolean) => void;
}

/** One of s6-rc's own services. */
export interface HeldKind {
  readonly name: ByteString;
  /** On which its run tells that it is ready. */
  readonly notification: number;
  /** @throws OsError, and Failure where its files are others than s6-rc-compile makes here */
  readonly await: (directory: HeldFiles) => Awaited;
}

/** Larger than any file of them that is made here. */
const LARGEST_SCRIPT = 4096;
/** Group and others may write. */
const OTHERS_WRITE = 0o022;
/** What a child does that may as well be done at the first connection. */
const PLAIN: ReadonlySet<string> = new Set(["session", "directory", "copy"]);
const NEWLINE = new Uint8Array([10]);

export class HeldStart {
  /** Of whom it has been told why there is a process from the start. */
  private readonly told = new Set<ByteString>();

  /** @param kindOf the kind of a service by its name; undefined for those that process 1 does not stand in for */
  constructor(
    private readonly ports: HoldingPorts,
    private readonly kindOf: (name: ByteString) => HeldKind | undefined,
  ) {}

  /** Undefined for what is to be started as any other service. */
  hold(image: ProcessImage, news: ChildNews): StartedChild | undefined {
    const [script, name = ""] = image.argv;
    const kind = script === "run" ? this.kindOf(name) : undefined;
    if (kind === undefined || !image.steps.every((step) => PLAIN.has(step.do))) return undefined;
    try {
      return this.held(kind, image, news);
    } catch (error) {
      if (!(error instanceof Reported)) throw error;
      if (!this.told.has(name)) {
        this.ports.report("info", "s6-rc", `${name} gets a process of its own: ${textOf(error)}`);
      }
      this.told.add(name);
      return undefined;
    }
  }

  private held(kind: HeldKind, image: ProcessImage, news: ChildNews): StartedChild {
    const { os } = this.ports;
    const taken: number[] = [];
    const keep = (fd: number): number => {
      taken.push(fd);
      return fd;
    };
    const closeTaken = (): void => {
      for (const fd of taken.splice(0)) os.close(fd);
    };
    let socket: number | undefined;
    try {
      const directory = this.directoryOf(kind, keep(os.door.hold(image.directory)), keep);
      const awaited = kind.await(directory);
      const streams = streamsOf(image, (fd) => keep(os.duplicate(fd)));
      socket = listenIn(this.ports, directory.fd);
      const listener = socket;
      if (!os.leavesRoom(listener)) throw systemError("listen to", INTERNAL_SOCKET, "EMFILE");
      const place = (): ByteString => os.door.pathOf(directory.fd) ?? image.directory;
      const release = (by: "activated" | "ended"): void => {
        awaited.held?.(false);
        if (by === "activated") os.close(listener);
        else closeListener(this.ports, listener);
        closeTaken();
      };
      this.tellReadiness(image);
      const { name } = kind;
      const { ends } = awaited;
      const input: Step = { by: name, do: "copy", from: listener, to: 0 };
      const steps = [...streams, input, ...awaited.steps];
      const activated = (): ProcessImage => awaitedImage(image, awaited, steps, place());
      const service = new HeldService({ ...this.ports, name, image: activated, socket, ends, news, release });
      awaited.held?.(true);
      return service;
    } catch (error) {
      if (socket !== undefined) closeListener(this.ports, socket);
      closeTaken();
      throw error;
    }
  }

  /** @throws Failure where it is not the live directory's own, or not as s6-rc-compile has made it */
  private directoryOf({ name, notification }: HeldKind, fd: number, keep: (fd: number) => number): HeldFiles {
    const { os } = this.ports;
    const status = os.fstat(fd);
    if (!os.door.leadsTo(`${LIVE_DIRECTORY}/servicedirs/${name}`, status)) {
      throw invalid("its directory is not that of the live database");
    }
    this.checkOwner(status, "its directory");
    const read = (path: ByteString, most: number): ByteString => {
      if (path.includes("/")) this.checkDirectory(path.slice(0, path.lastIndexOf("/")), fd);
      const { content, status } = os.door.readOwned(path, most, fd, { links: "refuse" });
      this.checkOwner(status, path);
      return content;
    };
    if (read("notification-fd", LARGEST_SCRIPT) !== `${notification}\n`) {
      throw invalid("its notification-fd is another");
    }
    return { fd, read, keep };
  }

  private checkDirectory(path: ByteString, above: number): void {
    const { os } = this.ports;
    const directory = os.door.hold(path, above, { links: "refuse" });
    try {
      this.checkOwner(os.fstat(directory), path);
    } finally {
      os.close(directory);
    }
  }

  private checkOwner({ uid, mode }: FileStatus, what: ByteString): void {
    if (uid === this.ports.os.credentials().uid && (mode & OTHERS_WRITE) === 0) return;
    throw invalid(`others can change ${what}`);
  }

  /** The pipe for that comes last. */
  private tellReadiness({ steps }: ProcessImage): void {
    const last = steps.at(-1);
    if (last?.do === "copy") this.ports.os.write(last.from, NEWLINE);
  }
}

/** Its run. @throws OsError, Failure */
export function readRun({ read }: HeldFiles): ByteString {
  return read("run", LARGEST_SCRIPT);
}

/** Where its standard streams go, by copies of the descriptors that it has been given. */
function streamsOf({ steps }: ProcessImage, copy: (fd: number) => number): readonly Step[] {
  return steps.slice(0, -1).flatMap((step): Step[] =>
    step.do === "copy" && step.to <= 2 ? [{ ...step, from: copy(step.from) }] : []
  );
}

/** It tells on its own that it is ready, which nobody waits for any more. */
function awaitedImage(
  image: ProcessImage,
  { words, variables = [] }: Awaited,
  steps: readonly Step[],
  path: ByteString,
): ProcessImage {
  const by = image.argv[1]!;
  const placed = image.settled().run(words).withVariables(variables)
    .step({ by, do: "session" }).step({ by, do: "directory", path });
  return steps.reduce((next, step) => next.step(step), placed);
}
