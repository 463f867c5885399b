// The surroundings of a running applet: its process, and the means to start others.

import { type ByteString, rawBytes } from "../lib/bytes.ts";
import { follow } from "../lib/image/follow.ts";
import type { ProcessImage } from "../lib/image/image.ts";
import type { OwnFiles } from "../lib/image/locate.ts";
import { OwnSearch, type Search } from "../lib/image/search.ts";
import type { SpawnedChild, Unawaited } from "../lib/image/start.ts";
import type { Os, Reactor } from "../lib/os/os.ts";
import type { EnvironmentStore } from "../lib/overlay/environment_store.ts";
import type { Parts } from "../lib/os/parts.ts";
import type { Ended } from "../lib/os/ended.ts";
import type { Question } from "../lib/os/question.ts";
import { about, EXIT, exitCodeOf } from "../lib/report.ts";
import type { WaitStatus } from "../lib/wait_status.ts";
import type { Answering } from "./answering.ts";
import type { Answered, Context, Course, CourseCommand, GivePipe, Running, Sight } from "./applet.ts";
import { asksForHelp, callOf } from "./links.ts";
import { printError, printFailure } from "./print.ts";
import type { Surroundings } from "./surroundings.ts";

/** What comes of these is a descriptor that no other program is to have. */
const OPENING: ReadonlySet<CourseCommand["way"]> = new Set(["readAside", "supply"]);

export class RunningContext implements Context {
  readonly os: Os;
  readonly own: OwnFiles;
  private readonly search: Search;

  constructor(
    private readonly surroundings: Surroundings,
    readonly name: string,
    readonly image: ProcessImage,
  ) {
    this.os = surroundings.os;
    this.own = surroundings.applets;
    this.search = new OwnSearch(surroundings.os, surroundings.applets);
  }

  reactor(): Reactor {
    return this.surroundings.reactor();
  }

  part<Name extends keyof Parts>(name: Name): PromiseLike<Parts[Name]> {
    return this.surroundings.loadPart[name]();
  }

  answering(sight: Sight): (question: Question) => Answered | undefined {
    let answering: Answering | undefined;
    import("./answering.ts").then(({ Answering }) => answering = new Answering(this.surroundings, sight));
    return (question) => answering?.answer(question);
  }

  useStore(store: EnvironmentStore): void {
    this.surroundings.applets.store = store;
  }

  givePipes(give: GivePipe): void {
    this.surroundings.starting().givePipe = give;
  }

  warn(text: string): void {
    printError(this.os, this.name, "warning", text);
  }

  print(text: ByteString | Uint8Array<ArrayBuffer>): void {
    if (text.length === 0) return;
    about("write to", "stdout", () => this.os.writeAll(1, typeof text === "string" ? rawBytes(text) : text));
  }

  spawn(image: ProcessImage): number;
  spawn(image: ProcessImage, unawaited: Unawaited): SpawnedChild;
  spawn(image: ProcessImage, unawaited?: Unawaited): number | SpawnedChild {
    const starting = this.surroundings.starting();
    return unawaited === undefined ? starting.awaited(image, this.name) : starting.unawaited(image, unawaited);
  }

  async follow<Result>(course: Course<Result>): Promise<Result> {
    let next = course.next();
    // What the launcher has run in our place.
    for (const ended of this.surroundings.takeResults()) {
      // Other programs are not to have what it was told to leave open.
      if (!next.done && OPENING.has(next.value.way)) this.os.setCloseOnExec(ended.status, true);
      next = course.next(ended);
    }
    while (!next.done) next = await this.advance(course, next.value);
    return next.value;
  }

  private async advance<Result>(
    course: Course<Result>,
    command: CourseCommand,
  ): Promise<IteratorResult<CourseCommand, Result>> {
    let ended: Ended;
    try {
      ended = command.way === "run"
        ? { status: await this.runToEnd(command.image), text: "" }
        : (await import("./course_commands.ts")).carryOut(this, command);
    } catch (error) {
      return course.throw(error);
    }
    return course.next(ended);
  }

  async runToEnd(image: ProcessImage): Promise<WaitStatus> {
    const inside = this.insideProcess(image);
    if (inside !== undefined) return await this.runInside(inside.applet, inside.image) << 8;
    return this.os.wait(this.spawn(image));
  }

  /** The utility the image comes down to, if running it in this process makes no difference. */
  private insideProcess(image: ProcessImage): { applet: Running; image: ProcessImage } | undefined {
    if (asksForHelp(image)) return undefined;
    try {
      const end = follow(this.search, this.surroundings.applets.strict, image);
      // Steps taken on the way change the process: only one without any may run in here.
      if (end.kind !== "program" || end.ours === undefined || end.image.steps.length > 0) return undefined;
      const applet = this.surroundings.applets.get(end.ours);
      return applet?.kind === "utility" && applet.inProcess ? { applet, image: end.image } : undefined;
    } catch {
      return undefined;
    }
  }

  private async runInside(applet: Running, image: ProcessImage): Promise<number> {
    try {
      const outcome = await applet.run(
        new RunningContext(this.surroundings, applet.name, image),
        callOf(applet, image),
      );
      return typeof outcome === "number" ? outcome : EXIT.bug;
    } catch (error) {
      printFailure(this.os, applet.name, applet, error);
      return exitCodeOf(error);
    }
  }
}
