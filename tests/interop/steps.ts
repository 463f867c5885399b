// The steps that a session takes with one service: letters, orders to the service itself, its files, and questions. A
// step is drawn from those that have one outcome only, told to the model, and written down with what to wait for.

import type { Random } from "../random/random.ts";
import { type Actor, NOTED } from "./actor.ts";

const LETTERS = {
  down: ["u", "U", "o", "o", "O", "d", "D", "Q", "x", "h", "k", "uO"],
  up: [
    "d",
    "d",
    "D",
    "u",
    "U",
    "o",
    "O",
    "Q",
    "x",
    "k",
    "t",
    "r",
    "r",
    "p",
    "du",
    "dx",
    "kd",
    "Ou",
    ...Object.keys(NOTED),
  ],
  paused: ["c", "p", "d", "k", "pc", "O", "u", "cp", "kd"],
  finish: ["u", "o", "O", "d", "D", "U", "Q", "x", "k", "h"],
} as const;

/** Wait in vain no longer than this, in milliseconds. */
export const LIMIT = 30_000;

export class SessionSteps {
  readonly lines: string[] = [];

  /** @param logger the one that hears the first of them */
  constructor(readonly random: Random, private readonly actors: readonly Actor[], private readonly logger?: Actor) {}

  /** A tool of one set or the other. */
  tool(...words: readonly string[]): void {
    this.lines.push(`${this.random.pick(["a", "b"])} ${words.join(" ")}`);
  }

  /** One step with a service that is supervised. */
  step(actor: Actor): void {
    const { random } = this;
    const kind = random.pick(["letters", "letters", "letters", "order", "ask", "ask", "files"] as const);
    if (kind === "letters") this.letters(actor);
    else if (kind === "order") this.order(actor);
    else if (kind === "ask") this.ask(actor);
    else this.touch(actor);
    this.settle(actor);
  }

  /** Waits until the service is where it should be. */
  settle(actor: Actor): void {
    const up = actor.phase === "up";
    const flags = [up, actor.wantedUp, !actor.hasDownFile, up && actor.ready, actor.paused];
    const state = actor.phase === "unsupervised" ? "-" : flags.join(" ");
    this.lines.push(`settled ${actor.name} '${actor.events}' '${state}'`);
    if (actor.traits.isLogger || actor.traits.brief) return this.settleLog();
    if (up) this.lines.push(`awake ${actor.name}`);
    if (actor.heard !== "" && !actor.paused) this.lines.push(`shortly has_noted ${actor.name} '${actor.heard}'`);
    this.settleLog();
  }

  private settleLog(): void {
    const [speaker] = this.actors;
    if (this.logger?.phase !== "up" || this.logger.paused || speaker === undefined || speaker.said === "") return;
    this.lines.push(`shortly has_logged ${this.logger.name} '${speaker.said.trimEnd()}'`);
  }

  /** Lets a finish script that is held go on. */
  release(actor: Actor): void {
    this.lines.push(`echo >${actor.name}/go`);
    actor.endFinish();
  }

  private letters(actor: Actor): void {
    const { random } = this;
    if (actor.phase === "finish" && random.chance(0.5)) return this.release(actor);
    const letters = random.pick(lettersFor(actor));
    const before = actor.events.length;
    actor.obey(letters);
    const events = actor.events.slice(before);
    const wait = this.waitFor(actor, events);
    if (/^[du]/.test(events) && random.chance(0.15)) return this.listen(actor, letters, events);
    const options = wait !== undefined && random.chance(0.5) ? [`-w${wait}`, "-T", `${LIMIT}`] : [];
    this.tool("s6-svc", ...options, `-${letters}`, actor.name);
  }

  /** What to wait for with -w, given the events to come. */
  private waitFor(actor: Actor, events: string): string | undefined {
    if (/^u/.test(events)) return actor.traits.eager && this.random.chance(0.5) ? "U" : "u";
    if (isRestart(events)) return undefined;
    if (/^d.*D/.test(events)) return this.random.pick(["d", "D"]);
    return /^d/.test(events) ? "d" : undefined;
  }

