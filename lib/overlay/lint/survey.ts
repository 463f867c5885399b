// What of an image the overlay would run, start and apply: the scripts, services and rules in it.

import type { ByteString } from "../../bytes.ts";
import { baseName } from "../../image/locate.ts";
import type { FileStatus } from "../../os/os.ts";
import { CATCH_ALL } from "../../supervise/scan.ts";
import { HOLDER } from "../boot/image_services.ts";
import { MOST_PROFILES, PROFILES } from "../boot/profile.ts";
import { MOST_ENTRIES, USER_DIRECTORIES, type UserDirectory } from "../boot/user_directories.ts";
import { SERVICE_SCRIPTS } from "../boot/user_modes.ts";
import { PATHS } from "../paths.ts";
import { definitionPlacesIn } from "../rc/generation.ts";
import { definitionsOf, type LintedDefinitions } from "./definitions.ts";
import type { ImageTree } from "./image_tree.ts";
import { commandLinesOf, programsOf } from "./oneshot_programs.ts";

/** A file that is to be executed. */
export interface LintedScript {
  readonly path: ByteString;
  readonly role:
    | "cont-init.d"
    | "cont-finish.d"
    | "service"
    | "logger"
    | "check"
    | "signal"
    /** A command line, which is not executed itself. */
    | "oneshot"
    | "oneshot's script";
  /** Of a command line: the files that it runs. */
  readonly runs?: readonly ByteString[];
  /** The boot makes it executable. */
  readonly isMadeExecutable: boolean;
  /** The boot converts its line ends. */
  readonly isConverted: boolean;
}

export interface LintedService {
  readonly path: ByteString;
  /** It reads the output of the service above it. */
  readonly isLogger: boolean;
}

export interface Survey {
  /** The directories that the boot lists. */
  readonly directories: readonly ByteString[];
  readonly scripts: readonly LintedScript[];
  readonly services: readonly LintedService[];
  /** What else is in a directory of services. */
  readonly others: readonly ByteString[];
  /** What the image has of generation 3, in each place. */
  readonly definitions: readonly LintedDefinitions[];
  /** Files of fix-attrs.d. */
  readonly rules: readonly ByteString[];
  /** False for files that are yet to be added to an image: what they need of it is not there to be looked at. */
  readonly isWhole: boolean;
}

/** Without any of these nothing runs in a container that has been booted by the overlay. */
const OF_WHOLE_IMAGES = [PATHS.launcher, "/bin/sh", "/usr/bin/sh", "/bin/busybox"];
const OF_SERVICES = ["run", "finish"];
/** What s6-notifyoncheck runs: in data/ other files may have any name. */
const CHECK = "data/check";
const CHECKING = "s6-notifyoncheck";
/** How much of a run script is searched for it. */
const SEARCHED = 64 * 1024;
/** Where an image of generation 2 has files for signals. */
const SIGNAL_SCRIPTS = ".s6-svscan";

type Mends = Pick<LintedScript, "isMadeExecutable" | "isConverted">;

const AS_IT_IS = { isMadeExecutable: false, isConverted: false } as const;
const COPIED = { isMadeExecutable: true, isConverted: false } as const;

/** Does something with what is at the path, and takes note of what cannot be read. */
type Attempt = (path: ByteString, work: () => void) => void;

/**
 * @param bundlesOf where the bundles are that are started of what this directory defines: empty for the usual place, undefined
 * if its definitions count for nothing
 */
export function surveyOf(
  tree: ImageTree,
  bundlesOf: (source: ByteString) => ByteString | undefined,
  attempt: Attempt,
): Survey {
  return new Surveyor(tree, bundlesOf, attempt).survey();
}

class Surveyor {
  private readonly directories: ByteString[] = [];
  private readonly scripts: LintedScript[] = [];
  private readonly services: LintedService[] = [];
  private readonly others: ByteString[] = [];
  private readonly rules: ByteString[] = [];
  private readonly definitions: LintedDefinitions[] = [];

  private isWhole = false;

  constructor(
    private readonly tree: ImageTree,
    private readonly bundlesOf: (source: ByteString) => ByteString | undefined,
    private readonly attempt: Attempt,
  ) {}

  survey(): Survey {
    for (const source of ["/etc", ...this.profiles()]) {
      for (const directory of USER_DIRECTORIES) {
        const path = `${source}/${directory}`;
        this.attempt(path, () => this.userDirectory(path, directory));
      }
      this.attempt(`${source}/s6-overlay/s6-rc.d`, () => this.defined(source));
    }
    this.attempt(PATHS.imageServices, () => this.imageServices());
    for (const path of OF_WHOLE_IMAGES) {
      this.attempt(path, () => void (this.isWhole ||= this.tree.entry(path) !== undefined));
    }
    const { directories, scripts, services, others, definitions, rules, isWhole } = this;
    return { directories, scripts, services, others, definitions, rules, isWhole };
  }

