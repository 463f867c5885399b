// A session of s6-rc and s6-svc on a live tree, made from its seed alone: a shell script, and what it should print by the model.
// Lines of one step come in any order, so that they are sorted; every step ends when what it brings about can be seen.

import { ONESHOT_RUNNER, PIPE_HOLDER } from "../../lib/rc/places.ts";
import { Random } from "../random/random.ts";
import type { Given } from "../rows/harness.ts";
import { type ChangeWish, RcModel, type RcService } from "./rc_model.ts";

interface RcPlay {
  readonly files: Readonly<Record<string, Given>>;
  readonly script: string;
  readonly expected: string;
}

const STEPS = 10;
const MOST_SERVICES = 6;
const BUNDLE = "all";

export function composeRc(seed: number): RcPlay {
  return new RcSessionMaker(new Random(seed)).play();
}

function drawServices(random: Random): RcService[] {
  const services: RcService[] = [];
  const size = 2 + random.below(MOST_SERVICES - 1);
  for (let at = 0; at < size; at++) {
    services.push({
      name: `${random.pick("zyxcba".split(""))}${at}`,
      kind: random.pick(["oneshot", "longrun"]),
      needs: services.filter(() => random.chance(0.3)).map(({ name }) => name),
      essential: random.chance(0.1),
      notifies: random.chance(0.6),
    });
  }
  return services;
}

/** They lie beside the live directory, which is two above a service directory. */
const FAILS = "../../../fails";

function filesOf({ name, kind, needs, essential, notifies }: RcService): Record<string, Given> {
  const script = (move: string): string =>
    `sh -c "echo ${move} ${name}; test ! -e ${FAILS}/${name}.${move} || exit 3"\n`;
  const run = `#!/bin/sh\ntest ! -e ${FAILS}/${name} || exit 1\n${notifies ? "echo >&3\n" : ""}exec sleep 1000\n`;
  const own: Record<string, Given> = kind === "oneshot"
    ? { up: script("up"), down: script("down"), reload: `echo reload ${name}\n` }
    : { run, finish: "#!/bin/sh\ntest $1 != 1 || exit 125\n", ...notifies ? { "notification-fd": "3\n" } : {} };
  const files: Record<string, Given> = {
    type: `${kind}\n`,
    dependencies: needs.map((need) => `${need}\n`).join(""),
    ...own,
    ...essential ? { "flag-essential": "" } : {},
  };
  return Object.fromEntries(Object.entries(files).map(([file, given]) => [`src/${name}/${file}`, given]));
}

class RcSessionMaker {
  private readonly own: readonly RcService[];
  private readonly contents: readonly string[];
  private readonly model: RcModel;
  private readonly lines: string[] = [];
  private readonly expected: string[] = [];

  constructor(private readonly random: Random) {
    this.own = drawServices(random);
    this.contents = this.own.filter(() => random.chance(0.5)).map(({ name }) => name);
    this.model = new RcModel(this.own, new Map([[BUNDLE, this.contents]]));
  }

  play(): RcPlay {
    for (let step = 0; step < STEPS; step++) this.step();
    this.settle(true);
    const files: Record<string, Given> = Object.assign({}, ...this.own.map(filesOf));
    files[`src/${BUNDLE}/type`] = "bundle\n";
    files[`src/${BUNDLE}/contents`] = this.contents.map((name) => `${name}\n`).join("");
    return { files, script: this.lines.join("\n"), expected: `${this.expected.join("\n")}\n` };
  }

  private step(): void {
    const { random } = this;
    const chance = random.next();
    if (chance < 0.6) this.changes();
    else if (chance < 0.75) this.commands();
    else if (chance < 0.88) this.fails();
    else if (chance < 0.92) this.unknown();
    else if (chance < 0.96) this.reloads();
    else this.together();
    this.settle();
  }

  private says(command: string, lines: readonly string[], code: number): void {
    this.lines.push(`say '${command}'`);
    this.expected.push(`# ${command}`, ...lines.toSorted(), `= ${code}`);
  }

  private names(): string[] {
    const all = [...this.own.map(({ name }) => name), BUNDLE];
    return Array.from({ length: this.random.below(3) }, () => this.random.pick(all));
  }

