// The system calls of a simulated world, as far as supervision makes them.

import assert from "node:assert/strict";
import { byteString, rawBytes } from "../../lib/bytes.ts";
import type { OpenFlag } from "../../lib/os/os.ts";
import { OsError } from "../../lib/report.ts";
import type { SupervisePorts } from "../../lib/supervise/ports.ts";
import { type Node, statusOf } from "./disk.ts";
import type { Open, World } from "./world.ts";

export const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "No such file or directory",
  ENOSPC: "No space left on device",
};

/** Made once each: failures come by the million. */
const REFUSALS = new Map<string, OsError>();

function refuse(action: string, object: string, errno: string): never {
  const key = `${action} ${object} ${errno}`;
  const known = REFUSALS.get(key);
  if (known !== undefined) throw known;
  const refusal = new OsError(action, object, errno, REASONS[errno] ?? errno);
  REFUSALS.set(key, refusal);
  throw refusal;
}

/** Somebody else's process that holds the service lock. */
const ANOTHER = 99;

class SimulatedSystem {
  #nextFd = 3;

  constructor(private readonly world: World) {}

  open(path: string, flags: readonly OpenFlag[]): number {
    const { files, listeners, locked, weather } = this.world;
    if (weather.openings-- <= 0) refuse("open", path, "EMFILE");
    let node = files.node(path);
    if (node === undefined) {
      if (!flags.includes("create")) refuse("open", path, "ENOENT");
      node = this.#create(path, "file");
    }
    const listener = listeners.get(node);
    if (listener?.mode === "gone" && flags.includes("write")) refuse("open", path, "ENXIO");
    this.world.mistakes.unless(
      !locked.has(node),
      "a lock file is opened once: closing another descriptor of it would give up the lock",
    );
    return this.#openAs({ node });
  }

  pipe(): { read: number; write: number } {
    const { weather, log } = this.world;
    log?.push({ did: "pipe", made: !weather.noPipes });
    if (weather.noPipes) refuse("make a pipe", "", "EMFILE");
    const pipe = { content: "", writers: 1, readers: 1 };
    return { read: this.#openAs({ pipe, end: "read" }), write: this.#openAs({ pipe, end: "write" }) };
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
    } else if (closed.end === "write") closed.pipe.writers--;
    else closed.pipe.readers--;
  }

  lock(fd: number): boolean {
    this.world.locked.add(this.#nodeOf(fd));
    return true;
  }

  read(fd: number, into: Uint8Array<ArrayBuffer>): number {
    const open = this.world.open.get(fd)!;
    const text = "pipe" in open ? this.#readPipe(open.pipe, into.length) : this.#readNode(open.node, into.length);
    if (text.length === 1) into[0] = text.charCodeAt(0);
    else into.set(rawBytes(text));
    return text.length;
  }

  #readPipe(pipe: Extract<Open, { pipe: unknown }>["pipe"], size: number): string {
    const text = pipe.content.slice(0, size);
    if (text === "" && pipe.writers > 0) refuse("read", "", "EAGAIN");
    pipe.content = pipe.content.slice(size);
    this.world.got({ got: "notification", text });
    return text;
  }