  private profiles(): ByteString[] {
    const profiles: ByteString[] = [];
    this.attempt(PROFILES, () => {
      for (const name of this.tree.list(PROFILES, MOST_PROFILES)) profiles.push(`${PROFILES}/${name}`);
    });
    return profiles;
  }

  private userDirectory(path: ByteString, directory: UserDirectory): void {
    for (const name of this.names(path)) {
      const entry = `${path}/${name}`;
      if (directory === "services.d") this.attempt(entry, () => this.service(entry, "the user's"));
      else if (directory === "fix-attrs.d") this.rules.push(entry);
      else this.scripts.push({ path: entry, role: directory, isMadeExecutable: true, isConverted: true });
    }
  }

  /** As the boot lists them: without hidden ones, and none where there are too many. */
  private names(path: ByteString): readonly ByteString[] {
    if (this.tree.find(path)?.kind !== "directory") return [];
    this.directories.push(path);
    const names = this.tree.list(path, MOST_ENTRIES + 1);
    return names.length > MOST_ENTRIES ? [] : names.filter((name) => !name.startsWith("."));
  }

  private defined(source: ByteString): void {
    const bundles = this.bundlesOf(source);
    if (bundles === undefined) return;
    const definitions = definitionsOf(this.tree, definitionPlacesIn(source, bundles));
    if (definitions === undefined) return;
    this.definitions.push(definitions);
    // The compiler makes run and finish executable, and leaves what is in data/ as it is.
    const mends = (_: FileStatus, name: ByteString): Mends => name === CHECK ? AS_IT_IS : COPIED;
    for (const { directory } of definitions.longruns) this.addScripts(directory, false, mends);
    const named = new Set<ByteString>();
    for (const oneshot of definitions.oneshots) {
      for (const [name, words] of commandLinesOf(oneshot)) {
        const path = `${oneshot.directory}/${name}`;
        const runs = [...programsOf(words)];
        if (this.tree.find(path)?.kind === "file") this.scripts.push({ path, role: "oneshot", runs, ...AS_IT_IS });
        for (const program of runs) named.add(program);
      }
    }
    for (const path of named) {
      if (this.tree.find(path)?.kind === "file") this.scripts.push({ path, role: "oneshot's script", ...AS_IT_IS });
    }
  }

  private imageServices(): void {
    const path = PATHS.imageServices;
    for (const name of this.names(path)) {
      // What the overlay brings an image may only add to.
      const isAddition = name === HOLDER || name === CATCH_ALL;
      this.attempt(`${path}/${name}`, () => {
        if (!isAddition || this.tree.find(`${path}/${name}/run`) !== undefined) {
          this.service(`${path}/${name}`, "the image's");
        }
      });
    }
    const scripts = `${path}/${SIGNAL_SCRIPTS}`;
    for (const name of this.tree.list(scripts, MOST_ENTRIES)) {
      if (!name.startsWith("SIG")) continue;
      this.scripts.push({ path: `${scripts}/${name}`, role: "signal", isMadeExecutable: false, isConverted: false });
    }
  }

  private service(path: ByteString, whose: "the user's" | "the image's"): void {
    if (this.tree.find(path)?.kind !== "directory") {
      this.others.push(path);
      return;
    }
    // One that is a link is copied as a link: only modes are set in it, and only below the user's directories.
    const isCopied = this.tree.entry(path)?.kind === "directory";
    const mends = (status: FileStatus): Mends => ({
      isMadeExecutable: whose === "the user's" || isCopied && status.kind !== "link",
      isConverted: isCopied,
    });
    this.add(path, false, mends);
    const logger = `${path}/log`;
    if (baseName(path) !== CATCH_ALL && this.tree.find(logger)?.kind === "directory") this.add(logger, true, mends);
  }

  private add(
    path: ByteString,
    isLogger: boolean,
    mends: (status: FileStatus, name: ByteString) => Mends,
  ): void {
    this.services.push({ path, isLogger });
    this.addScripts(path, isLogger, mends);
  }

  private addScripts(
    path: ByteString,
    isLogger: boolean,
    mends: (status: FileStatus, name: ByteString) => Mends,
  ): void {
    const checks = this.tree.readHead(`${path}/run`, SEARCHED).includes(CHECKING);
    for (const name of checks ? [...OF_SERVICES, CHECK] : OF_SERVICES) {
      const entry = this.tree.entry(`${path}/${name}`);
      if (entry === undefined) continue;
      const isMended = SERVICE_SCRIPTS.includes(isLogger ? `log/${name}` : name);
      const mended = isMended ? mends(entry, name) : AS_IT_IS;
      const role = name === CHECK ? "check" : isLogger ? "logger" : "service";
      this.scripts.push({ path: `${path}/${name}`, role, ...mended });
    }
  }
}