  private changes(): void {
    const { random, model } = this;
    const names = this.names();
    if (random.chance(0.2)) {
      const word = random.pick(["start", "stop"]);
      const direction = word === "start" ? "up" : "down";
      const { lines, code } = model.change({ direction, names, adds: false, prunes: false, stopsEssentials: false });
      return this.says(["rc", word, ...names].join(" "), lines, code);
    }
    const letter = random.pick(["u", "u", "u", "d", "d", "D"]);
    const wish: ChangeWish = {
      direction: letter === "u" ? "up" : "down",
      names,
      adds: random.chance(0.2),
      prunes: random.chance(0.2),
      stopsEssentials: letter === "D",
    };
    const { lines, code } = model.change(wish);
    const options = `-${letter}${wish.adds ? "a" : ""}${wish.prunes ? "p" : ""}`;
    this.says(["rc", options, "change", ...names].join(" "), lines, code);
  }

  /** s6-svc behind the back of s6-rc. */
  private commands(): void {
    const { random, model } = this;
    const longruns = this.own.filter(({ kind }) => kind === "longrun");
    if (longruns.length === 0) return this.unknown();
    const { name } = random.pick(longruns);
    const letter = random.pick(["u", "d", "k"]);
    const process = model.processes.get(name)!;
    const before = process.up;
    const dies = letter === "u" && !before && model.failing.has(name);
    if (letter === "k") model.lose(name);
    else model.want(name, letter === "u");
    // Its successor is another process.
    if (letter === "k" && before) this.lines.push(`p=$(s6-svstat -o pid live/servicedirs/${name})`);
    // It is down before and afterwards.
    if (dies) this.lines.push(`d=$(deaths ${name})`);
    this.says(`s6-svc -${letter} live/servicedirs/${name}`, [], 0);
    if (dies) this.lines.push(`until test $(deaths ${name}) != $d; do sleep 0.02; done`);
    if (letter === "k" && before) {
      this.lines.push(`until test $(s6-svstat -o pid live/servicedirs/${name}) != $p; do sleep 0.02; done`);
    }
  }

  private fails(): void {
    const { random, model } = this;
    const { name, kind } = random.pick(this.own);
    const what = kind === "longrun" ? name : `${name}.${random.pick(["up", "down"])}`;
    const wasFailing = model.failing.delete(what);
    if (!wasFailing) model.failing.add(what);
    this.says(`${wasFailing ? "rm" : "touch"} fails/${what}`, [], 0);
  }

  private unknown(): void {
    const { name } = this.random.pick(this.own);
    const text = "s6-rc: fatal: nobody is not a recognized identifier in DIR/live/resolve.cdb";
    this.says(`rc -u change ${name} nobody`, [text], 3);
  }

  private reloads(): void {
    const oneshots = this.own.filter(({ kind }) => kind === "oneshot");
    if (oneshots.length === 0 || !this.model.processes.get(ONESHOT_RUNNER)!.up) return this.unknown();
    const { name } = this.random.pick(oneshots);
    this.says(`rc reload ${name}`, [`reload ${name}`, `s6-rc: info: service ${name} successfully reloaded`], 0);
  }

  /** One waits for the other. */
  private together(): void {
    const { model, random } = this;
    if (model.failing.size > 0) return this.changes();
    const names = [random.pick(this.own).name, random.pick(this.own).name];
    const wish = { direction: "up", adds: false, prunes: false, stopsEssentials: false } as const;
    const { lines } = model.change({ ...wish, names });
    this.says(`together ${names.join(" ")}`, lines, 0);
  }

  /** What runs; in the end, and in between, what is up and what differs. */
  private settle(isLast = false): void {
    const { model } = this;
    for (const [name, { up, wanted }] of model.processes) {
      if (name === PIPE_HOLDER || name === ONESHOT_RUNNER) continue;
      this.lines.push(`await ${name} "${up} ${wanted}"`);
    }
    if (!this.random.chance(0.5) && !isLast) return;
    this.lines.push("tell");
    const difference = model.difference();
    this.expected.push(
      ...[...model.up].toSorted(),
      "--",
      ...difference.toSorted(),
      `= ${difference.length > 0 ? 1 : 0}`,
    );
  }
}
