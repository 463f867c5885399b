// Every link of the project's documents leads somewhere.

import { deepEqual, ok } from "node:assert/strict";
import { faultsOfLinks } from "../../scripts/links.ts";
import { writtenFiles } from "../../scripts/plain_words.ts";

const ROOT = decodeURIComponent(new URL("../..", import.meta.url).pathname);

/** The text of a file, or nothing for a directory; undefined if there is neither. */
function textAt(path: string): string | undefined {
  try {
    return Deno.statSync(ROOT + path).isDirectory ? "" : Deno.readTextFileSync(ROOT + path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

Deno.test("every relative link of a document leads to a file, and to a heading that it has", async () => {
  const documents = (await writtenFiles(ROOT)).filter(({ path }) => path.endsWith(".md"));
  ok(documents.some(({ path }) => path === "README.md") && documents.some(({ path }) => path.startsWith("docs/")));
  deepEqual(faultsOfLinks(documents, textAt), []);
});

Deno.test("the table of contents names every document", async () => {
  const contents = await Deno.readTextFile(`${ROOT}docs/README.md`);
  const documents = Array.from(Deno.readDirSync(`${ROOT}docs`), ({ name }) => name)
    .filter((name) => name.endsWith(".md") && name !== "README.md");
  deepEqual(documents.filter((name) => !contents.includes(`](${name})`)), []);
});

Deno.test("a link to a file or a heading that is not there is seen, but not in code or to another place", () => {
  const text = "# A b: `c`, d\n\n[x](#a-b-c-d) [y](#a)\n[z](b.md) [b](../docs/b.md#two) [b](b.md#b-1)\n" +
    "[w](https://example.org) `[v](none)`\n\n```sh\n# One\n[u](none)\n```\n\n[t](#one)\n";
  const files: Readonly<Record<string, string>> = { "docs/b.md": "# B\n\n## B\n" };
  deepEqual(faultsOfLinks([{ path: "docs/a.md", text }], (path) => files[path]), [
    "docs/a.md:3 leads to #a: there is no such heading",
    "docs/a.md:4 leads to ../docs/b.md#two: there is no such heading",
    "docs/a.md:12 leads to #one: there is no such heading",
  ]);
  deepEqual(faultsOfLinks([{ path: "a.md", text: "![p](docs/c.svg)\n" }], (path) => files[path]), [
    "a.md:1 leads to docs/c.svg: there is no such file",
  ]);
});
