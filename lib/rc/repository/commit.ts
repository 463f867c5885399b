// A set becomes a database: its services but the masked ones, the bundles that have none of those, and a bundle of what is to
// be up.

import type { ByteString } from "../../bytes.ts";
import { about, EXIT, Failure } from "../../report.ts";
import { removeTree } from "../../tree.ts";
import type { Graph } from "../graph.ts";
import { type Progress, VERBOSITY } from "../progress.ts";
import { type Repository, visibleNames } from "./repository.ts";
import { RX, RX_NAMES } from "./rx.ts";
import { type Compile, compileDatabase } from "./sync.ts";

interface CommitWishes {
  /** The name of the bundle of what is to be up. */
  readonly bundle: ByteString;
  /** The former database is not removed. */
  readonly keepsOld: boolean;
}

/** @returns the path of the former database, if there was one */
export function commitSet(
  repository: Repository,
  set: ByteString,
  { bundle, keepsOld }: CommitWishes,
  compile: Compile,
  progress: Progress,
): ByteString | undefined {
  const { os } = repository;
  const bundles = `${repository.set(set)}/bundle`;
  removeTree(os, bundles);
  repository.makeDirectory(bundles);
  try {
    for (const name of bundlesOf(repository, set, repository.reference(), progress)) {
      repository.link(`../../.bundles/${name}`, `${bundles}/${name}`);
    }
    makeDefaultBundle(repository, set, bundle);
    const sources = ["bundle", RX_NAMES[RX.usable], RX_NAMES[RX.active], RX_NAMES[RX.always]];
    const paths = sources.map((source) => `${repository.set(set)}/${source}`);
    return compileDatabase(repository, set, paths, compile, keepsOld);
  } finally {
    removeTree(os, bundles);
  }
}

/** The bundles of the stores of which no member is masked. */
function bundlesOf(repository: Repository, set: ByteString, graph: Graph, progress: Progress): readonly ByteString[] {
  const masked = new Set(repository.servicesOf(set, RX.masked));
  return visibleNames(repository.os, `${repository.sources}/.bundles`).filter((name) => {
    const members = (graph.bundles.get(name) ?? []).map((number) => graph.services[number]!.name);
    const hidden = members.find((member) => masked.has(member));
    if (hidden === undefined) return true;
    progress(VERBOSITY.services, "info", `skipping bundle ${name} containing e.g. masked service ${hidden}`);
    return false;
  });
}

function makeDefaultBundle(repository: Repository, set: ByteString, name: ByteString): void {
  const { os, sources } = repository;
  for (const kind of [".atomics", ".bundles"]) {
    const path = `${sources}/${kind}/${name}`;
    if (about("check existence of", path, () => os.find(path)) === undefined) continue;
    const target = about("readlink", path, () => os.readLink(path));
    throw new Failure(EXIT.system, `bundle ${name} is already defined at ${target}`);
  }
  const directory = `${repository.set(set)}/bundle/${name}`;
  repository.makeDirectory(directory);
  repository.makeDirectory(`${directory}/contents.d`);
  const write = (path: ByteString, text: ByteString): void => about("write to", path, () => os.writeFile(path, text));
  write(`${directory}/type`, "bundle\n");
  for (const rx of [RX.active, RX.always]) {
    for (const service of repository.servicesOf(set, rx)) write(`${directory}/contents.d/${service}`, "");
  }
}
