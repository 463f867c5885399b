// Images of the examples with daemons, built as their Dockerfiles say, on this machine's Debian in place of a base image: its
// /usr lies below that of the container, with the daemons of scripts/daemons.ts. Each container has a network and a /dev of
// its own, and what it writes stays where it is when another one is started; what it writes to volumes is in memory, as a
// disk that other tests write to takes databases seconds.

import { equal } from "node:assert/strict";
import { isFile, output } from "../../scripts/command.ts";
import { CollectedProcess } from "../../scripts/container_process.ts";
import { daemonsRoot } from "../../scripts/daemons.ts";
import { OF_CONTAINER, ownNamespaces } from "../../scripts/namespaces.ts";
import { BOUND } from "./bound.ts";
import { imageEnvironment, instructionsOf, lastOf, packagesOf, wordsOf, workOf } from "./dockerfile.ts";
import { isOnMachine, layMachine, usrOf } from "./machine_root.ts";
import { assertUnchanged, extractOverlay } from "./overlay_tree.ts";

const EXAMPLES = new URL("../../examples", import.meta.url).pathname;
const MEMORY = "/dev/shm";
const SEARCH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

// $1 root, $2 what lies at its /usr, $3 the directory of its volumes, $4 their paths, the rest the environment and the
// first process.
const ENTER = `root=$1 usr=$2 volumes=$3 paths=$4; shift 4
mount -t overlay -o "lowerdir=$usr" usr "$root/usr"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 dev "$root/dev"
for device in null zero full random urandom tty; do
  : >"$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/1 "$root/dev/stdout"
ln -s /proc/self/fd/2 "$root/dev/stderr"
mkdir -m 1777 "$root/dev/shm"
for path in $paths; do
  mkdir -p "$root$path" "$volumes$path"
  mount --bind "$volumes$path" "$root$path"
done
busybox ifconfig lo up
exec chroot "$root" /usr/bin/env -i "$@"`;

/** What a package of Debian brings that an example needs. */
interface Package {
  /** Without it on this machine the example is not tested. */
  readonly program: string;
  /** The user that its installation makes. */
  readonly account?: string;
  /** What it has besides programs. */
  readonly places?: readonly string[];
}

const PACKAGES: Readonly<Record<string, Package>> = {
  postgresql: { program: "postgres", account: "postgres" },
  nginx: { program: "nginx", places: ["etc/nginx", "var/lib/nginx"] },
  "php-fpm": { program: "php-fpm8.2" },
  cron: { program: "cron", places: ["etc/pam.d", "etc/security", "etc/crontab", "etc/default/cron", "var/spool/cron"] },
  rsyslog: { program: "rsyslogd" },
  "redis-server": { program: "redis-server", account: "redis" },
};

/** What begins an image, and the program that it has besides Debian's, with the place of that on this machine. */
const BASES: Readonly<Record<string, { readonly program: string; readonly file: string } | undefined>> = {
  "debian:12-slim": undefined,
  "node:20-slim": { program: "node", file: "/usr/bin/node" },
  "denoland/deno:debian": { program: "deno", file: Deno.execPath() },
};

/** An example as it is built. */
export interface Example extends AsyncDisposable {
  readonly path: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly stopSignal: string;
  readonly volumes: Volumes;
}

interface Volumes {
  readonly directory: string;
  /** Where they are mounted. */
  readonly paths: readonly string[];
}

/** True if a database fits there. */
async function hasMemory(): Promise<boolean> {
  const printed = await output(["df", "--output=avail", MEMORY]).catch(() => "");
  return Number(printed.trim().split("\n").at(-1)) > 500_000;
}

function readDockerfile(name: string): ReturnType<typeof instructionsOf> {
  return instructionsOf(Deno.readTextFileSync(`${EXAMPLES}/${name}/Dockerfile`));
}

/** The programs that are missing here for the example. */
export function missingFor(name: string): string[] {
  const instructions = readDockerfile(name);
  const packages = instructions.filter(({ word }) => word === "RUN").flatMap(({ rest }) => packagesOf(rest));
  const base = BASES[lastOf(instructions, "FROM")!];
  const missing = packages.map((name) => PACKAGES[name]!.program).filter((program) => !isOnMachine(program));
  return base === undefined || isFile(base.file) ? missing : [...missing, base.program];
}

