// Containers of plain namespaces, for machines without docker and podman: a directory is the image, unshare(1) makes the
// namespaces, and the entry point is process 1 in them. Needs root. No limits, no isolation worth the name: for the demo
// and the tests only.

import { isFile, output } from "./command.ts";
import type { Container, ContainerEnd, ContainerOptions, Engine } from "./engine.ts";
import { collect, CollectedProcess } from "./container_process.ts";
import { atTerminal, childOf, resizeTerminal } from "./container_terminal.ts";
import { intoContainer, type Namespace, OF_CONTAINER, ownNamespaces } from "./namespaces.ts";
import { patience } from "./patience.ts";

const IMAGES = "/var/tmp/s6-overlay-images";
const OWN: readonly Namespace[] = [...OF_CONTAINER, "net"];
const SEARCH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

// The mounts vanish with the namespace. A static busybox, for a moment in /dev, sets the environment and the directory: the
// environment may hold an LD_PRELOAD, and the image may have no program of its own.
const SETUP = `
set -e
mount --bind "$ROOT" "$ROOT"
mkdir -p "$ROOT/proc" "$ROOT/dev"
mount -t proc proc "$ROOT/proc"
mount -t tmpfs -o mode=755 dev "$ROOT/dev"
for device in null zero full random urandom tty; do
  touch "$ROOT/dev/$device" && mount --bind "/dev/$device" "$ROOT/dev/$device"
done
ln -s /proc/self/fd "$ROOT/dev/fd"
mkdir -m 1777 "$ROOT/dev/shm"
for place in $TEMPORARY; do
  case $place in *:*) options=\${place#*:} ;; *) options=rw ;; esac
  mkdir -p "$ROOT\${place%%:*}" && mount -t tmpfs -o "$options" tmp "$ROOT\${place%%:*}"
done
for volume in $VOLUMES; do
  mkdir -p "$ROOT\${volume#*:}" && mount --bind "\${volume%%:*}" "$ROOT\${volume#*:}"
done
busybox ifconfig lo up
cp "$(command -v busybox)" "$ROOT/dev/busybox"
if [ "$MODE" = ro ]; then mount -o remount,bind,ro "$ROOT"; fi
ulimit -Sn "\${FILES%:*}"
ulimit -Hn "\${FILES#*:}"
exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
exec chroot --userspec="$USER" "$ROOT" /dev/busybox sh -c 'cd "$DIRECTORY" && exec /dev/busybox env -i "$@"' enter "$@"
`;

// $1 the directories of control groups, the rest what runs in them.
const ENTER_GROUPS = 'for group in $1; do echo $$ >"$group/cgroup.procs" || exit; done; shift; exec "$@"';

const LAY_OVER = 'tar -c -C "$1" . | tar -x -C "$2" --keep-directory-symlink';

export class NamespaceEngine implements Engine {
  readonly name = "namespaces";
  readonly runsDirectories = true;

  async importRoot(directory: string, image: string): Promise<void> {
    await this.fresh(image);
    await output(["cp", "-aT", directory, pathOf(image)]);
  }

  async add(base: string, image: string, what: string, run?: string): Promise<void> {
    await this.fresh(image);
    await output(["cp", "-aT", pathOf(base), pathOf(image)]);
    if (what.endsWith(".tar.gz")) await output(["tar", "-x", "-z", "-f", what, "-C", pathOf(image)]);
    else await output(["/bin/sh", "-c", LAY_OVER, "lay", what, pathOf(image)]);
    if (run !== undefined) await output(["chroot", pathOf(image), "/bin/sh", "-c", run]);
  }

