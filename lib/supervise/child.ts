// Starting run and finish: the process image of each, and what the files notification-fd and lock-fd add to it.

import type { ByteString } from "../bytes.ts";
import type { Environment } from "../environment.ts";
import { ProcessImage } from "../image/image.ts";
import { Failure, isErrno } from "../report.ts";
import { exitCode, killedBy, type WaitStatus } from "../wait_status.ts";
import { type NotifyAccess, notifyVariables } from "./notify_protocol.ts";
import type { NotifySocket, SupervisePorts } from "./ports.ts";
import type { ChildNews, StartedChild } from "./start.ts";
import type { ServiceDirectory } from "./service_dir.ts";
import { causeOf, type Troubles } from "./troubles.ts";

/** What a service gets as descriptors 0, 1 and 2. Undefined: ours. */
export interface Streams {
  readonly input?: number | undefined;
  readonly output?: number | undefined;
  readonly error?: number | undefined;
}

/** The image of a program that has these. */
export function withStreams(image: ProcessImage, by: ByteString, { input, output, error }: Streams): ProcessImage {
  let placed = image;
  for (const [to, from] of [input, output, error].entries()) {
    if (from !== undefined) placed = placed.step({ by, do: "copy", from, to });
  }
  return placed;
}

export interface ChildOptions {
  /** The name in messages, and the argument that run and finish get. */
  readonly name: ByteString;
  readonly environment: Environment;
  /** Asked anew at each start. */
  readonly streams: () => Streams;
}

/** A started run. */
export interface StartedRun {
  readonly child: StartedChild;
  /** Where its notification of readiness will arrive, if it has been given a descriptor for it. */
  readonly notification: number | undefined;
  /** Where its messages of systemd's notify protocol will arrive, if it speaks that. */
  readonly socket: NotifySocket | undefined;
  readonly access: NotifyAccess;
  readonly watchdog: number;
}

const AFTER_FAILED_EXEC = 10_000;
const AFTER_SHORTAGE = 60_000;
/** The first argument of finish when a signal killed run. */
const KILLED = "256";

/** A start that fails before there is anything to execute: tried again after a longer while, or not at all. */
class CannotStart extends Failure {
  constructor(text: ByteString, readonly retryAfter: number) {
    super(111, text);
  }
}

/** Milliseconds until a start that failed is tried again; Infinity for never by itself. */
export function retryDelay(error: unknown): number {
  if (error instanceof CannotStart) return error.retryAfter;
  return isErrno(error, "EAGAIN", "ENOMEM", "EMFILE", "ENFILE") ? AFTER_SHORTAGE : AFTER_FAILED_EXEC;
}

/** The warning about a start that failed. */
export function explainFailure(error: unknown): ByteString {
  if (error instanceof CannotStart) return error.message;
  return `unable to spawn ./run - waiting ${retryDelay(error) / 1000} seconds: ${causeOf(error)}`;
}

export class Child {
  constructor(
    private readonly ports: Pick<SupervisePorts, "os" | "start" | "openNotifySocket">,
    private readonly files: ServiceDirectory,
    private readonly options: ChildOptions,
    private readonly troubles: Pick<Troubles, "warn">,
  ) {}

  /** Starts run. @throws Failure or OsError; retryDelay() says how long to wait then */
  run(news: ChildNews): StartedRun {
    const lockFd = this.files.lockFd();
    const notificationFd = this.files.notificationFd();
    if (lockFd !== undefined) this.inspectLock();
    if (lockFd !== undefined && notificationFd === lockFd) {
      throw new CannotStart("unable to start service: notification-fd and lock-fd are the same", Infinity);
    }
    const plain = this.image("run", [this.options.name]);
    const image = this.files.hasOwnPids() ? plain.step({ by: this.options.name, do: "pidNamespace" }) : plain;
    // The child takes the lock, which its program holds; it waits for it if need be.
    const by = this.options.name;
    const locked = lockFd === undefined
      ? image
      : image.step({ by, do: "lock", fd: lockFd, path: "supervise/service-lock" });
    const access = this.files.notifyAccess();
    if (access !== undefined) return this.runTelling(locked, notificationFd, access, news);
    return { ...this.runNotifying(locked, notificationFd, news), socket: undefined, access: "main", watchdog: 0 };
  }

  /** The socket is for this life alone: what a process of the last one still sends reaches nothing. */
  private runTelling(
    image: ProcessImage,
    notificationFd: number | undefined,
    access: NotifyAccess,
    news: ChildNews,
  ): StartedRun {
    const watchdog = this.files.watchdog();
    const socket = this.openSocket();
    try {
      const variables = notifyVariables(socket.address, watchdog);
      const started = this.runNotifying(image.withVariables(variables), notificationFd, news);
      return { ...started, socket, access, watchdog };
    } catch (error) {
      socket.close();
      throw error;
    }
  }

  private openSocket(): NotifySocket {
    try {
      return this.ports.openNotifySocket();
    } catch (error) {
      throw new CannotStart(
        `unable to make a socket for ./run (waiting 60 seconds): ${causeOf(error)}`,
        AFTER_SHORTAGE,
      );
    }
  }

  /**
   * Starts finish; undefined if there is none. Its arguments are those of s6 2.13: code, signal, name, process group.
   * @param group the process group that run has led
   * @throws Failure or OsError
   */
  finish(status: WaitStatus, group: number, news: ChildNews): StartedChild | undefined {
    // Most services have none, and a look is cheaper than a failing start.
    if (!this.files.has("finish")) return undefined;
    const how = [`${exitCode(status) ?? KILLED}`, `${killedBy(status)}`];
    return this.ports.start(this.image("finish", [...how, this.options.name, `${group}`]), news);
  }

  private runNotifying(
    image: ProcessImage,
    notificationFd: number | undefined,
    news: ChildNews,
  ): Pick<StartedRun, "child" | "notification"> {
    const { os, start } = this.ports;
    if (notificationFd === undefined) return { child: start(image, news), notification: undefined };
    const { read, write } = os.pipe();
    try {
      // A read must never block us, whatever makes the event loop believe that there is something to read.
      os.setNonBlocking(read, true);
      const by = this.options.name;
      const child = start(image.step({ by, do: "copy", from: write, to: notificationFd }), news);
      return { child, notification: read };
    } catch (error) {
      os.close(read);
      throw error;
    } finally {
      os.close(write);
    }
  }

  private image(script: "run" | "finish", args: readonly ByteString[]): ProcessImage {
    const { name: by, environment, streams } = this.options;
    const argv = [script, ...args];
    const image = ProcessImage.of(argv, environment)
      .run(argv, `./${script}`)
      .ofScript()
      .step({ by, do: "session" })
      .step({ by, do: "directory", path: this.files.path });
    return withStreams(image, by, streams());
  }

  private inspectLock(): void {
    const { os } = this.ports;
    const fd = this.openLock();
    try {
      if (os.fstat(fd).size > 0) {
        os.truncate(fd, 0);
        this.troubles.warn("a previous instance of the service wrote to the lock file!");
      }
      if (os.lockOwner(fd) !== undefined) {
        this.troubles.warn("another instance of the service is already running, child will block");
      }
    } finally {
      os.close(fd);
    }
  }

  private openLock(): number {
    try {
      return this.files.within("supervise", (held) => this.ports.os.door.provideFile("service-lock", held));
    } catch (error) {
      const action = "unable to open supervise/service-lock for writing (waiting 60 seconds)";
      throw new CannotStart(`${action}: ${causeOf(error)}`, AFTER_SHORTAGE);
    }
  }
}
