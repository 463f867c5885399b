// The socket at which process 1 answers: what it tells is as declared, who may ask it what, and that nobody who asks
// badly, or does not read, holds it up.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { byteString, rawBytes } from "../../lib/bytes.ts";
import { sockets } from "../../lib/os/socket.ts";
import { files } from "../../lib/os/file.ts";
import type { Snapshot } from "../../lib/overlay/journal/snapshot.ts";
import type { CollectedProcess } from "../../scripts/container_process.ts";
import { faultsOfDeclared } from "../scripts/declared_json.ts";
import type { Given } from "../rows/harness.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { firstProcess, limited, quickly, type Root, root, start } from "../surroundings/quick.ts";

const script = (content: string): Given => ({ content: `#!/usr/bin/with-contenv sh\n${content}\n`, mode: 0o755 });
const SECRET = "marker-of-a-secret";
const LATIN = "caf\xe9";

const FILES: Readonly<Record<string, Given>> = {
  "etc/cont-init.d/10-first": script("true"),
  "etc/services.d/web/run": script("echo >&3; exec sleep 1000"),
  "etc/services.d/web/notification-fd": "3\n",
  "etc/services.d/web/log/run": script("exec s6-cat"),
  "etc/services.d/ends/run": script("exit 3"),
  "etc/services.d/cannot/run": { content: "#!/no/such/interpreter\n", mode: 0o755 },
  "etc/services.d/off/run": script("exec sleep 1000"),
  "etc/services.d/off/down": "",
  "etc/services.d/wedged/run": script("exec sleep 1000"),
  "etc/services.d/wedged/finish": script("exec sleep 1000"),
};

const COMMAND = ["/init", "sh", "-c", `exec sleep 1000 # ${SECRET}`];

class Asked {
  constructor(readonly container: CollectedProcess, readonly pid: number) {}

  /** The answer to one message, as it came. */
  ask(message: string): string {
    const fd = this.connect();
    try {
      sockets.send(fd, rawBytes(message));
      return receiveAll(fd);
    } finally {
      files.close(fd);
    }
  }

  connect(): number {
    const fd = sockets.openSocket("messages");
    sockets.setSocketTimeout(fd, 10_000);
    // Relative to the container's root, and short enough for an address.
    sockets.connect(fd, `/proc/${this.pid}/root/run/s6/questions`);
    return fd;
  }

  snapshot(more: object = {}): Snapshot {
    return JSON.parse(this.ask(JSON.stringify({ version: 1, ask: "snapshot", ...more })));
  }

