// A new live directory over a scan directory: made beside its place, then put there by a link, so that it appears as a whole;
// then its services are handed to the scanner, all of them down.

import type { ByteString } from "../bytes.ts";
import { type CopyPorts, copyTree } from "../copy.ts";
import { makeFifodir } from "../event/fifodir.ts";
import { realPath } from "../file_path.ts";
import type { Os } from "../os/os.ts";
import { randomLetters } from "../random.ts";
import { about, ifThere, unlessRefused } from "../report.ts";
import { isSupervised } from "../supervise/client.ts";
import { linkServices, type ServiceLink } from "../supervise/link.ts";
import { type RemovePorts, removeTree } from "../tree.ts";
import { LiveDirectory, type LiveOs } from "./live.ts";
import { LIVE_LOCK_MODE } from "./lock.ts";
import { PIPE_HOLDER } from "./places.ts";

export type LiveMakingOs =
  & CopyPorts
  & RemovePorts
  & LiveOs
  & Parameters<typeof linkServices>[0]["os"]
  & Pick<
    Os,
    "makeDirectory" | "chmod" | "link" | "lstat" | "symlink" | "readLink" | "rename" | "listDirectory" | "randomBytes"
  >;

interface MakingPorts {
  readonly os: LiveMakingOs;
  readonly reactor: Parameters<typeof linkServices>[0]["reactor"];
}

/** What a live directory is about: two that agree in this are one. */
export interface LivePlan {
  /** Absolute, without a slash at its end. */
  readonly live: ByteString;
  readonly scanDirectory: ByteString;
  readonly prefix: ByteString;
  readonly database: ByteString;
}

const RANDOM_LETTERS = 6;
const MODE = 0o755;
const FILE_MODE = 0o644;
/** At most this many services are listened to at once: each takes two descriptors. */
const PORTION = 200;

/**
 * Makes it, and returns its real path. What was made is removed if something fails.
 * @param lay lays the service directories of the database down a second time
 */
export function makeLiveDirectory(
  os: LiveMakingOs,
  plan: LivePlan,
  services: number,
  lay: (os: LiveMakingOs, from: ByteString, to: ByteString) => void = copyTree,
): ByteString {
  const [parent, name] = splitPath(plan.live);
  const base = `${name}:s6-rc-init:${randomLetters(os, RANDOM_LETTERS)}`;
  const path = `${parent === "/" ? "" : realPath(os, parent)}/${base}`;
  about("create", "live directory", () => os.makeDirectory(path, MODE));
  try {
    about("create", "live directory", () => {
      os.chmod(path, MODE);
      os.symlink(plan.database, `${path}/compiled`);
      os.symlink(plan.scanDirectory, `${path}/scandir`);
      os.writeFile(`${path}/prefix`, plan.prefix, FILE_MODE);
      os.writeFile(`${path}/state`, "\0".repeat(services), FILE_MODE);
      os.writeFile(`${path}/lock`, "", LIVE_LOCK_MODE);
    });
    const [from, to] = [`${plan.database}/servicedirs`, `${path}/servicedirs`];
    about("recursively copy", `${from} to ${to}`, () => lay(os, from, to));
    about("symlink", `${base} to ${plan.live}`, () => replaceLink(os, base, plan.live));
  } catch (error) {
    unlessRefused(() => removeTree(os, path));
    throw error;
  }
  return path;
}

/**
 * Has the scanner supervise the services, within this many milliseconds, 0 for no limit. If something fails, nothing is left
 * of the live directory.
 */
export function superviseAll(ports: MakingPorts, path: ByteString, plan: LivePlan, timeout: number): void {
  const { os } = ports;
  const deadline = os.monotonic() + timeout;
  orNothingIsLeft(os, path, plan, () => {
    const links = linksOf(os, path, plan);
    for (let at = 0; at < links.length; at += PORTION) {
      const left = timeout === 0 ? 0 : Math.max(1, deadline - os.monotonic());
      const wishes = { down: "for long", public: false, force: false, timeout: left } as const;
      linkServices(ports, plan.scanDirectory, links.slice(at, at + PORTION), wishes);
    }
  });
}

