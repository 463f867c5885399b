// The Dockerfiles of README.md, docs/start.md and docs/releases.md: an engine builds them, with a release at an address of
// this machine and a base image that needs no registry. Those for generations 2 and 3 have tests in release_test.ts.

import { deepEqual, equal, match } from "node:assert/strict";
import { chooseEngine } from "../../scripts/container.ts";
import { collect } from "../../scripts/container_process.ts";
import { isInstalled, output } from "../../scripts/command.ts";
import { layRoot } from "../../scripts/rootfs.ts";
import { fencedBlocks, shownIn, textOf } from "../surroundings/manual_page.ts";
import { extractOverlay } from "../surroundings/overlay_tree.ts";
import { readDocument } from "../surroundings/played_pages.ts";
import { TARBALL } from "../surroundings/tarball.ts";

const PAGE = await readDocument("docs/start.md");
const [RELEASES, README] = [await readDocument("docs/releases.md"), await readDocument("README.md")];

const engine = chooseEngine();
const TARGET = Deno.build.arch === "x86_64" ? "amd64" : "arm64";
const ARCHITECTURE = TARGET === "arm64" ? "aarch64" : TARGET;

/** The Dockerfiles of a page. */
function dockerfilesOf(page: string): string[] {
  return fencedBlocks(page).filter(({ language }) => language === "dockerfile").map(textOf);
}

/** What the images are built from: the address of a release, and an image that all begin with. */
interface Builder extends AsyncDisposable {
  /** Builds it, runs a command in it, and returns what that printed. */
  printed(dockerfile: string, ...command: readonly string[]): Promise<string>;
  readonly directory: string;
}

async function builder(): Promise<Builder> {
  const base = `localhost/s6-overlay-base-${crypto.randomUUID()}`;
  const directory = await Deno.makeTempDir();
  const release = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, serveRelease);
  await layRoot("busybox", `${directory}/base`);
  await engine.importRoot(`${directory}/base`, base);
  await layContext(`${directory}/context`);
  const address = `http://127.0.0.1:${release.addr.port}`;
  return {
    directory,
    printed: async (dockerfile, ...command) => {
      const image = `localhost/s6-overlay-image-${crypto.randomUUID()}`;
      await Deno.writeTextFile(`${directory}/context/Dockerfile`, dockerfile.replace(/^FROM \w+$/m, `FROM ${base}`));
      try {
        await build(`${directory}/context`, image, address);
        const { code, stdout, stderr } = await (await engine.start(image, { arguments: command })).ended;
        equal(code, 0, stderr);
        return stdout;
      } finally {
        await engine.remove(image);
      }
    },
    [Symbol.asyncDispose]: async () => {
      await release.shutdown();
      await engine.remove(base);
      await Deno.remove(directory, { recursive: true });
    },
  };
}

/** The tarball, and its sum as a release has it. */
async function serveRelease(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (!pathname.endsWith(".sha256")) return new Response((await Deno.open(TARBALL)).readable);
  return new Response((await output(["sha256sum", TARBALL])).replace(TARBALL, pathname.slice(1, -".sha256".length)));
}

/** What lies beside the Dockerfile. */
async function layContext(directory: string): Promise<void> {
  for (const shown of shownIn(PAGE)) {
    if (shown.kind !== "file") continue;
    const path = `${directory}/${shown.path}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, shown.text);
  }
}

async function build(directory: string, image: string, release: string): Promise<void> {
  const podman = isInstalled("runc") ? ["podman", "--runtime", "runc"] : ["podman"];
  const command = engine.name === "podman"
    ? [...podman, "build", "--ulimit", "nofile=1024:20000"]
    : ["docker", "build"];
  const given = { RELEASE: release, ARCH: ARCHITECTURE, S6_OVERLAY_URL: release, TARGETARCH: TARGET };
  const build = Object.entries(given).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
  await output([...command, "--no-cache", "--network", "host", ...build, "-q", "-t", image, directory]);
  equal((await collect([engine.name, "image", "inspect", image])).code, 0);
}

function story(name: string, fn: () => Promise<void>): void {
  const ignore = engine.name === "namespaces";
  Deno.test({ name: `${name}${ignore ? " (not here: there is no engine that builds)" : ""}`, ignore, fn });
}

story("the Dockerfile of the first image builds", async () => {
  await using images = await builder();
  match(await images.printed(dockerfilesOf(PAGE)[0]!, "cat", "/www/index.html"), /^Hello, world$/m);
});

Deno.test("the README's Dockerfile in ten lines is that of docs/start.md", () => {
  deepEqual(dockerfilesOf(README).slice(0, 1), dockerfilesOf(PAGE));
  equal(dockerfilesOf(README).length, 2);
});

const [SEVERAL, COPIED, SUMS] = ["ARG TARGETARCH", "COPY --from=", "sha256sum"].map((words) =>
  dockerfilesOf(RELEASES).find((dockerfile) => dockerfile.includes(words))
);

story("the Dockerfile for several architectures takes the one that it is built for", async () => {
  await using images = await builder();
  match(await images.printed(SEVERAL!, "echo", "it boots"), /^it boots$/m);
});

story("the Dockerfile that copies the overlay from an image makes an image that boots", async () => {
  const [, from = ""] = /^COPY --from=(\S+) \/ \/$/m.exec(COPIED!) ?? [];
  const only = `localhost/s6-overlay-only-${crypto.randomUUID()}`;
  await using images = await builder();
  await Deno.mkdir(`${images.directory}/only`);
  await extractOverlay(`${images.directory}/only`);
  await engine.importRoot(`${images.directory}/only`, only);
  try {
    match(await images.printed(COPIED!.replace(from, only), "echo", "it boots"), /^it boots$/m);
  } finally {
    await engine.remove(only);
  }
});

story("the lines that check a sum make an image that boots, and no image where the sum is another", async () => {
  const dockerfile = `FROM busybox\nARG S6_OVERLAY_URL\n${SUMS}ENTRYPOINT ["/init"]\n`.replaceAll(
    "-amd64.",
    `-${ARCHITECTURE}.`,
  );
  await using images = await builder();
  match(await images.printed(dockerfile, "echo", "it boots"), /^it boots$/m);
  const spoilt = dockerfile.replace("RUN cd /tmp &&", `RUN cd /tmp && echo >> s6-overlay-${ARCHITECTURE}.tar.gz &&`);
  const failed = await images.printed(spoilt, "true").catch((error: Error) => error.message);
  match(failed, /sha256sum/);
});