  async start(image: string, options: ContainerOptions): Promise<Container> {
    const root = `${IMAGES}/running-${crypto.randomUUID()}`;
    await Deno.mkdir(IMAGES, { recursive: true });
    await output(["cp", "-aT", pathOf(image), root]);
    if (options.withoutCapabilities) throw new Error("plain namespaces: root keeps its capabilities");
    const variables = words({ PATH: SEARCH, ...options.environment });
    const settings = {
      ROOT: root,
      DIRECTORY: options.workingDirectory ?? "/",
      MODE: options.readOnly ? "ro" : "rw",
      FILES: options.openFiles ?? "1024:20000",
      // Numbers, so that nothing is looked up on the wrong side.
      USER: options.user?.includes(":") ? options.user : `${options.user ?? 0}:0`,
      TEMPORARY: options.temporary?.join(" ") ?? "",
      VOLUMES: options.volumes?.join(" ") ?? "",
    };
    const command = [...options.entrypoint ?? ["/init"], ...options.arguments ?? []];
    const program = [
      ...isolated(options),
      "env",
      ...words(settings),
      "/bin/sh",
      "-c",
      SETUP,
      "setup",
      ...variables,
      ...command,
    ];
    const argv = options.terminal ? atTerminal(program) : program;
    return new NamespaceContainer(
      root,
      argv,
      options,
      new CollectedProcess(argv, options.terminal ? null : options.stdin),
    );
  }

  async remove(image: string): Promise<void> {
    await Deno.remove(pathOf(image), { recursive: true }).catch(() => {});
  }

  has(image: string): Promise<boolean> {
    return Promise.resolve(isFile(pathOf(image)));
  }

  private async fresh(image: string): Promise<void> {
    await this.remove(image);
    await Deno.mkdir(IMAGES, { recursive: true });
  }
}

/** Options of nsenter(1) for a user, by numbers: those of the container, unless another one is wished. */
export function asUser(user: string | undefined): string[] {
  const [uid, gid = "0"] = user?.split(":") ?? [];
  return uid === undefined ? [] : ["-S", uid, "-G", gid];
}

/** The words before what sets it up. */
function isolated({ hostProcesses, noNewPrivileges, groups }: ContainerOptions): string[] {
  return [
    ...(groups ? ["/bin/sh", "-c", ENTER_GROUPS, "enter", groups.join(" ")] : []),
    ...ownNamespaces(...OWN.filter((namespace) => namespace !== "pid" || !hostProcesses)),
    ...(noNewPrivileges ? ["setpriv", "--no-new-privs"] : []),
  ];
}

function words(variables: Readonly<Record<string, string>>): string[] {
  return Object.entries(variables).map(([name, value]) => `${name}=${value}`);
}

function pathOf(image: string): string {
  return image.startsWith("/") ? image : `${IMAGES}/${image.replaceAll(/[^a-z0-9.-]/g, "_")}`;
}

class NamespaceContainer implements Container {
  readonly ended: Promise<ContainerEnd>;

  constructor(
    private readonly root: string,
    private readonly argv: readonly string[],
    private readonly options: Pick<ContainerOptions, "stays" | "terminal" | "hostProcesses" | "user">,
    private readonly process: CollectedProcess,
  ) {
    this.ended = options.stays ? process.ended : process.ended.finally(() => this.remove());
  }

  again(): Promise<Container> {
    return Promise.resolve(
      new NamespaceContainer(this.root, this.argv, this.options, new CollectedProcess(this.argv)),
    );
  }

  async remove(): Promise<void> {
    await Deno.remove(this.root, { recursive: true }).catch(() => {});
  }

  get stdout(): string {
    return this.process.stdout;
  }

  get stderr(): string {
    return this.process.stderr;
  }

  printed(text: string, times?: number): Promise<void> {
    return this.process.printed(text, times);
  }

  type(text: string): Promise<void> {
    return this.process.type(text);
  }

  resize(columns: number, rows: number): Promise<void> {
    return resizeTerminal(this.process.pid, columns, rows);
  }

  async exec(argv: readonly string[]): Promise<ContainerEnd> {
    const entering = [...intoContainer(await this.pid()), ...asUser(this.options.user)];
    return collect([...entering, "env", "-i", `PATH=${SEARCH}`, ...argv]);
  }

  async signal(name: string): Promise<void> {
    await output(["kill", "-s", name.replace(/^SIG/, ""), String(await this.pid())]);
  }

  async stop(seconds: number): Promise<ContainerEnd> {
    const started = performance.now();
    await this.signal("TERM");
    const timer = setTimeout(() => this.signal("KILL").catch(() => {}), patience(seconds * 1000));
    const ended = await this.ended;
    clearTimeout(timer);
    return { ...ended, milliseconds: performance.now() - started };
  }

  async pid(): Promise<number> {
    const unshare = this.options.terminal ? await childOf(this.process.pid) : this.process.pid;
    return this.options.hostProcesses ? unshare : await childOf(unshare);
  }
}