  /** The first snapshot for which this holds. */
  async until(holds: (snapshot: Snapshot) => boolean): Promise<Snapshot> {
    for (const begin = Date.now();;) {
      const snapshot = this.snapshot({ journal: true });
      if (holds(snapshot)) return snapshot;
      if (Date.now() - begin > 20_000) throw new Error(`not in 20 s: ${JSON.stringify(snapshot.services)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

function receiveAll(fd: number): string {
  const room = new Uint8Array(new ArrayBuffer(64 * 1024));
  let text = "";
  for (;;) {
    const { size } = sockets.receive(fd, room);
    if (size === 0) return new TextDecoder().decode(rawBytes(text));
    text += byteString(room.subarray(0, size));
  }
}

function inContainer(name: string, work: (asked: Asked, made: Root) => Promise<void> | void): void {
  Deno.test({
    name,
    ignore: !canIsolate,
    fn: async () => {
      await using made = await root(FILES);
      const environment = { PASSWORD: SECRET, [LATIN]: "x" };
      const container = start(made, { environment, argv: COMMAND });
      const ended = limited(container, 60_000);
      try {
        await container.printed("[services.d] done.");
        await work(new Asked(container, await firstProcess(container)), made);
      } finally {
        Deno.kill(await firstProcess(container), "SIGTERM");
        await ended;
      }
    },
  });
}

const service = (snapshot: Snapshot, name: string): Snapshot["services"][number] =>
  snapshot.services.find((each) => each.name === name)!;

inContainer("a snapshot is as it is declared, in each state of services and of the container", async (asked) => {
  const early = asked.snapshot();
  deepEqual(faultsOfDeclared("Snapshot", early), []);
  const running = await asked.until((now) =>
    service(now, "web").ready === true && service(now, "ends").looping && service(now, "cannot").trouble !== null &&
    now.container.state === "running"
  );
  deepEqual(faultsOfDeclared("Snapshot", running), []);
  deepEqual(running.services.map(({ name }) => name), [
    "cannot",
    "ends",
    "off",
    "s6-fdholderd",
    "web",
    "web/log",
    "wedged",
  ]);
  deepEqual(running.scripts.map(({ kind, name }) => [kind, name]), [["cont-init.d", "10-first"], ["command", "sh"]]);
  const { lastExit, starts } = service(running, "ends");
  deepEqual([lastExit!.code, starts >= 3], [3, true]);
  match(service(running, "cannot").trouble!, /\/no\/such\/interpreter/);
  deepEqual([service(running, "off").wanted, service(running, "off").firstStart], ["down", null]);
  ok(running.journal.some(({ subject, event }) => subject === "web" && event === "ready"));
  const down = { version: 1, ask: "do", deed: "down", services: ["wedged"] };
  const done = JSON.parse(asked.ask(JSON.stringify(down)));
  deepEqual(faultsOfDeclared("Done", done), []);
  deepEqual(done.before, [{ name: "wedged", state: "up", starts: 1, failed: false, paused: false }]);
  const finishing = await asked.until((now) => service(now, "wedged").state === "finishing");
  ok(service(finishing, "wedged").killedAt!.after > finishing.now.after);
});

inContainer("no secret of the environment or of the command's words is told", async (asked) => {
  const all = JSON.stringify(await asked.until(({ container }) => container.state === "running"));
  equal(all.includes(SECRET), false);
  equal(all.includes("sleep 1000"), false);
});

inContainer("what is no request is refused in one line, or let go of, and the next is answered", (asked) => {
  match(asked.ask("{"), /^\{"version":1,"error":"the request is no JSON object"\}$/);
  match(asked.ask(JSON.stringify({ version: 9, ask: "snapshot" })), /has version 9/);
  match(asked.ask(`{"version":1,"ask":"${"x".repeat(1000)}"}`), /no such request: x{40};/);
  equal(asked.ask("["), "");
  equal(asked.ask("GET / HTTP/1.0\r\n\r\n"), "");
  equal(asked.ask(`{${" ".repeat(70_000)}}`), "");
  deepEqual(faultsOfDeclared("Snapshot", asked.snapshot({ services: ["web", "nope"] })), []);
  deepEqual(asked.snapshot({ services: ["web", "nope"] }).services.map(({ name }) => name), ["web"]);
});

inContainer("callers that neither ask nor read hold up neither services nor others", async (asked) => {
  const held: number[] = [];
  try {
    for (let count = 0; count < 40; count++) held.push(asked.connect());
    for (const fd of held.slice(0, 20)) {
      // Those that came first have given way.
      try {
        sockets.send(fd, rawBytes(JSON.stringify({ version: 1, ask: "snapshot", journal: true })));
      } catch {
        continue;
      }
    }
    equal(asked.snapshot().version, 1);
    await asked.until((now) => service(now, "ends").starts >= 2);
  } finally {
    for (const fd of held) files.close(fd);
  }
});

/** What a user of the container may do, as the command of a container. */
async function asUser(environment: Readonly<Record<string, string>>, words: string): Promise<string> {
  await using made = await root({ ...FILES, "etc/group": "root:x:0:\nstatus:x:77:\n" });
  const argv = ["/init", "sh", "-c", words];
  const { stdout, stderr } = await quickly(made, { environment: { ...environment, S6_VERBOSITY: "1" }, argv });
  return `${stdout}${stderr}`.trim();
}

const HEALTH = (groups: string): string =>
  `s6-applyuidgid -u 1000 -g 1000 -G ${groups} s6-overlay healthy off; echo "code $?"`;

Deno.test({
  name: "another user may not ask, and is told what to do; a member of the group may",
  ignore: !canIsolate,
  fn: async () => {
    const refused = await asUser({}, HEALTH("77"));
    match(refused, /not healthy: only root and the user of process 1 may ask it: .* S6_STATUS_GROUP .*\ncode 1$/m);
    const answered = await asUser({ S6_STATUS_GROUP: "status" }, HEALTH("77"));
    match(answered, /^not healthy: service off is down, as is wanted\ncode 1$/m);
    match(await asUser({ S6_STATUS_GROUP: "status" }, HEALTH("78")), /may ask it/);
    match(await asUser({ S6_STATUS_GROUP: "nope" }, "true"), /S6_STATUS_GROUP="nope": no such group in \/etc\/group/);
  },
});
