// The system calls of a simulated world, as far as supervision makes them.

import { byteString, rawBytes } from "../../lib/bytes.ts";
import type { SupervisePorts } from "../../lib/supervise/ports.ts";
import { STAND_IN } from "./crowd.ts";
import { diskStatus, type Node } from "./disk.ts";
import { simulatedDoor } from "./door.ts";
import { refuse } from "./refusals.ts";
import type { Open, World } from "./world.ts";

export { REASONS } from "./refusals.ts";

/** Another process, which holds the service lock. */
const ANOTHER = 99;

class SimulatedSystem {
  private nextFd = 3;

  constructor(private readonly world: World) {}

  pipe(): { read: number; write: number } {
    const { weather, log } = this.world;
    log?.push({ did: "pipe", made: !weather.noPipes });
    if (weather.noPipes) refuse("make a pipe", "", "EMFILE");
    const pipe = { content: "", writers: 1, readers: 1 };
    return { read: this.openAs({ pipe, end: "read" }), write: this.openAs({ pipe, end: "write" }) };
  }

  close(fd: number): void {
    const { open, watched, locked } = this.world;
    const closed = open.get(fd);
    this.world.mistakes.unless(closed !== undefined, "a descriptor is closed once");
    this.world.mistakes.unless(!watched.has(fd), "a watch ends before its descriptor is closed");
    open.delete(fd);
    if ("node" in closed) {
      locked.delete(closed.node);
      this.world.commands.delete(closed.node);
    } else if ("messages" in closed) this.world.mistakes.unless(false, "a socket is closed by what has made it");
    else if (closed.end === "write") closed.pipe.writers--;
    else closed.pipe.readers--;
  }

  lock(fd: number): boolean {
    this.world.locked.add(this.nodeOf(fd));
    return true;
  }

  read(fd: number, into: Uint8Array<ArrayBuffer>): number {
    const open = this.world.open.get(fd)!;
    this.world.mistakes.unless(!("messages" in open), "a socket is not read as a file");
    const text = "pipe" in open ? this.readPipe(open.pipe, into.length) : this.readNode(open.node, into.length);
    if (text.length === 1) into[0] = text.charCodeAt(0);
    else into.set(rawBytes(text));
    return text.length;
  }

  private readPipe(pipe: Extract<Open, { pipe: unknown }>["pipe"], size: number): string {
    const text = pipe.content.slice(0, size);
    if (text === "" && pipe.writers > 0) refuse("read", "", "EAGAIN");
    pipe.content = pipe.content.slice(size);
    this.world.got({ got: "notification", text });
    return text;
  }

  private readNode(node: Node, size: number): string {
    if (node.kind !== "fifo") return node.content.slice(0, size);
    const { commands } = this.world;
    const letters = commands.get(node) ?? "";
    if (letters === "") refuse("read", "", "EAGAIN");
    commands.set(node, letters.slice(size));
    this.world.got({ got: "letters", letters: letters.slice(0, size) });
    return letters.slice(0, size);
  }

  write(fd: number, from: Uint8Array<ArrayBuffer>): number {
    const node = this.nodeOf(fd);
    const text = byteString(from);
    const listener = this.world.listeners.get(node);
    if (listener === undefined) {
      const room = this.world.weather.disk === "tight" ? text.slice(0, 1) : text;
      if (this.world.weather.disk === "full") refuse("write", "", "ENOSPC");
      node.content += room;
      return room.length;
    }
    if (listener.mode === "full") refuse("write", "", "EAGAIN");
    if (listener.mode === "leaves") refuse("write", "", "EPIPE");
    listener.heard += text;
    if (listener === this.world.faithful) this.world.log?.push({ did: "publish", letters: text });
    return text.length;
  }

  kill(pid: number, signal: number): boolean {
    const { weather, crowd, log } = this.world;
    this.world.mistakes.unless(Math.abs(pid) !== STAND_IN, "no signal is sent to what stands in for others");
    log?.push({ did: "kill", pid, signal, refused: weather.noSignals });
    if (weather.noSignals) refuse("kill", `${pid}`, "EPERM");
    return crowd.kill(pid, signal);
  }

  openAs(open: Open): number {
    this.world.open.set(this.nextFd, open);
    return this.nextFd++;
  }

  nodeOf(fd: number): Node {
    const open = this.world.open.get(fd);
    this.world.mistakes.unless(open !== undefined && "node" in open, "a descriptor of a file");
    return open.node;
  }
}

export function simulatedOs(world: World): SupervisePorts["os"] {
  const system = new SimulatedSystem(world);
  const none = (): void => {};
  return {
    door: simulatedDoor(world, system),
    setNonBlocking: none,
    duplicate: (fd) => system.openAs(world.open.get(fd)!),
    leavesRoom: () => true,
    credentials: () => ({ uid: 0, gid: 0, groups: [] }),
    now: () => world.clock.now(),
    monotonic: () => world.clock.ask(),
    lock: (fd) => system.lock(fd),
    lockOwner: () => world.weather.serviceLocked ? ANOTHER : undefined,
    kill: (pid, signal) => system.kill(pid, signal),
    fstat: (fd) => diskStatus(system.nodeOf(fd)),
    truncate: (fd, size) => {
      const node = system.nodeOf(fd);
      node.content = node.content.slice(0, size);
    },
    pipe: () => system.pipe(),
    close: (fd) => system.close(fd),
    read: (fd, into) => system.read(fd, into),
    write: (fd, from) => system.write(fd, from),
  };
}