/** Links a service of a new live directory into the scan directory, down, for a scanner that is to scan next. */
export function linkDown(os: LiveMakingOs, path: ByteString, plan: LivePlan, name: ByteString): void {
  const service = `${path}/servicedirs/${name}`;
  os.writeFile(`${service}/down`, "");
  makeFifodir(os, `${service}/event`, os.credentials().gid);
  os.symlink(service, `${plan.scanDirectory}/${plan.prefix}${name}`);
}

function linksOf(os: LiveMakingOs, path: ByteString, { prefix }: LivePlan): ServiceLink[] {
  const names = os.listDirectory(`${path}/servicedirs`).filter((name) => !name.startsWith("."));
  return names.map((name) => {
    const service = `${path}/servicedirs/${name}`;
    return { name: `${prefix}${name}`, service, target: service };
  });
}

function orNothingIsLeft(os: LiveMakingOs, path: ByteString, { live }: LivePlan, work: () => void): void {
  try {
    work();
  } catch (error) {
    unlessRefused(() => os.unlink(live));
    unlessRefused(() => removeTree(os, path));
    throw error;
  }
}

/** How a live directory that is there stands to a plan. */
type LiveVerdict =
  | { readonly is: "alive" }
  | { readonly is: "dead" }
  | { readonly is: "another"; readonly how: ByteString };

/** @param path its real path */
export function judgeLiveDirectory(os: LiveMakingOs, path: ByteString, plan: LivePlan): LiveVerdict {
  const live = new LiveDirectory(os, path);
  if (!isSupervised(os, live.serviceDirectory(PIPE_HOLDER))) return { is: "dead" };
  const uses = (what: string, found: ByteString, wanted: ByteString): LiveVerdict => ({
    is: "another",
    how: `existing livedir at ${path} uses ${what} at ${found} rather than ${wanted}`,
  });
  const scanDirectory = about("readlink", `${path}/scandir`, () => os.readLink(`${path}/scandir`));
  if (scanDirectory !== plan.scanDirectory) return uses("scandir", scanDirectory, plan.scanDirectory);
  if (live.readPrefix() !== plan.prefix) {
    return { is: "another", how: `prefix mismatch with the existing livedir at ${path}` };
  }
  const database = about("readlink", live.database, () => os.readLink(live.database));
  return database === plan.database ? { is: "alive" } : uses("bootdb", database, plan.database);
}

/** The real path of what the name of the live directory leads to; undefined if that is nothing. */
export function realLiveDirectory(os: LiveMakingOs, live: ByteString): ByteString | undefined {
  return ifThere(() => realPath(os, live), "ENOTDIR");
}

/** Live directories that have lost their link. */
export function stranded(os: LiveMakingOs, live: ByteString): ByteString[] {
  const [parent, name] = splitPath(live);
  return about("opendir", parent, () => os.listDirectory(parent))
    .filter((other) => other.startsWith(`${name}:s6-rc-`))
    .map((other) => `${parent === "/" ? "" : parent}/${other}`);
}

/** Puts a link in the place of one that may be there. */
export function replaceLink(os: LiveMakingOs, target: ByteString, path: ByteString): void {
  const fresh = `${path}:${randomLetters(os, RANDOM_LETTERS)}`;
  os.symlink(target, fresh);
  try {
    os.rename(fresh, path);
  } catch (error) {
    unlessRefused(() => os.unlink(fresh));
    throw error;
  }
}

function splitPath(path: ByteString): readonly [parent: ByteString, name: ByteString] {
  const at = path.lastIndexOf("/");
  return [path.slice(0, at) || "/", path.slice(at + 1)];
}
