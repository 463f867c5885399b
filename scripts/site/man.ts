// The man pages as pages of the site: names of other programs in them are links.

import { sentence, spelled } from "../../cli/help.ts";
import { exitCodes, manName, manSection } from "../../cli/man.ts";
import type { Page } from "../../cli/pages.ts";
import type { RenderedDocument } from "./markdown.ts";

/** The file of a page's man page, in its directory. */
export function manFile(page: Page): string {
  return `${manName(page)}.${manSection(page)}.html`;
}

export function htmlText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** @param files the man pages' files, by the name of the program */
export function renderedManPage(page: Page, files: ReadonlyMap<string, string>): RenderedDocument {
  const { name, summary, usage, notes, options } = page;
  const linked = (text: string): string => linkedNames(text, name, files);
  const list = (rows: readonly (readonly [string, string])[]): string =>
    `<dl>\n${
      rows.map(([term, text]) => `<dt><code>${htmlText(term)}</code></dt><dd>${linked(text)}</dd>\n`).join("")
    }</dl>\n`;
  const codes = Object.entries(exitCodes(page));
  const parts = [
    `<h1><code>${htmlText(name)}</code></h1>\n<p>${linked(sentence(summary))}</p>\n`,
    `<h2 id="synopsis">Synopsis</h2>\n<pre class="synopsis"><code>${
      htmlText(`${name} ${usage}`.trim())
    }</code></pre>\n`,
    notes.length === 0 ? "" : `<h2 id="description">Description</h2>\n`,
    ...notes.map((note) => `<p>${linked(note)}</p>\n`),
    options.length === 0
      ? ""
      : `<h2 id="options">Options</h2>\n${list(options.map((option) => [spelled(option), sentence(option.meaning)]))}`,
    `<h2 id="exit-status">Exit status</h2>\n${list(codes.map(([code, meaning]) => [code, sentence(meaning)]))}`,
  ];
  const words = [summary, ...notes, ...options.map(({ meaning }) => meaning)].join(" ");
  return { title: name, html: parts.join(""), sections: [{ anchor: "", heading: name, text: words }] };
}

function linkedNames(text: string, own: string, files: ReadonlyMap<string, string>): string {
  return htmlText(text).replace(/[a-z0-9][a-z0-9-]*(?:-[a-z0-9]+)+/g, (word) => {
    const file = word === own ? undefined : files.get(word);
    return file === undefined ? word : `<a href="${file}">${word}</a>`;
  });
}

/** The list of all, by family. */
export function manIndex(
  families: readonly { readonly title: string; readonly pages: readonly Page[] }[],
): RenderedDocument {
  const list = (pages: readonly Page[]): string =>
    pages.map((page) =>
      `<li><a href="${manFile(page)}"><code>${htmlText(page.name)}</code></a>: ${htmlText(page.summary)}</li>\n`
    )
      .join("");
  const parts = families.map(({ title, pages }) => `<h2>${htmlText(title)}</h2>\n<ul>\n${list(pages)}</ul>\n`);
  return { title: "Man pages", html: `<h1>Man pages</h1>\n${parts.join("")}`, sections: [] };
}