/** Builds it. */
export async function buildExample(name: string): Promise<Example> {
  const instructions = readDockerfile(name);
  const directory = await Deno.makeTempDir({ prefix: "example-" });
  await Deno.chmod(directory, 0o755);
  const path = `${directory}/root`;
  const environment = { PATH: SEARCH, ...imageEnvironment(instructions) };
  const volumes = instructions.filter(({ word }) => word === "VOLUME").flatMap(({ rest }) => rest.split(" "));
  const memory = await Deno.makeTempDir({ prefix: "volumes-", ...await hasMemory() ? { dir: MEMORY } : {} });
  for (const { word, rest } of instructions) await build(name, { path, environment, word, rest });
  return {
    path,
    environment,
    entrypoint: wordsOf(lastOf(instructions, "ENTRYPOINT")),
    command: wordsOf(lastOf(instructions, "CMD")),
    stopSignal: lastOf(instructions, "STOPSIGNAL")!,
    volumes: { directory: memory, paths: volumes },
    [Symbol.asyncDispose]: async () => {
      await assertUnchanged();
      for (const place of [directory, memory]) await Deno.remove(place, { recursive: true });
    },
  };
}

interface Step {
  readonly path: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly word: string;
  readonly rest: string;
}

/** Does what one instruction says to a file system. */
async function build(name: string, { path, environment, word, rest }: Step): Promise<void> {
  if (word === "FROM") {
    await layBase(rest, path);
  } else if (word === "ADD") {
    equal(rest, "s6-overlay-amd64.tar.gz /");
    await extractOverlay(path);
  } else if (word === "COPY") {
    const [from, to] = rest.split(" ");
    await output(["cp", "-RT", `${EXAMPLES}/${name}/${from}`, `${path}${to}`]);
  } else if (word === "RUN") {
    for (const installed of packagesOf(rest)) await install(installed, path);
    const work = workOf(rest);
    if (work === "") return;
    const ended = await enterImage({ path, environment }, ["/bin/sh", "-ec", work]).ended;
    equal(ended.code, 0, `RUN ${work}\n${ended.stdout}${ended.stderr}`);
  } else if (!["ENV", "ENTRYPOINT", "CMD", "STOPSIGNAL", "HEALTHCHECK", "VOLUME", "EXPOSE", "WORKDIR"].includes(word)) {
    throw new Error(`${word} is not known here`);
  }
}

async function layBase(from: string, path: string): Promise<void> {
  if (!Object.hasOwn(BASES, from)) throw new Error(`FROM ${from}: nothing here stands for that image`);
  await layMachine(path);
  const base = BASES[from];
  if (base !== undefined) await output(["cp", base.file, `${path}/usr/bin/${base.program}`]);
  // Nobody can log in; PAM looks whether an account has ended.
  const accounts = await Deno.readTextFile(`${path}/etc/passwd`);
  const shadow = accounts.replaceAll(/^([^:]+):.*$/gm, "$1:*:19000:0:99999:7:::");
  await Deno.writeTextFile(`${path}/etc/shadow`, shadow, { mode: 0o600 });
}

/** What the installation of a package does, as far as its files are not those of this machine. */
async function install(name: string, path: string): Promise<void> {
  const { account, places = [] } = PACKAGES[name]!;
  for (const place of places) {
    const found = [`/${place}`, `${daemonsRoot()}/${place}`].filter(isFile);
    if (found.length === 0) throw new Error(`${name}: there is no /${place} here`);
    await Deno.mkdir(`${path}/${place.slice(0, place.lastIndexOf("/"))}`, { recursive: true });
    for (const from of found) await output(["cp", "-aT", from, `${path}/${place}`]);
  }
  const accounts = await Deno.readTextFile(`${path}/etc/passwd`);
  if (account === undefined || new RegExp(`^${account}:`, "m").test(accounts)) return;
  const id = 900 + Object.keys(PACKAGES).indexOf(name);
  await Deno.writeTextFile(`${path}/etc/passwd`, `${account}:x:${id}:${id}::/:/bin/false\n`, { append: true });
  await Deno.writeTextFile(`${path}/etc/group`, `${account}:x:${id}:\n`, { append: true });
}

/** Starts a command in it. */
export function enterImage(
  { path, environment, volumes }: Pick<Example, "path" | "environment"> & Partial<Pick<Example, "volumes">>,
  argv: readonly string[],
): CollectedProcess {
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const own = ownNamespaces(...OF_CONTAINER, "net");
  const places = [path, usrOf(path, daemonsRoot()), volumes?.directory ?? "", volumes?.paths.join(" ") ?? ""];
  return new CollectedProcess([...BOUND, ...own, "/bin/sh", "-ec", ENTER, "enter", ...places, ...variables, ...argv]);
}
