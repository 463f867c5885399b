// Services of s6-rc in a session, as they should be after each step: the manual in the few lines that a session needs. What is
// up by the state, what runs, and what s6-rc says of a change; computed anew each time, and naively.

import { ONESHOT_RUNNER, PIPE_HOLDER } from "../../lib/rc/places.ts";

export interface RcService {
  readonly name: string;
  readonly kind: "oneshot" | "longrun";
  /** Services, behind what bundles stand for. */
  readonly needs: readonly string[];
  readonly essential: boolean;
  /** It tells when it is ready. */
  readonly notifies: boolean;
}

export interface ChangeWish {
  readonly direction: "up" | "down";
  readonly names: readonly string[];
  readonly adds: boolean;
  readonly prunes: boolean;
  readonly stopsEssentials: boolean;
}

/** What a change exits with, and its lines in no order. */
interface ChangeOutcome {
  readonly code: number;
  readonly lines: readonly string[];
}

interface Process {
  up: boolean;
  wanted: boolean;
}

type Move = ChangeWish["direction"];

const WORDS = {
  up: { begins: "starting", done: "started", verb: "start" },
  down: { begins: "stopping", done: "stopped", verb: "stop" },
} as const;
/** What the scripts exit with that are to fail. */
const SCRIPT_FAILS = 3;

export class RcModel {
  readonly services: ReadonlyMap<string, RcService>;
  readonly up = new Set<string>();
  readonly processes = new Map<string, Process>();
  /** Longruns, and scripts as "NAME.up", that fail from now on. */
  readonly failing = new Set<string>();

  constructor(own: readonly RcService[], readonly bundles: ReadonlyMap<string, readonly string[]>) {
    const internal = [ONESHOT_RUNNER, PIPE_HOLDER].map((name): RcService => ({
      name,
      kind: "longrun",
      needs: [],
      essential: true,
      notifies: true,
    }));
    const needing = own.map((one) => one.kind === "oneshot" ? { ...one, needs: [...one.needs, ONESHOT_RUNNER] } : one);
    this.services = new Map([...internal, ...needing].map((service) => [service.name, service]));
    for (const { kind, name } of this.services.values()) {
      if (kind === "longrun") this.processes.set(name, { up: false, wanted: false });
    }
  }

  change(wish: ChangeWish): ChangeOutcome {
    const named = wish.names.flatMap((name) => this.bundles.get(name) ?? [name]);
    const selected = this.closed(new Set([...named, ...wish.adds ? this.up : []]), wish.direction);
    const others = new Set([...this.services.keys()].filter((name) => !selected.has(name)));
    const passes: [Move, ReadonlySet<string>][] = !wish.prunes
      ? [[wish.direction, selected]]
      : wish.direction === "up"
      ? [["down", others], ["up", selected]]
      : [["down", selected], ["up", others]];
    const lines: string[] = [];
    for (const [move, services] of passes) {
      if (!this.pass(move, services, wish.stopsEssentials, lines)) return { code: 1, lines };
    }
    return { code: 0, lines };
  }

  /** @returns false if something has failed */
  private pass(move: Move, selected: ReadonlySet<string>, stopsEssentials: boolean, lines: string[]): boolean {
    const done = new Set<string>();
    const handled = new Set<string>();
    let isFine = true;
    const due = (): string | undefined =>
      [...selected].find((name) => !handled.has(name) && this.before(name, move).every((other) => done.has(other)));
    for (let name = due(); name !== undefined; name = due()) {
      handled.add(name);
      if (this.up.has(name) === (move === "up")) done.add(name);
      else if (move === "down" && this.services.get(name)!.essential && !stopsEssentials) {
        lines.push(`s6-rc: warning: service ${name} is marked as essential, not stopping it`);
      } else if (this.transition(name, move, lines)) done.add(name);
      else isFine = false;
    }
    return isFine;
  }

  private transition(name: string, move: Move, lines: string[]): boolean {
    const { begins, done, verb } = WORDS[move];
    const { kind, notifies } = this.services.get(name)!;
    lines.push(`s6-rc: info: service ${name}: ${begins}`);
    const process = this.processes.get(name);
    let code = 0;
    if (kind === "oneshot") {
      if (this.failing.has(`${name}.${move}`)) code = SCRIPT_FAILS;
      lines.push(`${move} ${name}`);
    } else if (move === "up") {
      this.want(name, true);
      if (notifies && !process!.up) code = 1;
    } else this.want(name, false);
    if (code !== 0) {
      lines.push(`s6-rc: warning: unable to ${verb} service ${name}: command exited ${code}`);
      return false;
    }
    lines.push(`s6-rc: info: service ${name} successfully ${done}`);
    if (move === "up") this.up.add(name);
    else this.up.delete(name);
    return true;
  }

  /** A supervisor is told to have it up or down; one that fails is given up for good. */
  want(name: string, up: boolean): void {
    const process = this.processes.get(name)!;
    const fails = up && !process.up && this.failing.has(name);
    process.up = process.wanted = up && !fails;
  }

  /** It is killed. */
  lose(name: string): void {
    const process = this.processes.get(name)!;
    process.up = false;
    if (process.wanted) this.want(name, true);
  }

  /** What `s6-rc diff` prints. */
  difference(): string[] {
    return [...this.processes].filter(([name, { wanted }]) => wanted !== this.up.has(name))
      .map(([name, { wanted }]) => `${wanted ? "+" : "-"}${name}`);
  }

  private before(name: string, move: Move): readonly string[] {
    if (move === "up") return this.services.get(name)!.needs;
    return [...this.services.values()].filter(({ needs }) => needs.includes(name)).map(({ name }) => name);
  }

  private closed(selected: Set<string>, move: Move): ReadonlySet<string> {
    for (let before = -1; before < selected.size;) {
      before = selected.size;
      for (const name of [...selected]) for (const other of this.before(name, move)) selected.add(other);
    }
    return selected;
  }
}
