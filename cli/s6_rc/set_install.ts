// s6-rc-set-install: makes what is compiled of a set the live database, and that of the next boot.

import type { ByteString } from "../../lib/bytes.ts";
import { copyTree } from "../../lib/copy.ts";
import { realPath } from "../../lib/file_path.ts";
import { BOOT_DATABASE, LIVE_DIRECTORY } from "../../lib/rc/places.ts";
import { orUndo, type Repository, requireSetName } from "../../lib/rc/repository/repository.ts";
import { about, Failure, ifThere, invalid, unlessRefused } from "../../lib/report.ts";
import { removeTree } from "../../lib/tree.ts";
import { exitCode, killedBy, shellCode } from "../../lib/wait_status.ts";
import { type Applet, type Call, type Context, utility } from "../applet.ts";
import { longOptions } from "../long_options.ts";
import { REPOSITORY_EXITS, REPOSITORY_HELP, REPOSITORY_LONG, repositoryOf, verbosityOf } from "./repository_call.ts";

const OPTIONS = "v:r:c:l:f:bKeE";
const OUT_OF_DATE = 7;
const INCONSISTENT = 102;
const UPDATE = "s6-rc-update";

export const setInstall: Applet = utility({
  name: "s6-rc-set-install",
  usage: "[ -v verbosity ] [ -c bootdb ] [ -l livedir ] [ -r repo ] [ -f convfile ] [ -b ] [ -K ] [ -e | -E ] set",
  summary: "make the compiled database of a set the live one, and that of the next boot",
  help: {
    ...REPOSITORY_HELP,
    c: `the link to the database of the next boot (default ${BOOT_DATABASE})`,
    l: `the live directory (default ${LIVE_DIRECTORY})`,
    f: "the conversion file for s6-rc-update",
    b: "wait while the live directory or a database is locked",
    K: "keep the former live database, and print where it is",
    e: "stop essential services that have to stop (default)",
    E: "spare essential services",
  },
  exits: {
    ...REPOSITORY_EXITS,
    7: "the set was changed since it was compiled: run s6-rc-set-commit",
  },
  notes: [
    "The database is copied beside the link. With --no-update only the link is changed, and the live directory is left alone.",
    "All other exit codes are those of s6-rc-update.",
  ],
  options: OPTIONS,
  long: longOptions({
    ...REPOSITORY_LONG,
    bootdb: "c",
    livedir: "l",
    "conversion-file": "f",
    block: "b",
    "keep-old": "K",
    "no-update": "no-update",
    "force-essentials": "e",
    "no-force-essentials": "E",
  }),
  least: 1,
  run: async (context, call) => {
    const { options, args: [set = ""] } = call;
    const verbosity = verbosityOf(options);
    const boot = options.value("c") ?? BOOT_DATABASE;
    const live = options.value("l") ?? LIVE_DIRECTORY;
    for (const [what, path] of [["bootdb", boot], ["livedir", live]] as const) {
      if (!path.startsWith("/")) throw invalid(`${what} needs to be an absolute path`);
    }
    requireSetName(set);
    const repository = repositoryOf(context, options);
    repository.lock(true);
    repository.requireSet(set);
    if (!repository.isUpToDate(set)) {
      throw new Failure(OUT_OF_DATE, `set ${set} is not up-to-date; commit it first`);
    }
    const { from, to } = placesOf(repository, set, boot);
    if (isInstalled(context, from, to)) {
      context.warn(`set ${set} is already installed as ${to}`);
      return 0;
    }
    const former = ifThere(() => about("realpath", `${live}/compiled`, () => realPath(context.os, `${live}/compiled`)));
    const copy = (): void => about("recursively copy", `${from} to ${to}`, () => copyTree(context.os, from, to));
    orUndo(copy, () => removeTree(context.os, to));
    const code = isUpdating(call) ? await switchLiveTo(context, call, { to, live, verbosity }) : 0;
    // The old one goes only when nothing leads to it any more.
    relinkBoot(repository, to, boot);
    if (isUpdating(call) && former !== undefined) retire(context, call, former);
    if (code !== 0) {
      throw new Failure(code, `${UPDATE} exited with code ${code} (live database switch was performed)`);
    }
    return 0;
  },
});

function isUpdating({ options }: Call<typeof OPTIONS>): boolean {
  return !options.list.some(({ letter }) => letter === "no-update");
}

/** The compiled database of the set, and where its copy is to be. */
function placesOf(
  { os, compiled }: Repository,
  set: ByteString,
  boot: ByteString,
): { from: ByteString; to: ByteString } {
  const target = about("readlink", `${compiled}/${set}`, () => os.readLink(`${compiled}/${set}`));
  if (target.includes("/")) {
    throw new Failure(INCONSISTENT, `unable to incorrect/unexpected link contents for ${compiled}/${set}`);
  }
  return { from: `${compiled}/${target}`, to: `${parentOf(boot)}/${target}` };
}

function parentOf(path: ByteString): ByteString {
  const bare = path.replace(/\/+$/, "");
  return bare.slice(0, Math.max(0, bare.lastIndexOf("/")));
}

function isInstalled({ os }: Context, from: ByteString, to: ByteString): boolean {
  const source = about("stat", from, () => os.stat(from));
  const copy = ifThere(() => about("stat", to, () => os.stat(to)));
  if (copy === undefined) return false;
  if (copy.modified >= source.modified) return true;
  throw new Failure(INCONSISTENT, `huh? ${to} already exists`);
}

interface Switching {
  readonly to: ByteString;
  readonly live: ByteString;
  readonly verbosity: number;
}

/** @returns the exit code of an update that has switched @throws Failure for one that has not */
async function switchLiveTo(
  context: Context,
  { options }: Call<typeof OPTIONS>,
  { to, live, verbosity }: Switching,
): Promise<number> {
  const { os } = context;
  const conversions = options.value("f");
  const words = [
    UPDATE,
    ...(options.has("b") ? ["-b"] : []),
    options.last("e", "E") === "E" ? "-E" : "-e",
    ...["-v", `${verbosity}`, "-l", live],
    ...(conversions === undefined ? [] : ["-f", conversions]),
    ...["--", to],
  ];
  const status = await context.runToEnd(context.image.run(words));
  const code = shellCode(status);
  // No exit code tells whether it had switched before it failed; the live directory does.
  if (ifThere(() => realPath(os, `${live}/compiled`)) === realPath(os, to)) return code;
  unlessRefused(() => removeTree(os, to));
  const how = exitCode(status) === undefined ? `crashed with signal ${killedBy(status)}` : `exited with code ${code}`;
  throw new Failure(code, `${UPDATE} ${how} (live database switch was NOT performed)`);
}

function relinkBoot(repository: Repository, to: ByteString, boot: ByteString): void {
  const bare = boot.replace(/\/+$/, "");
  repository.relink(to.slice(to.lastIndexOf("/") + 1), bare);
}

function retire(context: Context, { options }: Call<typeof OPTIONS>, former: ByteString): void {
  if (options.has("K")) context.print(`${former}\n`);
  else unlessRefused(() => removeTree(context.os, former));
}
