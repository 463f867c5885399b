// The Dockerfile of docs/start.md: an engine builds it, with a release at an address of this machine and a base image that
// needs no registry.

import { equal, match } from "node:assert/strict";
import { chooseEngine } from "../../scripts/container.ts";
import { collect } from "../../scripts/container_process.ts";
import { isInstalled, output } from "../../scripts/command.ts";
import { layRoot } from "../../scripts/rootfs.ts";
import { fencedBlocks, shownIn, textOf } from "../surroundings/manual_page.ts";
import { TARBALL } from "../surroundings/tarball.ts";

const PAGE = await Deno.readTextFile(new URL("../../docs/start.md", import.meta.url));

const engine = chooseEngine();

Deno.test({
  name: `the Dockerfile of the first image builds${
    engine.name === "namespaces" ? " (not here: there is no engine that builds)" : ""
  }`,
  ignore: engine.name === "namespaces",
  fn: async () => {
    const [base, image] = ["base", "image"].map((what) => `localhost/s6-overlay-${what}-${crypto.randomUUID()}`);
    const directory = await Deno.makeTempDir();
    await using release = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async () => {
      return new Response((await Deno.open(TARBALL)).readable);
    });
    try {
      await layRoot("busybox", `${directory}/base`);
      await engine.importRoot(`${directory}/base`, base!);
      await layContext(`${directory}/context`, base!);
      await build(`${directory}/context`, image!, `http://127.0.0.1:${release.addr.port}`);
      const container = await engine.start(image!, { arguments: ["cat", "/www/index.html"] });
      const { code, stdout } = await container.ended;
      equal(code, 0);
      match(stdout, /^Hello, world$/m);
    } finally {
      for (const name of [image!, base!]) await engine.remove(name);
      await Deno.remove(directory, { recursive: true });
    }
  },
});

/** What lies beside the Dockerfile, and the Dockerfile. */
async function layContext(directory: string, base: string): Promise<void> {
  for (const shown of shownIn(PAGE)) {
    if (shown.kind !== "file") continue;
    const path = `${directory}/${shown.path}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, shown.text);
  }
  const dockerfile = textOf(fencedBlocks(PAGE).find(({ language }) => language === "dockerfile")!);
  await Deno.writeTextFile(`${directory}/Dockerfile`, dockerfile.replace(/^FROM busybox$/m, `FROM ${base}`));
}

async function build(directory: string, image: string, release: string): Promise<void> {
  const podman = isInstalled("runc") ? ["podman", "--runtime", "runc"] : ["podman"];
  const command = engine.name === "podman"
    ? [...podman, "build", "--ulimit", "nofile=1024:20000"]
    : ["docker", "build"];
  const architecture = Deno.build.arch === "x86_64" ? "amd64" : "aarch64";
  const build = ["--build-arg", `RELEASE=${release}`, "--build-arg", `ARCH=${architecture}`];
  await output([...command, "--no-cache", "--network", "host", ...build, "-q", "-t", image, directory]);
  equal((await collect([engine.name, "image", "inspect", image])).code, 0);
}
