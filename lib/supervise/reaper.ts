// One reaper for every child of the process, orphans included: supervision, scripts and commands say which pids they
// wait for, and all other dead children are reaped silently, as process 1 must.

import type { Cancel, Os, Reactor } from "../os/os.ts";
import { SIGNAL } from "../signals.ts";
import type { WaitStatus } from "../wait_status.ts";

type OnDeath = (status: WaitStatus) => void;

export class Reaper {
  readonly #expected = new Map<number, OnDeath>();
  readonly #unsubscribe: Cancel;

  constructor(private readonly os: Pick<Os, "reap">, reactor: Pick<Reactor, "onSignal">) {
    this.#unsubscribe = reactor.onSignal(SIGNAL.CHLD, () => this.reap());
  }

  /**
   * Calls back once, when this child has died. To be called before control returns to the reactor after the spawn,
   * or the death may already have been taken for a stranger's.
   */
  expect(pid: number, callback: OnDeath): Cancel {
    this.#expected.set(pid, callback);
    return () => {
      if (this.#expected.get(pid) === callback) this.#expected.delete(pid);
    };
  }

  /** Takes in every child that is dead by now. A pid is free for others only from here on, when all have been told. */
  reap(): void {
    for (let death = this.os.reap(); death !== undefined; death = this.os.reap()) {
      const callback = this.#expected.get(death.pid);
      if (callback === undefined) continue;
      this.#expected.delete(death.pid);
      callback(death.status);
    }
  }

  /** Stops listening for deaths. */
  close(): void {
    this.#unsubscribe();
  }
}