  /** The same, heard by a listener that starts it. */
  private listen(actor: Actor, letters: string, events: string): void {
    const send = `${this.random.pick(["A", "B"])}/s6-svc -${letters} ${actor.name}`;
    const kinds = [
      "s6-ftrig-listen1",
      "s6-ftrig-listen",
      ...(isRestart(events) ? [] : ["s6-svlisten1", "s6-svlisten"]),
    ];
    const kind = this.random.pick(kinds);
    const goal = events.startsWith("u") ? "-u" : "-d";
    const pattern = Array.from(events).join(".*");
    const event = `${actor.name}/event`;
    if (kind === "s6-svlisten1") this.tool(kind, goal, "-t", `${LIMIT}`, actor.name, send);
    else if (kind === "s6-svlisten") this.tool(kind, goal, "-t", `${LIMIT}`, `' ${actor.name}'`, "''", send);
    else if (kind === "s6-ftrig-listen1") this.tool(kind, "-t", `${LIMIT}`, event, `'${pattern}'`, send);
    else this.tool(kind, "-t", `${LIMIT}`, `' ${event}'`, `' ${pattern}'`, "''", send);
  }

  /** Something that the service does by itself, or that happens to it. */
  private order(actor: Actor): void {
    const { random } = this;
    if (actor.phase === "finish") return this.release(actor);
    if (actor.phase !== "up" || actor.paused) return this.ask(actor);
    if (actor.traits.isLogger) return this.strike(actor, "KILL");
    const order = random.pick(["exit", "say", "say", "strike", "ready", "ready"] as const);
    if (order === "strike") return this.strike(actor, random.pick(["KILL", "SEGV", "XCPU"]));
    if (order === "exit") {
      this.lines.push(`echo exit ${random.pick([0, 1, 9, 100, 111, 255])} >${actor.name}/orders`);
      return actor.die();
    }
    if (order === "say" || actor.traits.notifies === undefined || actor.ready) {
      const word = `word${random.below(1000)}`;
      this.lines.push(`echo say ${word} >${actor.name}/orders`);
      actor.said += `${word}\n`;
      return;
    }
    this.lines.push(`echo ready >${actor.name}/orders`);
    actor.becomeReady();
  }

  private strike(actor: Actor, signal: string): void {
    this.lines.push(`kill -${signal} $($THEIRS/s6-svstat -o pid ${actor.name})`);
    actor.die();
  }

  private ask({ name, phase }: Actor): void {
    const fields = "up,wantedup,normallyup,ready,paused,exitcode,signal,signum";
    const goals = { up: ["u"], down: ["d", "D"], finish: ["d"], unsupervised: [] }[phase];
    const ask = this.random.pick(
      ["stat", "stat", "letters", "wait", "vain", "deaths", "forget", "modes", "ok"] as const,
    );
    switch (ask) {
      case "stat":
        return this.tool("s6-svstat", "-o", fields, name);
      case "letters":
        return this.tool("s6-svstat", "-uwNres", name);
      case "wait":
        return this.tool("s6-svwait", "-t", `${LIMIT}`, `-${this.random.pick(goals)}`, name);
      case "vain":
        return this.tool("s6-svwait", "-t", "2000", phase === "up" ? "-d" : "-u", name);
      case "deaths":
        this.tool("s6-svdt", this.random.pick(["", "-n 2", "-s"]), name, "| deaths");
        return;
      case "forget":
        return this.tool("s6-svdt-clear", name);
      case "modes":
        return this.tool("s6-svperms", this.random.pick(["-v", "-u", "-e", "-o"]), name);
      case "ok":
        return this.tool("s6-svok", name);
    }
  }

  private touch(actor: Actor): void {
    // It may still be about to make or remove the file itself.
    if (actor.unseen) return this.ask(actor);
    if (actor.traits.brief || this.random.chance(0.3)) {
      this.lines.push(`mkfifo ${actor.name}/event/ftrig1:@40000000000000000000000b:stale0 2>/dev/null`);
      return;
    }
    actor.hasDownFile = !actor.hasDownFile;
    this.lines.push(actor.hasDownFile ? `: >${actor.name}/down` : `rm ${actor.name}/down`);
  }
}

/**
 * It may be up again before its status is read: a process that waits for that may not see it down. The events tell
 * of both.
 */
function isRestart(events: string): boolean {
  return /^d[^x]*u/.test(events);
}

/** The letters with one outcome only. */
function lettersFor({ phase, paused, traits, last }: Actor): readonly string[] {
  if (phase === "unsupervised") return [];
  const letters: readonly string[] = LETTERS[phase === "up" && paused ? "paused" : phase];
  return letters.filter((word) => {
    // A service that ends at once would be started again and again.
    if (traits.brief && traits.finish !== "permanent" && traits.finish !== "held" && /[uU]/.test(word)) return false;
    // Wanted up while its finish script declares that it has failed: the last word is the script's.
    if (traits.brief && word === "uO") return false;
    // Its supervisor is about to end: whether it obeys depends on which is faster.
    return !(last && word.length > 1);
  });
}
