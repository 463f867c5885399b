// An image with only the overlay, for COPY --from: an OCI layout with one manifest for each architecture, whose one layer is
// what s6-overlay-ARCHITECTURE.tar.xz has. `deno run -A scripts/release/oci.ts DIRECTORY` writes s6-overlay-oci.tar from those
// in it. That of generation 2 has a file in ./bin, and a directory that is copied over a link would replace it.

import { VERSION } from "../../lib/version.ts";
import type { Architecture } from "../base.ts";
import { hexadecimal, isFile, output } from "../command.ts";
import { pack } from "../pack.ts";
import { digestOf, writeSum } from "../sum.ts";
import { compress } from "./compression.ts";
import { sourceAt, timeText } from "./source.ts";

/** How container engines call an architecture. */
const PLATFORMS: Readonly<Record<Architecture, string>> = { amd64: "amd64", aarch64: "arm64" };

const TYPE = "application/vnd.oci.image";
const ARCHIVE = "s6-overlay-oci.tar";

/** What is at a digest. */
interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** A layout that is being made. */
class Layout {
  private readonly names: string[] = [];

  constructor(readonly path: string) {}

  /** Adds a file of this content, which is found by its digest. */
  async add(mediaType: string, content: Uint8Array<ArrayBuffer>): Promise<Descriptor> {
    const digest = await sha256(content);
    const name = `blobs/sha256/${digest}`;
    await Deno.writeFile(`${this.path}/${name}`, content);
    this.names.push(name);
    return { mediaType, digest: `sha256:${digest}`, size: content.length };
  }

  async addDocument(mediaType: string, document: object): Promise<Descriptor> {
    return await this.add(mediaType, encoded(document));
  }

  /** Writes what is found by its name, and packs everything. */
  async finish(index: Descriptor, tar: string): Promise<void> {
    const annotations = { "org.opencontainers.image.ref.name": VERSION };
    const files = {
      "index.json": { schemaVersion: 2, mediaType: `${TYPE}.index.v1+json`, manifests: [{ ...index, annotations }] },
      "oci-layout": { imageLayoutVersion: "1.0.0" },
    };
    for (const [name, document] of Object.entries(files)) {
      await Deno.writeFile(`${this.path}/${name}`, encoded(document));
    }
    await pack(this.path, [...Object.keys(files), ...this.names].sort(), tar);
  }
}

function encoded(document: object): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(document));
}

async function sha256(content: Uint8Array<ArrayBuffer>): Promise<string> {
  return hexadecimal(await crypto.subtle.digest("SHA-256", content));
}

async function addImage(layout: Layout, archive: string, architecture: string, created: string): Promise<object> {
  const tar = await Deno.makeTempFile();
  await output(["sh", "-c", 'exec xz -dc "$1" >"$2"', "sh", archive, tar]);
  const digest = await digestOf(tar);
  await compress(tar, `${tar}.gz`, "gz", "full");
  const layer = await layout.add(`${TYPE}.layer.v1.tar+gzip`, await Deno.readFile(`${tar}.gz`));
  for (const path of [tar, `${tar}.gz`]) await Deno.remove(path);
  const config = await layout.addDocument(`${TYPE}.config.v1+json`, {
    created,
    architecture,
    os: "linux",
    config: { Labels: { "org.opencontainers.image.version": VERSION, "org.opencontainers.image.licenses": "ISC" } },
    rootfs: { type: "layers", diff_ids: [`sha256:${digest}`] },
    history: [{ created, created_by: "s6-overlay" }],
  });
  const manifest = await layout.addDocument(`${TYPE}.manifest.v1+json`, {
    schemaVersion: 2,
    mediaType: `${TYPE}.manifest.v1+json`,
    config,
    layers: [layer],
  });
  return { ...manifest, platform: { os: "linux", architecture } };
}

/** Writes the image of those architectures whose archives are in the directory, and returns the name of its archive. */
export async function writeImage(directory: string, time: Date): Promise<string> {
  const path = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${path}/blobs/sha256`, { recursive: true });
    const layout = new Layout(path);
    const manifests: object[] = [];
    for (const [architecture, platform] of Object.entries(PLATFORMS)) {
      const archive = `${directory}/s6-overlay-${architecture}.tar.xz`;
      if (isFile(archive)) manifests.push(await addImage(layout, archive, platform, timeText(time)));
    }
    if (manifests.length === 0) {
      throw new Error(`${directory} has no s6-overlay-ARCHITECTURE.tar.xz: deno task release`);
    }
    const index = { schemaVersion: 2, mediaType: `${TYPE}.index.v1+json`, manifests };
    await layout.finish(await layout.addDocument(`${TYPE}.index.v1+json`, index), `${directory}/${ARCHIVE}`);
    await writeSum(`${directory}/${ARCHIVE}`);
    return ARCHIVE;
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

if (import.meta.main) {
  const [directory = "dist/release"] = Deno.args;
  const name = await writeImage(directory, (await sourceAt(".")).time);
  console.log(`release: ${directory}/${name}: ${(await Deno.stat(`${directory}/${name}`)).size} bytes`);
}
