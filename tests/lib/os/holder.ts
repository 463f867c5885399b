// Processes beside a test of the door: one that holds a lease, one that looks as another user, one that looks in a mount
// namespace of its own.

import assert from "node:assert/strict";

interface Holder extends AsyncDisposable {
  /** The next line it prints. */
  line(): Promise<string>;
}

const LEASE = `
import fcntl, os, signal, sys
fcntl.fcntl(os.open(sys.argv[1], os.O_RDWR), fcntl.F_SETLEASE, fcntl.F_WRLCK)
signal.signal(signal.SIGIO, signal.SIG_IGN)
print("ready", flush=True)
sys.stdin.read()
`;
import { ownNamespaces } from "../../../scripts/namespaces.ts";

const look = (body: string): string => `
const { door } = await import("${new URL("../../../lib/os/door.ts", import.meta.url)}");
const { pretend } = await import("${new URL("../../../lib/os/path_walk.ts", import.meta.url)}");
const { syscall } = await import("${new URL("../../../lib/os/libc.ts", import.meta.url)}");
const { SYS } = await import("${new URL("../../../lib/os/syscall_numbers.ts", import.meta.url)}");
const outcome = (call) => { try { return call(); } catch (error) { return error.errno; } };
const path = Deno.args[0];
${body}
console.log("ready");
`;

const USER = look(`
syscall(SYS.setresuid, 65534, 65534, 65534);
console.log(outcome(() => door.readHead(path, 10)));
`);

const MOUNT = look(`
const parent = path.slice(0, path.lastIndexOf("/"));
Deno.writeTextFileSync(path + "/inside", "content");
const held = door.hold(parent);
const inside = door.hold(path);
console.log(JSON.stringify({
  find: outcome(() => door.find("directory", held)),
  below: outcome(() => door.readHead("directory/inside", 10, held)),
  list: outcome(() => door.list("directory", 10, held)),
  up: outcome(() => door.find("../file", inside)),
  absolute: outcome(() => door.find(path)),
  refused: outcome(() => door.hold("directory", held)),
  crossed: door.readHead("inside", 10, door.hold("directory", held, { mounts: "cross" })),
}));
`);

const MOUNTING = 'mount -t tmpfs none "$1" && shift && exec "$@"';

/** Starts one and waits until it is ready; "user" and "mount" have printed what they saw by then. */
export async function startHolder(kind: "lease" | "user" | "mount", path: string): Promise<Holder> {
  const deno = [Deno.execPath(), "eval", "--ext=ts"];
  const commands: Readonly<Record<typeof kind, string[]>> = {
    lease: ["python3", "-c", LEASE, path],
    user: [...deno, USER, path],
    mount: [...ownNamespaces("mount"), "sh", "-c", MOUNTING, "sh", path, ...deno, MOUNT, path],
  };
  const [command = "", ...args] = commands[kind];
  const child = new Deno.Command(command, { args, stdin: "piped", stdout: "piped" }).spawn();
  const lines: string[] = [];
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const line = async (): Promise<string> => {
    while (!text.includes("\n")) {
      const { value, done } = await reader.read();
      if (done) return text;
      text += value;
    }
    const end = text.indexOf("\n");
    const first = text.slice(0, end);
    text = text.slice(end + 1);
    return first;
  };
  for (let next = await line(); next !== "ready"; next = await line()) {
    assert.notEqual(next, "", `${kind} has ended`);
    lines.push(next);
  }
  return {
    line: () => Promise.resolve(lines.shift() ?? ""),
    [Symbol.asyncDispose]: async () => {
      await child.stdin.close();
      await reader.cancel();
      await child.status;
    },
  };
}
