import { deepEqual, equal } from "node:assert/strict";
import { ProcessImage } from "../../../../lib/image/image.ts";
import { HELD_RUNNER } from "../../../../lib/overlay/rc/held_runner.ts";
import { HeldService } from "../../../../lib/overlay/rc/held_service.ts";
import { HOLDER_RIGHTS } from "../../../../lib/overlay/variable_names.ts";
import { type GeneratedFile, internalServices } from "../../../../lib/rc/internal_services.ts";
import { Failure, OsError } from "../../../../lib/report.ts";
import { reportLine } from "../../../../lib/reporter.ts";
import { SIGNAL } from "../../../../lib/signals.ts";
import type { ChildNews } from "../../../../lib/supervise/start.ts";

const SOCKET = 7;
const [[, FILES] = []] = internalServices([], { waits: false, user: undefined, rights: HOLDER_RIGHTS });
const RUN = FILES!.run as GeneratedFile & { readonly kind: "program" };
const { ends } = HELD_RUNNER.await({ fd: 5, read: () => RUN.text, keep: (fd) => fd });
const OWN_PID = 1;

/** A held service, what becomes known of it in `log`, and what the event loop has for it. */
class Stage {
  readonly log: string[] = [];
  /** What starts meet in turn; nothing: they succeed. */
  readonly refusals: string[] = [];
  process: ChildNews | undefined;
  watched: (() => void) | undefined;
  private due: (() => void)[] = [];
  readonly service: HeldService;

  constructor() {
    const { log } = this;
    this.service = new HeldService({
      name: "s6rc-oneshot-runner",
      os: { pid: OWN_PID },
      reactor: { watch: (_fd, _direction, callback) => this.watch(callback), after: (_, work) => this.after(work) },
      start: (image, news) => {
        const errno = this.refusals.shift();
        if (errno !== undefined) throw new OsError("start", "it", errno, "no room");
        this.process = news;
        log.push(`starts ${image.argv.join(" ")}`);
        return { pid: 50, forget: () => {} };
      },
      report: (...report) => log.push(reportLine(...report)),
      image: () => ProcessImage.of(["server"]),
      socket: SOCKET,
      ends,
      news: {
        running: () => log.push("runs"),
        ended: (status, failure) => log.push(`ended ${status}${failure === undefined ? "" : " with a failure"}`),
        activated: ({ pid }) => log.push(`has process ${pid}`),
      },
      release: (by) => log.push(by === "ended" ? "released" : "released to it"),
    });
  }

  private watch(callback: () => void): () => void {
    equal(this.watched, undefined, "a descriptor has one watch");
    this.watched = callback;
    return () => {
      equal(this.watched, callback, "a watch is cancelled once");
      this.watched = undefined;
    };
  }

  private after(work: () => void): () => void {
    this.due.push(work);
    return () => this.due = this.due.filter((one) => one !== work);
  }

  turn(): void {
    for (const work of this.due.splice(0)) work();
  }
}

const END: Readonly<Record<string, number | undefined>> = {
  ...{ TERM: 0, QUIT: 0, ABRT: 0, INT: SIGNAL.INT, KILL: SIGNAL.KILL, ALRM: SIGNAL.ALRM, USR1: SIGNAL.USR1 },
  ...{ HUP: undefined, WINCH: undefined, CONT: undefined, CHLD: undefined, PIPE: undefined },
};

Deno.test("a signal ends it as it would end s6-ipcserverd, or means nothing to it, however early it comes", () => {
  for (const [name, status] of Object.entries(END)) {
    for (const begins of [true, false]) {
      const stage = new Stage();
      if (!begins) stage.turn();
      stage.service.signal(SIGNAL[name as keyof typeof SIGNAL]);
      equal(stage.log.some((line) => line.startsWith("ended")), false, "a death comes a turn later");
      stage.turn();
      deepEqual(stage.log, status === undefined ? ["runs"] : ["runs", "released", `ended ${status}`], name);
      equal(stage.watched === undefined, status !== undefined);
    }
  }
});

Deno.test("while it is paused nothing is started, and signals wait, but KILL", () => {
  const stage = new Stage();
  stage.turn();
  stage.service.signal(SIGNAL.STOP);
  equal(stage.watched, undefined);
  for (const signal of [SIGNAL.HUP, SIGNAL.TERM, SIGNAL.INT]) stage.service.signal(signal);
  stage.turn();
  deepEqual(stage.log, ["runs"]);
  stage.service.signal(SIGNAL.CONT);
  stage.turn();
  deepEqual(stage.log, ["runs", "released", "ended 0"]);

  const killed = new Stage();
  killed.service.signal(SIGNAL.STOP);
  killed.service.signal(SIGNAL.KILL);
  killed.turn();
  deepEqual(killed.log, ["runs", "released", "ended 9"]);

  const goesOn = new Stage();
  goesOn.service.signal(SIGNAL.STOP);
  goesOn.turn();
  goesOn.service.signal(SIGNAL.CONT);
  goesOn.watched!();
  deepEqual(goesOn.log, ["runs", "starts server", "released to it", "has process 50"]);
});

Deno.test("a start that finds no room is tried again while the connection waits, and told once", () => {
  const stage = new Stage();
  stage.refusals.push("EAGAIN", "ENOMEM");
  stage.turn();
  stage.watched!();
  equal(stage.watched, undefined);
  stage.turn();
  stage.watched!();
  stage.turn();
  stage.watched!();
  deepEqual(stage.log, [
    "runs",
    "s6-supervise s6rc-oneshot-runner: warning: unable to start it, trying again: unable to start it: no room",
    ...["starts server", "released to it", "has process 50"],
  ]);
});

Deno.test("while a start waits for room a signal still ends it", () => {
  const stage = new Stage();
  stage.refusals.push("EAGAIN");
  stage.turn();
  stage.watched!();
  stage.service.signal(SIGNAL.TERM);
  stage.turn();
  stage.turn();
  deepEqual(stage.log.slice(2), ["released", "ended 0"]);
  equal(stage.watched, undefined);
});

Deno.test("a process that cannot become the server has died, and a line says why", () => {
  const stage = new Stage();
  stage.turn();
  stage.watched!();
  stage.process!.ended(127 << 8, new Failure(127, "no such program"));
  deepEqual(stage.log.slice(-2), ["s6-supervise s6rc-oneshot-runner: warning: no such program", `ended ${127 << 8}`]);
});

Deno.test("what has been let go of is heard of no more", () => {
  for (const leave of ["at once", "later", "dying"]) {
    const stage = new Stage();
    if (leave !== "at once") stage.turn();
    if (leave === "dying") stage.service.signal(SIGNAL.TERM);
    stage.service.forget();
    stage.service.signal(SIGNAL.TERM);
    stage.turn();
    deepEqual(stage.log.filter((line) => line !== "released"), leave === "at once" ? [] : ["runs"]);
    equal(stage.watched, undefined);
  }
});
