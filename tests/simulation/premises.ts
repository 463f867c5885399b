// The scan directory of a simulated world, and how it changes: services with and without loggers, links, files in the
// way, services that are moved, renamed, removed and brought back.

import type { Random } from "../random/random.ts";
import type { Node } from "./disk.ts";
import { PARAMETERS } from "./parameters.ts";
import type { World } from "./world.ts";

const NAMES = ["a", "b", "c", "d", "longname", "s6-svscan-log", ".hidden"];
const TARGETS = ["/scan/a", "/scan/b", "/scan/b/log", "/elsewhere/a", "/elsewhere/b", "c", "/nowhere"];

export class Premises {
  readonly null: Node;

  constructor(private readonly world: World, private readonly random: Random) {
    const { files } = world;
    for (const directory of ["scan", "elsewhere", "dev", "scan/.s6-svscan"]) files.put(directory, "directory");
    this.null = files.put("dev/null", "file")!;
    for (let count = random.below(4); count > 0; count--) this.add(random.pick(NAMES));
  }

  /** A change: its name, and what makes it. */
  change(): [string, () => void] {
    const { random } = this;
    const { files } = this.world;
    const [name, other] = [random.pick(NAMES), random.pick(NAMES)];
    const roll = random.below(100);
    if (roll < 35) return [`${name} appears`, () => this.add(name)];
    if (roll < 45) return [`${name} is removed`, () => void files.remove(`scan/${name}`)];
    if (roll < 57) return [`${name} is moved away`, () => this.move(`scan/${name}`, `elsewhere/${name}`)];
    if (roll < 69) return [`${name} comes back`, () => this.move(`elsewhere/${name}`, `scan/${name}`)];
    if (roll < 76) return [`${name} is renamed ${other}`, () => this.move(`scan/${name}`, `scan/${other}`)];
    if (roll < 90) {
      const target = random.pick(TARGETS);
      return [
        `${name} leads to ${target}`,
        () => void (files.entry(`scan/${name}`) ?? files.put(`scan/${name}`, "link", target)),
      ];
    }
    if (roll < 94) {
      return [`a file ${name}`, () => void (files.entry(`scan/${name}`) ?? files.put(`scan/${name}`, "file"))];
    }
    return [`${name} gets or loses run`, () => {
      if (!files.remove(`scan/${name}/run`)) files.put(`scan/${name}/run`, "file");
    }];
  }

  /** What a scan finds, links followed: the first of those that are the same. */
  services(): Map<string, Node> {
    const found = new Map<string, Node>();
    for (const name of [...this.world.files.node("scan")!.entries.keys()].sort()) {
      const node = this.world.files.node(`scan/${name}`);
      if (!name.startsWith(".") && node?.kind === "directory") found.set(name, node);
    }
    return found;
  }

  /** Something is in the way of a supervisor there, or another name for it is, too. */
  isObstructed(home: Node): boolean {
    const inTheWay = (name: string): boolean => home.entries.get(name)?.kind === "file";
    return inTheWay("event") || inTheWay("supervise") || this.links > 0;
  }

  private get links(): number {
    return [...this.world.files.node("scan")!.entries.values()].filter(({ kind }) => kind === "link").length;
  }

  /** There is something in it that no scan can make sense of. */
  get isOdd(): boolean {
    const { files } = this.world;
    return [...files.node("scan")!.entries.keys()].some((name) => files.node(`scan/${name}`) === undefined);
  }

  add(name: string): void {
    if (this.world.files.entry(`scan/${name}`) !== undefined) return;
    this.furnish(`scan/${name}`);
    if (this.random.chance(0.4)) this.furnish(`scan/${name}/log`);
    else if (this.random.chance(0.1)) this.world.files.put(`scan/${name}/log`, "file");
  }

  private furnish(path: string): void {
    const { random } = this;
    const { files } = this.world;
    files.put(path, "directory");
    const sometimes = (share: number, file: string, content = ""): void => {
      if (random.chance(share)) files.put(`${path}/${file}`, "file", content);
    };
    sometimes(0.9, "run");
    sometimes(0.3, "finish");
    sometimes(0.1, "down");
    // A file in the way: no supervisor can be opened.
    sometimes(0.05, random.pick(["event", "supervise"]));
    for (const name of ["notification-fd", "timeout-kill", "timeout-finish"] as const) {
      sometimes(0.3, name, random.pick(Object.keys(PARAMETERS[name])));
    }
  }

  move(from: string, to: string): void {
    const { files } = this.world;
    if (files.entry(from) !== undefined && files.entry(to) === undefined) files.move(from, to);
  }
}