  #readNode(node: Node, size: number): string {
    if (node.kind !== "fifo") return node.content.slice(0, size);
    const { commands } = this.world;
    const letters = commands.get(node) ?? "";
    if (letters === "") refuse("read", "", "EAGAIN");
    commands.set(node, letters.slice(size));
    this.world.got({ got: "letters", letters: letters.slice(0, size) });
    return letters.slice(0, size);
  }

  write(fd: number, from: Uint8Array<ArrayBuffer>): number {
    const node = this.#nodeOf(fd);
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

  writeFile(path: string, content: string): void {
    const { parent, name } = this.world.files.place(path);
    const tell = (done: boolean): void => {
      if (name === "down") this.world.log?.push({ did: "down", present: true, place: parent, done });
    };
    try {
      this.#store(path, content);
      tell(true);
    } catch (error) {
      tell(false);
      throw error;
    }
  }

  replaceFile(path: string, content: string): void {
    const { parent, name } = this.world.files.place(path);
    const tell = (written: boolean): void => {
      if (name === "status") this.world.log?.push({ did: "status", content, place: parent, written });
    };
    try {
      this.#store(path, content);
      tell(true);
    } catch (error) {
      tell(false);
      throw error;
    }
  }

  #store(path: string, content: string): void {
    const { files, weather } = this.world;
    const node = files.node(path) ?? this.#create(path, "file");
    if (content !== "" && weather.disk !== "free") refuse("write", path, "ENOSPC");
    node.content = content;
  }

  unlink(path: string): void {
    const { parent, name } = this.world.files.place(path);
    if (parent?.entries.get(name) === undefined) refuse("unlink", path, "ENOENT");
    if (name === "down") this.world.log?.push({ did: "down", present: false, place: parent, done: true });
    this.world.files.remove(path);
  }

  make(path: string, kind: "directory" | "fifo"): void {
    const { parent, name } = this.world.files.place(path);
    if (parent?.entries.has(name)) refuse("make", path, "EEXIST");
    this.#create(path, kind);
  }

  kill(pid: number, signal: number): boolean {
    const { weather, crowd, log } = this.world;
    log?.push({ did: "kill", pid, signal, refused: weather.noSignals });
    if (weather.noSignals) refuse("kill", `${pid}`, "EPERM");
    return crowd.kill(pid, signal);
  }

  nodeAt(path: string, follow = true): Node {
    const { files } = this.world;
    return (follow ? files.node(path) : files.entry(path)) ?? refuse("stat", path, "ENOENT");
  }

  list(path: string): string[] {
    if (this.world.weather.noScan && path === "scan") refuse("open directory", path, "EMFILE");
    return [...(this.world.files.node(path)?.entries ?? refuse("open directory", path, "ENOENT")).keys()];
  }

  #create(path: string, kind: Node["kind"]): Node {
    const { files, weather } = this.world;
    if (files.place(path).parent === undefined) refuse("create", path, "ENOENT");
    if (weather.disk === "full") refuse("create", path, "ENOSPC");
    return files.put(path, kind)!;
  }

  #openAs(open: Open): number {
    this.world.open.set(this.#nextFd, open);
    return this.#nextFd++;
  }

  #nodeOf(fd: number): Node {
    const open = this.world.open.get(fd);
    this.world.mistakes.unless(open !== undefined && "node" in open, "a descriptor of a file");
    return open.node;
  }

  fstat(fd: number): Node {
    return this.#nodeOf(fd);
  }
}

export function simulatedOs(world: World): SupervisePorts["os"] {
  const system = new SimulatedSystem(world);
  const none = (): void => {};
  return {
    chmod: none,
    chown: none,
    setNonBlocking: none,
    setUmask: () => 0o22,
    credentials: () => ({ uid: 0, gid: 0, groups: [] }),
    makeDirectory: (path) => system.make(path, "directory"),
    makeFifo: (path) => system.make(path, "fifo"),
    now: () => world.clock.now(),
    monotonic: () => world.clock.ask(),
    lock: (fd) => system.lock(fd),
    lockOwner: () => world.weather.serviceLocked ? ANOTHER : undefined,
    kill: (pid, signal) => system.kill(pid, signal),
    find: (path) => {
      const node = world.files.node(path);
      return node && statusOf(node);
    },
    stat: (path) => statusOf(system.nodeAt(path)),
    lstat: (path) => statusOf(system.nodeAt(path, false)),
    fstat: (fd) => statusOf(system.fstat(fd)),
    readLink: (path) => system.nodeAt(path, false).content,
    listDirectory: (path) => system.list(path),
    readFile: (path) => system.nodeAt(path).content,
    writeFile: (path, content) => system.writeFile(path, content),
    replaceFile: (path, content) => system.replaceFile(path, content),
    rename: () => assert.fail("not needed by a supervisor"),
    truncate: (fd, size) => {
      const node = system.fstat(fd);
      node.content = node.content.slice(0, size);
    },
    unlink: (path) => system.unlink(path),
    open: (path, flags) => system.open(path, flags),
    pipe: () => system.pipe(),
    close: (fd) => system.close(fd),
    read: (fd, into) => system.read(fd, into),
    write: (fd, from) => system.write(fd, from),
  };
}
