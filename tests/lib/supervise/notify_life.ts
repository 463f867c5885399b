// A simulated service that speaks systemd's notify protocol, for tests of what its messages bring about.

import { Environment } from "../../../lib/environment.ts";
import type { NotifyTold } from "../../../lib/supervise/ports.ts";
import type { Service } from "../../../lib/supervise/service.ts";
import { decodeStatus } from "../../../lib/supervise/status.ts";
import { Supervisor } from "../../../lib/supervise/supervisor.ts";
import type { CrowdProcess } from "../../simulation/crowd.ts";
import { World } from "../../simulation/world.ts";

/** Whose processes they are. */
export const USER = 1000;
/** A process in a session of its own. */
export const STRANGER = 77;

/** A service that speaks the protocol, up and not yet ready. */
export class NotifyLife {
  readonly world: World = new World();
  readonly supervisor: Supervisor;

  constructor(files: Readonly<Record<string, string>> = {}) {
    const { world } = this;
    world.files.put("svc/data", "directory");
    world.files.put("svc/data/overlay", "directory");
    for (const [name, content] of Object.entries({ "data/overlay/notify-socket": "", ...files })) {
      world.files.put(`svc/${name}`, "file", content);
    }
    this.supervisor = Supervisor.open(world.ports, {
      name: "web",
      directory: "svc",
      environment: Environment.of(["WATCHDOG_PID=1", "WATCHDOG_USEC=1", "NOTIFY_SOCKET=/another"]),
      streams: () => ({}),
      detach: () => {},
      onEnd: () => {},
    });
    this.supervisor.begin();
    this.pass(0);
  }

  get service(): Service {
    return this.supervisor.service;
  }

  get told(): NotifyTold | undefined {
    return this.supervisor.told;
  }

  get run(): CrowdProcess {
    return this.world.children[0]!;
  }

  get address(): string {
    return this.world.sockets.addresses()[0]!;
  }

  /** What the status file says of readiness. */
  get isReady(): boolean | undefined {
    return decodeStatus(this.world.files.get("svc/supervise/status")!)?.ready;
  }

  pass(milliseconds: number, late = false): void {
    this.world.pass(milliseconds, late);
    this.world.check();
  }

  /** Its own process sends these. */
  sends(...messages: string[]): void {
    this.sendsAs(this.run.pid, ...messages);
  }

  sendsAs(pid: number, ...messages: string[]): void {
    for (const text of messages) this.world.sockets.send(this.address, { text, pid, uid: USER });
    this.world.poll();
  }

  /** There is a process of another session. */
  sessionOfStranger(): void {
    this.world.sockets.sessions.set(STRANGER, STRANGER);
  }

  dies(status = 0): void {
    this.world.die(this.run, status);
    this.world.ports.reaper.reap();
  }
}
