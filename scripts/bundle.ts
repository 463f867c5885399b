// Bundles cli/main.ts for start-up speed: main.js stays tiny, each applet's module becomes a chunk that is loaded only
// when that applet runs, and code that several of them need goes to shared chunks.

import * as esbuild from "npm:esbuild@0.25.10";

/** A chunk's name and size in bytes. */
export interface Chunk {
  readonly name: string;
  readonly size: number;
}

/** Loading a chunk costs start-up time that every applet in it pays, so a chunk must stay below this. */
export const LARGEST_CHUNK = 40 * 1024;

/** Bundles the entry into the directory, an absolute path that is emptied first, and returns the chunks, largest first. */
export async function bundle(entry: string, directory: string): Promise<Chunk[]> {
  await Deno.remove(directory, { recursive: true }).catch(() => {});
  const { outputFiles } = await esbuild.build({
    entryPoints: { main: entry },
    outdir: directory,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "neutral",
    target: "es2024",
    charset: "utf8",
    legalComments: "none",
    minifyWhitespace: true,
    minifySyntax: true,
    chunkNames: "[name]-[hash]",
    logLevel: "warning",
    write: false,
  });
  await esbuild.stop();
  await Deno.mkdir(directory, { recursive: true });
  const chunks: Chunk[] = [];
  for (const { path, text } of outputFiles) {
    const bytes = new TextEncoder().encode(hideFromAnalysis(text));
    await Deno.writeFile(path, bytes);
    chunks.push({ name: path.slice(path.lastIndexOf("/") + 1), size: bytes.length });
  }
  return chunks.sort((a, b) => b.size - a.size);
}

// Deno reads and parses every module that an import() names by a literal before it runs the first line. A specifier that
// is computed is loaded when it is asked for, as it was meant.
function hideFromAnalysis(code: string): string {
  return code.replaceAll(/\bimport\("(\.\/[\w.-]+\.js)"\)/g, 'import("$1".slice())');
}
