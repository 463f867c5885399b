// What of an image the overlay would run, start and apply: the scripts, services and rules in it.

import type { ByteString } from "../../bytes.ts";
import { baseName } from "../../image/locate.ts";
import { CATCH_ALL } from "../../supervise/scan.ts";
import { HOLDER } from "../boot/image_services.ts";
import { MOST_PROFILES, PROFILES } from "../boot/profile.ts";
import { MOST_ENTRIES, USER_DIRECTORIES, type UserDirectory } from "../boot/user_directories.ts";
import { SERVICE_SCRIPTS } from "../boot/user_modes.ts";
import { PATHS } from "../paths.ts";
import type { ImageTree } from "./image_tree.ts";

/** A file that is to be executed. */
export interface LintedScript {
  readonly path: ByteString;
  readonly role: "cont-init.d" | "cont-finish.d" | "service" | "logger" | "check" | "signal";
  /** The boot makes it executable, and converts its line ends. */
  readonly isMended: boolean;
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
  /** Files of fix-attrs.d. */
  readonly rules: readonly ByteString[];
  /** False for files that are yet to be added to an image: what they need of it is not there to be looked at. */
  readonly isWhole: boolean;
}

/** Without any of these nothing runs in a container that has been booted by the overlay. */
const OF_WHOLE_IMAGES = [PATHS.launcher, "/init", "/bin/sh", "/usr/bin/sh", "/bin/busybox"];
const OF_SERVICES = ["run", "finish"];
/** What s6-notifyoncheck runs: in data/ other files may have any name. */
const CHECK = "data/check";
const CHECKING = "s6-notifyoncheck";
/** How much of a run script is searched for it. */
const SEARCHED = 64 * 1024;
/** Where an image of generation 2 has files for signals. */
const SIGNAL_SCRIPTS = ".s6-svscan";

export function surveyOf(tree: ImageTree): Survey {
  return new Surveyor(tree).survey();
}

class Surveyor {
  private readonly directories: ByteString[] = [];
  private readonly scripts: LintedScript[] = [];
  private readonly services: LintedService[] = [];
  private readonly others: ByteString[] = [];
  private readonly rules: ByteString[] = [];

  constructor(private readonly tree: ImageTree) {}

  survey(): Survey {
    const { tree, directories, scripts, services, others, rules } = this;
    const profiles = tree.list(PROFILES, MOST_PROFILES).map((name) => `${PROFILES}/${name}`);
    for (const source of ["/etc", ...profiles]) {
      for (const directory of USER_DIRECTORIES) this.userDirectory(`${source}/${directory}`, directory);
    }
    this.imageServices();
    const isWhole = OF_WHOLE_IMAGES.some((path) => tree.entry(path) !== undefined);
    return { directories, scripts, services, others, rules, isWhole };
  }

  private userDirectory(path: ByteString, directory: UserDirectory): void {
    for (const name of this.names(path)) {
      const entry = `${path}/${name}`;
      if (directory === "services.d") this.service(entry);
      else if (directory === "fix-attrs.d") this.rules.push(entry);
      else this.scripts.push({ path: entry, role: directory, isMended: true });
    }
  }

  /** As the boot lists them: without hidden ones, and none where there are too many. */
  private names(path: ByteString): readonly ByteString[] {
    if (this.tree.find(path)?.kind !== "directory") return [];
    this.directories.push(path);
    const names = this.tree.list(path, MOST_ENTRIES + 1);
    return names.length > MOST_ENTRIES ? [] : names.filter((name) => !name.startsWith("."));
  }

  private imageServices(): void {
    const path = PATHS.imageServices;
    for (const name of this.names(path)) {
      // What the overlay brings an image may only add to.
      const isAddition = name === HOLDER || name === CATCH_ALL;
      if (!isAddition || this.tree.find(`${path}/${name}/run`) !== undefined) this.service(`${path}/${name}`, false);
    }
    for (const name of this.tree.list(`${path}/${SIGNAL_SCRIPTS}`, MOST_ENTRIES)) {
      if (/^SIG/.test(name)) {
        this.scripts.push({ path: `${path}/${SIGNAL_SCRIPTS}/${name}`, role: "signal", isMended: false });
      }
    }
  }

  /** @param mendsLinks what links lead to is made executable too */
  private service(path: ByteString, mendsLinks = true): void {
    if (this.tree.find(path)?.kind !== "directory") {
      this.others.push(path);
      return;
    }
    this.add(path, false, mendsLinks);
    const logger = `${path}/log`;
    if (baseName(path) !== CATCH_ALL && this.tree.find(logger)?.kind === "directory") {
      this.add(logger, true, mendsLinks);
    }
  }

  private add(path: ByteString, isLogger: boolean, mendsLinks: boolean): void {
    this.services.push({ path, isLogger });
    const checks = this.tree.readHead(`${path}/run`, SEARCHED).includes(CHECKING);
    for (const name of checks ? [...OF_SERVICES, CHECK] : OF_SERVICES) {
      const entry = this.tree.entry(`${path}/${name}`);
      if (entry === undefined) continue;
      const isMended = SERVICE_SCRIPTS.includes(isLogger ? `log/${name}` : name) &&
        (mendsLinks || entry.kind !== "link");
      const role = name === CHECK ? "check" : isLogger ? "logger" : "service";
      this.scripts.push({ path: `${path}/${name}`, role, isMended });
    }
  }
}
