// Nothing is shown that no test tries: each block of README.md and docs/ is part of a story, or in a list with its test or
// with the reason why there is none.

import { deepEqual, equal, ok } from "node:assert/strict";
// @ts-types="npm:@types/markdown-it@14.1.2"
import MarkdownIt from "npm:markdown-it@14.1.0";
import { writtenFiles } from "../../scripts/plain_words.ts";
import { fencedBlocks } from "../surroundings/manual_page.ts";
import { faultsOfPage, STORIES, TRIED_ELSEWHERE, UNTRIED } from "../surroundings/played_pages.ts";

const ROOT = decodeURIComponent(new URL("../..", import.meta.url).pathname);
const PAGES = (await writtenFiles(ROOT)).filter(({ path }) =>
  path === "README.md" || (path.startsWith("docs/") && path.endsWith(".md"))
);

Deno.test("a test tries each block that README.md and docs/ show", () => {
  ok(PAGES.length > 20);
  deepEqual(PAGES.flatMap(({ path, text }) => faultsOfPage(path, text)), []);
  const known = PAGES.map(({ path }) => path);
  const named = [...Object.keys(STORIES), ...[...TRIED_ELSEWHERE, ...UNTRIED].map(({ page }) => page)];
  deepEqual(named.filter((page) => !known.includes(page)), []);
});

Deno.test("what is tried by no test are few blocks, each with its reason", () => {
  ok(UNTRIED.length <= 2 && UNTRIED.every(({ count }) => count === 1));
  deepEqual(UNTRIED.filter(({ reason }) => reason.length < 20), []);
});

Deno.test("a test that tries blocks of a page reads that page", async () => {
  for (const { page, test } of TRIED_ELSEWHERE) {
    ok((await Deno.readTextFile(ROOT + test)).includes(page), `${test} does not read ${page}`);
  }
});

Deno.test("no block hides from that behind another way to write it", () => {
  for (const { path, text } of PAGES) {
    const tokens = new MarkdownIt().parse(text, {});
    deepEqual(tokens.filter(({ type }) => type === "code_block").map(({ content }) => `${path}: ${content}`), []);
    equal(tokens.filter(({ type }) => type === "fence").length, fencedBlocks(text).length, path);
  }
});

Deno.test("a new block that no test tries is seen, and one that is gone", () => {
  const block = "```sh\nnew\n```\n";
  deepEqual(faultsOfPage("docs/new.md", block), ["docs/new.md:2: no test tries this block"]);
  deepEqual(faultsOfPage("docs/signals.md", "```dockerfile\nFROM a\n```\n"), [
    "docs/signals.md:2: no test tries this block",
  ]);
  deepEqual(faultsOfPage("docs/json.md", ""), [
    'docs/json.md has fewer blocks that begin with "{" than are listed',
  ]);
  deepEqual(faultsOfPage("docs/signals.md", "```console\n$ true\n```\n"), []);
});
