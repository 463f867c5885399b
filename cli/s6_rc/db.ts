// s6-rc-db: tells what is in a compiled database.

import type { ByteString } from "../../lib/bytes.ts";
import { readDatabase } from "../../lib/rc/database_directory.ts";
import type { AtomicService, Graph } from "../../lib/rc/graph.ts";
import { takeLock } from "../../lib/rc/lock.ts";
import { pipelinePairs } from "../../lib/rc/pipeline_pairs.ts";
import { LIVE_DIRECTORY } from "../../lib/rc/places.ts";
import { Failure, invalid, UsageError } from "../../lib/report.ts";
import { type Applet, utility } from "../applet.ts";
import { longOptions } from "../long_options.ts";

const NOT_THERE = 3;
const WRONG_KIND = 5;

const COMMANDS = `s6-rc-db help
s6-rc-db check
s6-rc-db list all|services|oneshots|longruns|bundles
s6-rc-db type servicename
s6-rc-db [ -u | -d ] timeout atomicname
s6-rc-db contents bundlename
s6-rc-db [ -u | -d ] dependencies servicename...
s6-rc-db pipeline longrunname
s6-rc-db [ -u | -d ] script oneshotname
s6-rc-db flags atomicname
s6-rc-db atomics servicename...
s6-rc-db [ -u | -d ] all-dependencies servicename...
`;

export const db: Applet = utility({
  name: "s6-rc-db",
  usage:
    "[ -u | -d ] [ -l live ] [ -c compiled ] [ -b ] [ -E | -e ] command... (use s6-rc-db help for more information)",
  summary: "tell what is in a compiled database of services",
  help: {
    u: "of timeouts, scripts and dependencies, those for bringing up (default)",
    d: "those for bringing down",
    l: "the live directory whose database is meant (default /run/s6-rc)",
    c: "this database",
    b: "wait while the database is locked",
    E: "tell essential services too (default)",
    e: "leave essential services out",
  },
  exits: {
    3: "the database has no such name",
    4: "the database is broken",
    5: "the name stands for a service of another kind",
  },
  options: "udl:c:bEe",
  long: longOptions({
    up: "u",
    down: "d",
    livedir: "l",
    compiled: "c",
    block: "b",
    "with-essentials": "E",
    "without-essentials": "e",
  }),
  least: 1,
  run: (context, { options, args: [command = "", ...names] }) => {
    if (command === "help") {
      context.print(COMMANDS);
      return 0;
    }
    const answer = Object.hasOwn(ANSWERS, command) ? ANSWERS[command as keyof typeof ANSWERS] : undefined;
    if (answer === undefined) throw invalid(`unknown command: ${command}`);
    if (command !== "check" && names.length === 0) throw new UsageError();
    if (command === "list" && !Object.hasOwn(LISTS, names[0]!)) throw invalid(`unknown subcommand: ${names[0]}`);
    const directory = options.value("c") ?? `${options.value("l") ?? LIVE_DIRECTORY}/compiled`;
    takeLock(context.os, directory, { shared: true, wait: options.has("b") });
    const { graph } = readDatabase(context.os, directory);
    const asked = {
      isDown: options.last("u", "d") === "d",
      isHidden: ({ essential }: AtomicService): boolean => essential && options.last("E", "e") === "e",
    };
    context.print(answer(new Catalogue(graph, directory), names, asked));
    return 0;
  },
});

interface Asked {
  readonly isDown: boolean;
  readonly isHidden: (service: AtomicService) => boolean;
}

/** A database by the names in it. */
class Catalogue {
  private readonly numbers: ReadonlyMap<ByteString, number>;

  constructor(readonly graph: Graph, private readonly directory: ByteString) {
    this.numbers = new Map(graph.services.map(({ name }, number) => [name, number]));
  }

  service(number: number): AtomicService {
    return this.graph.services[number]!;
  }

  /** The numbers of what a name stands for. */
  membersOf(name: ByteString): readonly number[] {
    const number = this.numbers.get(name);
    const members = number === undefined ? this.graph.bundles.get(name) : [number];
    if (members !== undefined) return members;
    throw new Failure(NOT_THERE, `${name} is not a valid identifier in ${this.directory}`);
  }

  /** The atomic service of this name; undefined if it is that of a bundle. */
  atomic(name: ByteString): AtomicService | undefined {
    this.membersOf(name);
    const number = this.numbers.get(name);
    return number === undefined ? undefined : this.service(number);
  }

  requireAtomic(name: ByteString): AtomicService {
    return this.atomic(name) ?? this.refuse(name, "a bundle");
  }

