// What all pages of the site have around their text: head, search, the list of pages.

import type { ListedGroup } from "./contents.ts";
import { htmlText } from "./man.ts";
import type { RenderedDocument } from "./markdown.ts";

interface Surroundings {
  /** The page's path on the site. */
  readonly page: string;
  readonly groups: readonly ListedGroup[];
  /** Where a document is on the site. */
  readonly pageOf: (path: string) => string | undefined;
}

const NAME = "s6-overlay in TypeScript";

export function pageHtml({ title, html }: RenderedDocument, { page, groups, pageOf }: Surroundings): string {
  const root = "../".repeat(page.split("/").length - 1);
  const full = title === NAME ? NAME : `${title} - ${NAME}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${htmlText(full)}</title>
<link rel="stylesheet" href="${root}style.css">
<script src="${root}search.js" data-root="${root}" defer></script>
</head>
<body>
<a class="skip" href="#text">To the text</a>
<header>
<a class="name" href="${root}index.html">${NAME}</a>
<search>
<label for="search">Search</label>
<input id="search" type="search" autocomplete="off" spellcheck="false" aria-controls="found">
<p id="count" role="status"></p>
<ol id="found" hidden></ol>
</search>
</header>
<div class="columns">
<nav aria-label="Documents">
<details>
<summary>All documents</summary>
${groups.map((group) => navigation(group, root, page, pageOf)).join("")}</details>
</nav>
<main id="text">
${html}</main>
</div>
</body>
</html>
`;
}

function navigation(
  { title, documents }: ListedGroup,
  root: string,
  own: string,
  pageOf: (path: string) => string | undefined,
): string {
  const items = documents.map(({ path, title }) => {
    const page = pageOf(path);
    if (page === undefined) throw new Error(`${path} is no document`);
    const current = page === own ? ' aria-current="page"' : "";
    return `<li><a href="${root}${page}"${current}>${htmlText(title)}</a></li>\n`;
  });
  return `<h2>${htmlText(title)}</h2>\n<ul>\n${items.join("")}</ul>\n`;
}
