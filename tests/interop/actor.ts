// A service of a session, as it should be after each step: the rules of the original in the few lines that a session
// needs. What both supervisors show is compared with each other; this says when to look.

/** The commands of s6-svc that send a signal which a service of a session notes and survives. */
export const NOTED: Readonly<Record<string, string>> = {
  h: "HUP",
  i: "INT",
  q: "QUIT",
  a: "ALRM",
  b: "ABRT",
  1: "USR1",
  2: "USR2",
  y: "WINCH",
};

/** What a service is like. */
export interface Traits {
  readonly name: string;
  /** The descriptor on which it tells that it is ready. */
  readonly notifies: number | undefined;
  /** It tells at once, not when it is asked to. */
  readonly eager: boolean;
  /** No finish script; one that ends at once; one that ends when it is let go; one that gives up for good. */
  readonly finish: "none" | "quick" | "held" | "permanent";
  /** It ignores TERM: timeout-kill has to end it. */
  readonly deaf: boolean;
  /** It is stopped by USR1, and exits 9 then. */
  readonly usr1: boolean;
  /** It exits as soon as it is started. */
  readonly brief: boolean;
  readonly locked: boolean;
  readonly tally: number | undefined;
  readonly down: boolean;
  /** It copies what its service says into a file. */
  readonly isLogger: boolean;
}

export class Actor {
  phase: "unsupervised" | "down" | "up" | "finish" = "unsupervised";
  /** Its supervisor ends when it is down. */
  last = false;
  wantedUp = false;
  hasDownFile: boolean;
  paused = false;
  ready = false;
  private dying = false;
  /** It runs on without a supervisor. */
  orphaned = false;
  /** It was sent letters of which nothing shows: whether it has obeyed them yet cannot be seen. */
  unseen = false;
  /** The events that a listener has heard. */
  events = "";
  /** The signals that it has noted. */
  heard = "";
  /** What it has said. */
  said = "";

  /** @param replaced whether a scanner opens a new supervisor for it when the old one ends */
  constructor(readonly traits: Traits, public replaced: boolean) {
    this.hasDownFile = traits.down;
  }

  get name(): string {
    return this.traits.name;
  }

  /** A supervisor begins. */
  begin(): void {
    this.events += "s";
    this.last = false;
    this.phase = "down";
    this.wantedUp = !this.hasDownFile;
    if (this.wantedUp) this.start();
  }

  start(): void {
    this.events += "u";
    this.phase = "up";
    if (this.traits.brief) return this.die();
    if (!this.traits.isLogger) this.said += "up\n";
    if (this.traits.eager) this.becomeReady();
  }

  becomeReady(): void {
    this.ready = true;
    this.events += "U";
  }

  die(): void {
    this.dying = false;
    this.events += "d";
    this.ready = this.paused = false;
    this.phase = "finish";
    if (this.traits.finish !== "held") this.endFinish();
  }

  endFinish(): void {
    const failed = this.traits.finish === "permanent";
    this.events += failed ? "OD" : "D";
    this.phase = "down";
    if (failed) this.wantedUp = false;
    if (this.last) this.end();
    else if (this.wantedUp) this.start();
  }

  /** Its supervisor ends. */
  end(): void {
    this.events += "x";
    this.orphaned = this.phase === "up";
    this.ready = this.paused = false;
    this.phase = "unsupervised";
    if (this.replaced) this.begin();
  }

  /** Command letters arrive. A death that they bring about is seen when all of them have been obeyed. */
  obey(letters: string): void {
    const before = this.shown;
    for (const letter of letters) this.obeyOne(letter);
    if (this.dying) this.die();
    this.unseen = this.shown === before;
  }

  private get shown(): string {
    return [this.phase, this.wantedUp, this.hasDownFile, this.ready, this.paused, this.events, this.heard].join(" ");
  }

  private obeyOne(letter: string): void {
    if (this.phase === "unsupervised") return;
    const up = this.phase === "up";
    if (letter in NOTED) return up ? this.note(NOTED[letter]!) : undefined;
    switch (letter) {
      case "k":
        return this.mayDie(up);
      case "t":
      case "r":
        return this.mayDie(up && !this.traits.deaf);
      case "p":
      case "c":
        if (up) this.paused = letter === "p";
        return;
      case "x":
        if (this.phase === "down") return this.end();
        this.last = true;
        return;
      default:
        return this.want(letter);
    }
  }

  /** SIGTERM to its supervisor. */
  stopForGood(): void {
    if (this.phase === "down") return this.end();
    this.last = true;
    if (this.phase === "up") this.obey("d");
  }

  private mayDie(dies: boolean): void {
    this.dying ||= dies;
  }

  private want(letter: string): void {
    if ("DQ".includes(letter)) this.hasDownFile = true;
    if (letter === "U") this.hasDownFile = false;
    this.wantedUp = "uU".includes(letter);
    if (this.phase === "down" && "uUo".includes(letter)) this.start();
    else if (this.phase === "up" && "dD".includes(letter)) this.mayDie(true);
  }

  private note(signal: string): void {
    if (this.traits.usr1 && signal === "USR1") return this.mayDie(true);
    // A logger notes nothing: all these end it.
    if (this.traits.isLogger) return signal === "WINCH" ? undefined : this.mayDie(true);
    this.heard += `${signal} `;
  }
}
