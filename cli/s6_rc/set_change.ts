// s6-rc-set-change: changes what a set says of services.

import type { ByteString } from "../../lib/bytes.ts";
import { type Repository, requireServiceName, requireSetName } from "../../lib/rc/repository/repository.ts";
import { misfits, RX, type Rx, RX_NAMES, RX_WORDS, type SetContent } from "../../lib/rc/repository/rx.ts";
import { moveServices, type Moving } from "../../lib/rc/repository/sets.ts";
import { EXIT, Failure, invalid } from "../../lib/report.ts";
import { type Applet, type Call, utility } from "../applet.ts";
import { longOptions } from "../long_options.ts";
import { REPOSITORY_HELP, REPOSITORY_LONG, REPOSITORY_USAGE, repositoryOf, verbosityOf } from "./repository_call.ts";
import { atomicNames } from "./set_status.ts";
import { progressOn } from "./telling.ts";

const OPTIONS = "v:r:EenIiPp";
const MISFITS = 1;
const INCONSISTENT = 102;

export const setChange: Applet = utility({
  name: "s6-rc-set-change",
  usage: `${REPOSITORY_USAGE} [ -E | -e ] [ -n ] [ -I | -i ] [ -P | -p ] set newrx services...`,
  summary: "have services of a set be always up, active, usable or masked",
  help: {
    ...REPOSITORY_HELP,
    E: "refuse to have services be always up (default)",
    e: "let services be always up",
    n: "change nothing",
    I: "change services even if others do not fit then (default)",
    i: "fail if others would not fit then",
    P: "change no others (default)",
    p: "change the others that would not fit too",
  },
  exits: {
    1: "with -i: other services would not fit",
    3: "there is no such service",
    101: "what is named is a bundle without services",
    102: "the repository is not consistent",
  },
  notes: [
    "What newrx may be: masked (mask, suppress), usable (unmask, unmasked, latent, inactive, deactivate, disable, disabled), " +
    "active (activate, enable, enabled, onboot), always (essential, make-essential).",
    "A service that is weaker than what depends on it does not fit, nor does one that is masked in a pipeline that is not.",
  ],
  options: OPTIONS,
  long: longOptions({
    ...REPOSITORY_LONG,
    "no-force-essential": "E",
    "force-essential": "e",
    "no-dry-run": "no-dry-run",
    "dry-run": "n",
    "no-fail-on-dependencies": "I",
    "fail-on-dependencies": "i",
    "no-pull-dependencies": "P",
    "pull-dependencies": "p",
  }),
  least: 3,
  run: (context, call) => {
    const verbosity = verbosityOf(call.options);
    const asked = askedOf(call);
    const { set, rx, fails, pulls } = asked;
    const repository = repositoryOf(context, call.options);
    repository.lock();
    const content = repository.content(set);
    const named = atomicNames(repository, asked.names);
    if (named.length === 0) throw new Failure(EXIT.bug, "can't happen: 0 services in flattened list!");
    const moving = named.map((name) => ({ name, rx: rxOf(repository, set, content, name) }));
    const others = misfitsOf(repository, set, content, moving, rx);
    const progress = progressOn(context, verbosity);
    if (others.length > 0) {
      const text =
        `the following services (${rx >= RX.active ? "dependencies of" : "depending on"} the ones given as ` +
        `arguments, or part of the same pipeline) ${pulls ? "are also being" : "also need to be"} changed to ` +
        `"${RX_NAMES[rx]}": ${others.map(({ name }) => `${name} `).join("")}`;
      if (fails) throw new Failure(MISFITS, text);
      progress(pulls ? 2 : 1, pulls ? "info" : "warning", text);
    }
    if (asked.isDryRun) return 0;
    moveServices(repository, set, pulls ? [...moving, ...others] : moving, rx, progress);
    return 0;
  },
});

interface Asked {
  readonly set: ByteString;
  readonly rx: Rx;
  readonly names: readonly ByteString[];
  readonly isDryRun: boolean;
  readonly fails: boolean;
  readonly pulls: boolean;
}

function askedOf({ options, args: [set = "", word = "", ...names] }: Call<typeof OPTIONS>): Asked {
  requireSetName(set);
  const rx = Object.hasOwn(RX_WORDS, word) ? RX_WORDS[word] : undefined;
  if (rx === undefined) throw invalid(`unrecognized state change directive: ${word}`);
  if (rx === RX.always && options.last("E", "e") !== "e") {
    throw invalid("unable to artificially mark a service as essential without --force-essential");
  }
  for (const name of names) requireServiceName(name);
  const dry = options.list.findLast(({ letter }) => letter === "n" || letter === "no-dry-run")?.letter;
  const [fails, pulls] = [options.last("I", "i") === "i", options.last("P", "p") === "p"];
  return { set, rx, names, isDryRun: dry === "n", fails, pulls };
}

function rxOf({ path }: Repository, set: ByteString, content: SetContent, name: ByteString): Rx {
  const rx = content.get(name);
  if (rx !== undefined) return rx;
  throw new Failure(
    INCONSISTENT,
    `inconsistent view in set ${set} of repository ${path}: service ${name} is defined in the reference database but ` +
      "not in the textual representation of the set",
  );
}

/** The other services that do not fit once these have the rx, as they are now. */
function misfitsOf(repository: Repository, set: ByteString, content: SetContent, moving: Moving, rx: Rx): Moving {
  const named = moving.map(({ name }) => name);
  const changed = new Map([...content, ...named.map((name) => [name, rx] as const)]);
  const where = `set ${set} of repository ${repository.path}`;
  const graph = repository.reference();
  const names = misfits({ graph, content: changed, named, rx, looksAt: ["down", "up"], where });
  return names.map((name) => ({ name, rx: content.get(name)! }));
}
