// The documents as a site: `deno task site [DIRECTORY]` writes it to dist/site. It needs no server and nothing from
// elsewhere: style, search and index are files beside the pages.

import { dirname } from "node:path";
import MiniSearch from "npm:minisearch@7.1.2";
import { subcommandPages } from "../../cli/operator/subcommand_pages.ts";
import { FAMILIES, type Page, pagesOf } from "../../cli/pages.ts";
import { output } from "../command.ts";
import { FAMILY_TITLES } from "../docs.ts";
import { resolvedLink } from "../links.ts";
import { MAN_DIRECTORY } from "../man_pages.ts";
import { pageOfDocument, placeOfFile } from "./address.ts";
import { CONTENTS, listedGroups } from "./contents.ts";
import { type Draw, drawing } from "./diagram.ts";
import { manFile, manIndex, renderedManPage } from "./man.ts";
import { type RenderedDocument, renderedDocument, type SiteLink } from "./markdown.ts";
import { SEARCHED } from "./searched.ts";
import { pageHtml } from "./shell.ts";

const ROOT = decodeURIComponent(new URL("../..", import.meta.url).pathname);
const HERE = new URL(".", import.meta.url).pathname;

/** Writes it into an empty directory. @returns its pages, by their paths */
export async function buildSite(directory: string): Promise<ReadonlyMap<string, RenderedDocument>> {
  const files = new Set<string>();
  const groups = listedGroups(await Deno.readTextFile(ROOT + CONTENTS));
  const listed = groups.flatMap(({ documents }) => documents.map(({ path }) => path.replace(/\/$/, "")));
  const titles = new Map(groups.flatMap(({ documents }) => documents.map(({ path, title }) => [path, title])));
  const pages = new Map<string, RenderedDocument>();
  const draw = await drawing();
  for (const path of new Set(["README.md", CONTENTS, ...listed])) {
    const page = pageOfDocument(path);
    if (page === undefined) throw new Error(`${CONTENTS} lists ${path}, which is no document`);
    if (path !== MAN_DIRECTORY) pages.set(page, await documentPage(path, titles, files, draw));
  }
  for (const [page, document] of await manualPages()) pages.set(page, document);
  for (const [page, document] of pages) {
    await write(`${directory}/${page}`, pageHtml(document, { page, groups, pageOf: pageOfDocument }));
  }
  for (const path of files) await write(`${directory}/${placeOfFile(path)}`, await Deno.readFile(ROOT + path));
  await Deno.copyFile(`${HERE}style.css`, `${directory}/style.css`);
  await write(`${directory}/index.js`, `globalThis.searchIndex = ${JSON.stringify(searchIndex(pages))};\n`);
  const bundle = ["bundle", "--quiet", "--platform", "browser", "--minify", `${HERE}client.ts`];
  await output([Deno.execPath(), ...bundle, "-o", `${directory}/search.js`]);
  return pages;
}

/** @param titles of documents, by their paths @param files gets what the document leads to that is no document */
async function documentPage(
  path: string,
  titles: ReadonlyMap<string, string>,
  files: Set<string>,
  draw: Draw,
): Promise<RenderedDocument> {
  const linkOf = (target: string): SiteLink => {
    if (/^[a-z]+:/.test(target) || target.startsWith("#")) return { address: target };
    const [file = "", anchor] = target.split("#");
    const wanted = resolvedLink(path, file);
    const page = pageOfDocument(wanted);
    if (page === undefined) files.add(wanted);
    const address = (page ?? placeOfFile(wanted)) + (anchor === undefined ? "" : `#${anchor}`);
    return { address, title: titles.get(wanted) };
  };
  return renderedDocument(await Deno.readTextFile(ROOT + path), linkOf, draw);
}

/** All man pages and their list. */
async function manualPages(): Promise<ReadonlyMap<string, RenderedDocument>> {
  const families = await Promise.all(
    FAMILIES.map(async (family) => ({ title: FAMILY_TITLES[family] ?? family, pages: await pagesOf(family) })),
  );
  const all = [{ title: "Subcommands of s6-overlay", pages: await subcommandPages() }, ...families];
  const pages = all.flatMap((family): readonly Page[] => family.pages);
  const files = new Map(pages.map((page) => [page.name, manFile(page)]));
  const directory = dirname(pageOfDocument(MAN_DIRECTORY)!);
  return new Map([
    [pageOfDocument(MAN_DIRECTORY)!, manIndex(all)],
    ...pages.map((page): [string, RenderedDocument] => [
      `${directory}/${manFile(page)}`,
      renderedManPage(page, files),
    ]),
  ]);
}

function searchIndex(pages: ReadonlyMap<string, RenderedDocument>): string {
  const index = new MiniSearch({ ...SEARCHED, idField: "id" });
  for (const [page, { title, sections }] of pages) {
    sections.forEach((section, at) => index.add({ id: `${page} ${at}`, page, title, ...section }));
  }
  return JSON.stringify(index);
}

async function write(path: string, content: string | Uint8Array): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  await Deno.writeFile(path, typeof content === "string" ? new TextEncoder().encode(content) : content);
}

if (import.meta.main) {
  const directory = Deno.args[0] ?? `${ROOT}dist/site`;
  await Deno.remove(directory, { recursive: true }).catch(() => {});
  const pages = await buildSite(directory);
  console.log(`site: ${directory}/index.html: ${pages.size} pages`);
}
