// Containers of plain namespaces, for machines without docker and podman: a directory is the image, unshare(1) makes the
// namespaces, and the entry point is process 1 in them. Needs root. No limits, no isolation worth the name: for the demo
// and the tests only.

import { isFile, output } from "./command.ts";
import type { Container, ContainerOptions, Ended, Engine } from "./container.ts";
import { collect, CollectedProcess } from "./container_process.ts";

const IMAGES = "/var/tmp/s6-overlay-images";
const SEARCH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

// The script's arguments: root, working directory, user, read-only or not, command. The mounts vanish with the namespace.
const SETUP = `
set -e
root=$1 directory=$2 user=$3 mode=$4; shift 4
mount --bind "$root" "$root"
mkdir -p "$root/proc" "$root/dev"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 dev "$root/dev"
for device in null zero full random urandom tty; do
  touch "$root/dev/$device" && mount --bind "/dev/$device" "$root/dev/$device"
done
ln -s /proc/self/fd "$root/dev/fd"
busybox ifconfig lo up
if [ "$mode" = ro ]; then mount -o remount,bind,ro "$root"; fi
cd "$root"
exec env -i "$@"
`;

const LAY_OVER = 'tar -c -C "$1" . | tar -x -C "$2" --keep-directory-symlink';

export class NamespaceEngine implements Engine {
  readonly name = "namespaces";

  async importRoot(directory: string, image: string): Promise<void> {
    await this.fresh(image);
    await output(["cp", "-aT", directory, pathOf(image)]);
  }

  async add(base: string, image: string, what: string): Promise<void> {
    await this.fresh(image);
    await output(["cp", "-aT", pathOf(base), pathOf(image)]);
    if (what.endsWith(".tar.gz")) await output(["tar", "-x", "-z", "-f", what, "-C", pathOf(image)]);
    else await output(["/bin/sh", "-c", LAY_OVER, "lay", what, pathOf(image)]);
  }

  async start(image: string, options: ContainerOptions): Promise<Container> {
    const root = `${IMAGES}/running-${crypto.randomUUID()}`;
    await output(["cp", "-aT", pathOf(image), root]);
    const variables = Object.entries({ PATH: SEARCH, ...options.environment }).map(([name, value]) =>
      `${name}=${value}`
    );
    const user = options.user ? ["--userspec", options.user] : [];
    const inside = ["chroot", ...user, root, ...options.entrypoint ?? ["/init"], ...options.arguments ?? []];
    const argv = [
      "unshare",
      "--pid",
      "--fork",
      "--mount",
      "--uts",
      "--ipc",
      "--net",
      "--kill-child",
      "/bin/sh",
      "-c",
      SETUP,
    ];
    argv.push("setup", root, options.workingDirectory ?? "/", options.user ?? "", options.readOnly ? "ro" : "rw");
    return new NamespaceContainer(root, new CollectedProcess([...argv, ...variables, ...inside], options.stdin));
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

function pathOf(image: string): string {
  return image.startsWith("/") ? image : `${IMAGES}/${image.replaceAll(/[^a-z0-9.-]/g, "_")}`;
}

class NamespaceContainer implements Container {
  readonly ended: Promise<Ended>;

  constructor(root: string, private readonly process: CollectedProcess) {
    this.ended = process.ended.finally(() => Deno.remove(root, { recursive: true }).catch(() => {}));
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

  async exec(argv: readonly string[]): Promise<Ended> {
    const pid = String(await this.pid());
    return collect([
      "nsenter",
      "-t",
      pid,
      "-m",
      "-p",
      "-u",
      "-i",
      "-n",
      "-r",
      "-w",
      "env",
      "-i",
      `PATH=${SEARCH}`,
      ...argv,
    ]);
  }

  async signal(name: string): Promise<void> {
    await output(["kill", "-s", name.replace(/^SIG/, ""), String(await this.pid())]);
  }

  async stop(seconds: number): Promise<Ended> {
    const started = performance.now();
    await this.signal("TERM");
    const timer = setTimeout(() => this.signal("KILL").catch(() => {}), seconds * 1000);
    const ended = await this.ended;
    clearTimeout(timer);
    return { ...ended, milliseconds: performance.now() - started };
  }

  async pid(): Promise<number> {
    const children = await Deno.readTextFile(`/proc/${this.process.pid}/task/${this.process.pid}/children`);
    return Number(children.trim().split(" ")[0]);
  }
}
