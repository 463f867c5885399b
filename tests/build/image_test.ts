// The image of a release: an OCI layout whose digests hold, and from which a build for either architecture copies the overlay.

import { deepEqual, equal, match } from "node:assert/strict";
import { output } from "../../scripts/command.ts";
import { writeImage } from "../../scripts/release/oci.ts";
import { smallArchives } from "../surroundings/light_release.ts";

const TIME = new Date("2026-01-02T03:04:05Z");

/** An archive of the image of two small tarballs. */
async function imageIn(directory: string): Promise<string> {
  await smallArchives(directory);
  return `${directory}/${await writeImage(directory, TIME)}`;
}

async function withDirectory(work: (directory: string) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "image-" });
  try {
    await work(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

interface Descriptor {
  readonly digest: string;
  readonly size: number;
}

Deno.test("what the layout refers to is there, with its digest and size, for both architectures", async () => {
  await withDirectory(async (directory) => {
    await output(["tar", "-xf", await imageIn(directory), "-C", directory]);
    const pathOf = ({ digest }: Descriptor): string => `${directory}/blobs/${digest.replace(":", "/")}`;
    // deno-lint-ignore no-explicit-any
    const documentAt = async (descriptor: Descriptor): Promise<any> => {
      const path = pathOf(descriptor);
      equal(`sha256:${(await output(["sha256sum", path])).slice(0, 64)}`, descriptor.digest);
      equal(Deno.statSync(path).size, descriptor.size);
      return JSON.parse(await Deno.readTextFile(path));
    };
    deepEqual(JSON.parse(await Deno.readTextFile(`${directory}/oci-layout`)), { imageLayoutVersion: "1.0.0" });
    const { manifests: [first] } = JSON.parse(await Deno.readTextFile(`${directory}/index.json`));
    const { manifests } = await documentAt(first);
    const found: string[] = [];
    for (const each of manifests) {
      const { config, layers: [layer] } = await documentAt(each);
      const { architecture, os, created, rootfs } = await documentAt(config);
      deepEqual({ os, architecture }, each.platform);
      equal(created, "2026-01-02T03:04:05Z");
      const sum = async (command: string, path: string): Promise<string> =>
        (await output(["sh", "-c", `${command} "$1" | sha256sum`, "sh", path])).slice(0, 64);
      const plain = await sum("gzip -dc", pathOf(layer));
      deepEqual(rootfs, { type: "layers", diff_ids: [`sha256:${plain}`] });
      const name = architecture === "arm64" ? "aarch64" : architecture;
      equal(`sha256:${await sum("cat", pathOf(layer))}`, layer.digest);
      equal(await sum("xz -dc", `${directory}/s6-overlay-${name}.tar.xz`), plain);
      found.push(architecture);
    }
    deepEqual(found, ["amd64", "arm64"]);
    await output(["sha256sum", "--check", "s6-overlay-oci.tar.sha256"], { cwd: directory });
  });
});

Deno.test("the same tarballs give the same image", async () => {
  await withDirectory(async (one) => {
    await withDirectory(async (other) => {
      const sum = async (path: string): Promise<string> => (await output(["sha256sum", path])).slice(0, 64);
      equal(await sum(await imageIn(one)), await sum(await imageIn(other)));
    });
  });
});

for (const [architecture, name] of [["amd64", "amd64"], ["arm64", "aarch64"]] as const) {
  Deno.test({
    name: `a build for ${architecture} copies its overlay from the image`,
    ignore: Deno.uid() !== 0,
    fn: async () => {
      await withDirectory(async (directory) => {
        const image = await imageIn(directory);
        await Deno.mkdir(`${directory}/copied`);
        await output(["sh", "-e", "tests/build/image.sh", image, architecture, `${directory}/copied`]);
        equal(await Deno.readTextFile(`${directory}/copied/init`), name);
        match(await Deno.readLink(`${directory}/copied/init`), /^command\/for$/);
      });
    },
  });
}
