// Installs what building and testing need and this machine lacks: as root on Debian or Ubuntu with apt-get, elsewhere it
// says what to install. Usage: deno run -A scripts/setup.ts [build] [release] [test] [browser] [podman] [compose] [engines] [demo]
// [bench] [aarch64] [distributions] [emulated]; without words what `deno task test` needs.

import { isFile, isInstalled, output } from "./command.ts";
import { works } from "./container.ts";
import { bringDaemons } from "./daemons.ts";
import { bringNewest } from "./newest.ts";

/** A command that must be there, and Debian's package for it. */
const NEEDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  build: { gcc: "gcc libc6-dev", patchelf: "patchelf", tar: "tar", gzip: "gzip" },
  release: { xz: "xz-utils", zstd: "zstd" },
  test: {
    gcc: "gcc libc6-dev",
    readelf: "binutils",
    busybox: "busybox-static",
    execlineb: "execline",
    "s6-svc": "s6",
    strace: "strace",
    shellcheck: "shellcheck",
    ps: "procps",
    mandoc: "mandoc",
    zsh: "zsh",
    fish: "fish",
    bsdtar: "libarchive-tools",
    tmux: "tmux",
    python3: "python3",
    umoci: "umoci",
    buildah: "buildah",
    dockerd: "docker.io",
    jq: "jq",
    perl: "perl-base",
    xz: "xz-utils",
    zstd: "zstd",
    "redis-server": "redis-server",
    "musl-gcc": "musl-tools",
    haproxy: "haproxy",
  },
  browser: { chromium: "chromium fonts-dejavu-core" },
  podman: { podman: "podman", runc: "runc", catatonit: "catatonit" },
  // The second for images that cannot be fetched.
  compose: { "docker-compose": "docker-compose", mmdebstrap: "mmdebstrap" },
  engines: { dockerd: "docker.io", podman: "podman", runc: "runc", crun: "crun", catatonit: "catatonit" },
  demo: { busybox: "busybox-static", unshare: "util-linux" },
  bench: {
    runsvdir: "runit",
    supervisord: "supervisor",
    tini: "tini",
    "dumb-init": "dumb-init",
    strace: "strace",
    busybox: "busybox-static",
  },
  emulated: { "qemu-aarch64-static": "qemu-user-static" },
  distributions: { mmdebstrap: "mmdebstrap" },
  aarch64: { "aarch64-linux-gnu-gcc": "gcc-aarch64-linux-gnu" },
};

const BROWSERS: readonly string[] = ["chromium", "google-chrome"];

/** The browser that tests look at pictures with; undefined where there is none. */
export function browserOf(): string | undefined {
  return BROWSERS.find(isInstalled);
}

/** True if docker runs here and has compose as its plugin. */
function hasCompose(): boolean {
  const plugin = new Deno.Command("docker", { args: ["compose", "version"], stdout: "null", stderr: "null" });
  return works("docker") && plugin.outputSync().success;
}

/** Ubuntu has it as a snap only, which sees no temporary files: there the tests do with a browser that is there, or none. */
function hasBrowserPackage(): boolean {
  return isFile("/etc/os-release") && /^ID=debian$/m.test(Deno.readTextFileSync("/etc/os-release"));
}

/** The packages that are missing for these purposes. */
function missingPackages(purposes: readonly string[]): string[] {
  const missing = purposes.flatMap((purpose) =>
    Object.entries(NEEDS[purpose] ?? {}).filter(([command]) => !isInstalled(command)).map(([, packages]) => packages)
  );
  return [...new Set(missing.flatMap((packages) => packages.split(" ")))];
}

/** Installs them. @returns false if that cannot be done here; a line has said what to install */
export async function setUp(purposes: readonly string[]): Promise<boolean> {
  const packages = missingPackages(purposes);
  if (packages.length === 0) return true;
  if (Deno.uid() !== 0 || !isInstalled("apt-get")) {
    console.error(`setup: please install these first (names as in Debian): ${packages.join(" ")}`);
    return false;
  }
  console.log(`setup: installing ${packages.join(" ")}`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await output(["apt-get", "update", "-q"], { env });
  await output(["apt-get", "install", "-q", "-y", "--no-install-recommends", ...packages], { env });
  return true;
}

/** What tests can do without: rows are compared with what is installed only, daemons that are missing are not run. */
async function attempt(what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(`setup: unable to bring ${what}: ${error instanceof Error ? error.message : error}`);
  }
}

if (import.meta.main) {
  const engine = works("docker") ? [] : ["podman"];
  const compose = hasCompose() ? [] : ["compose"];
  const browser = browserOf() === undefined && hasBrowserPackage() ? ["browser"] : [];
  const purposes = Deno.args.length > 0 ? Deno.args : ["build", "test", ...browser, ...engine, ...compose];
  if (!await setUp(purposes)) Deno.exit(1);
  if (purposes.includes("test")) {
    await attempt("the newest s6 and execline", bringNewest);
    await attempt("daemons", bringDaemons);
  }
}