  refuse(name: ByteString, found: string): never {
    throw new Failure(WRONG_KIND, `in database ${this.directory}: identifier ${name} represents ${found}`);
  }
}

type Answer = (catalogue: Catalogue, names: readonly ByteString[], asked: Asked) => ByteString;

const lines = (list: readonly ByteString[]): ByteString => list.map((line) => `${line}\n`).join("");

const LISTS = {
  // As a database has them: from the last one on.
  all: (
    { services, bundles }: Graph,
  ): ByteString[] => [...services.map(({ name }) => name).reverse(), ...[...bundles.keys()].reverse()],
  bundles: ({ bundles }: Graph): ByteString[] => [...bundles.keys()].reverse(),
  services: ({ services }: Graph, isHidden: Asked["isHidden"]): ByteString[] =>
    services.filter((service) => !isHidden(service)).map(({ name }) => name),
  oneshots: ({ services }: Graph, isHidden: Asked["isHidden"]): ByteString[] =>
    services.filter((service) => service.kind === "oneshot" && !isHidden(service)).map(({ name }) => name),
  longruns: ({ services }: Graph, isHidden: Asked["isHidden"]): ByteString[] =>
    services.filter((service) => service.kind === "longrun" && !isHidden(service)).map(({ name }) => name),
};

const ANSWERS: Readonly<Record<string, Answer>> = {
  // What is read is checked as it is.
  check: () => "",
  list: ({ graph }, [list = ""], { isHidden }) => lines(LISTS[list as keyof typeof LISTS](graph, isHidden)),
  type: (catalogue, [name = ""]) => `${catalogue.atomic(name)?.kind ?? "bundle"}\n`,
  timeout: (catalogue, [name = ""], { isDown }) => {
    const { timeoutDown, timeoutUp } = catalogue.requireAtomic(name);
    return `${isDown ? timeoutDown : timeoutUp}\n`;
  },
  contents: (catalogue, [name = ""], { isHidden }) => {
    if (catalogue.atomic(name) !== undefined) catalogue.refuse(name, "an atomic service");
    const members = catalogue.membersOf(name).map((number) => catalogue.service(number));
    return lines(members.filter((service) => !isHidden(service)).map((service) => service.name));
  },
  dependencies: (catalogue, names, asked) =>
    union(catalogue, linked(catalogue, membersOfAll(catalogue, names), asked), asked),
  pipeline: (catalogue, [name = ""]) => {
    const service = catalogue.atomic(name);
    if (service?.kind === "longrun") {
      return lines(pipelinePairs(catalogue.graph, service).map(([from, to]) => `${from.name}/${to.name}`));
    }
    return catalogue.refuse(name, service === undefined ? "a bundle" : "a oneshot service");
  },
  script: (catalogue, [name = ""], { isDown }) => {
    const service = catalogue.requireAtomic(name);
    if (service.kind === "longrun") return catalogue.refuse(name, "a longrun service");
    return (isDown ? service.down : service.up).map((word) => `${word}\0`).join("");
  },
  flags: (catalogue, [name = ""]) => {
    const { essential, recommended } = catalogue.requireAtomic(name);
    return `${((essential ? 1 : 0) | (recommended ? 2 : 0)).toString(16).padStart(8, "0")}\n`;
  },
  atomics: (catalogue, names, asked) => union(catalogue, membersOfAll(catalogue, names), asked),
  "all-dependencies": (catalogue, names, asked) => {
    const found = membersOfAll(catalogue, names);
    for (const number of found) for (const next of neighbours(catalogue, number, asked)) found.add(next);
    return union(catalogue, found, asked);
  },
};

function membersOfAll(catalogue: Catalogue, names: readonly ByteString[]): Set<number> {
  return new Set(names.flatMap((name) => catalogue.membersOf(name)));
}

function neighbours(catalogue: Catalogue, number: number, { isDown }: Asked): readonly number[] {
  const { needs, neededBy } = catalogue.service(number);
  return isDown ? neededBy : needs;
}

function linked(catalogue: Catalogue, numbers: ReadonlySet<number>, asked: Asked): Set<number> {
  return new Set([...numbers].flatMap((number) => neighbours(catalogue, number, asked)));
}

/** Names from the highest number on. */
function union(catalogue: Catalogue, numbers: ReadonlySet<number>, { isHidden }: Asked): ByteString {
  const services = [...numbers].sort((a, b) => b - a).map((number) => catalogue.service(number));
  return lines(services.filter((service) => !isHidden(service)).map(({ name }) => name));
}
