// Where the documents of the project are on the site: one page for each, by a short name.

import { MAN_DIRECTORY } from "../man_pages.ts";

/** Those whose name would be that of another page, or say little. */
const NAMED: Readonly<Record<string, string>> = {
  "README.md": "index.html",
  "docs/README.md": "contents.html",
  "CHANGELOG.md": "changes.html",
  "SECURITY.md": "vulnerability.html",
  [MAN_DIRECTORY]: "man/index.html",
};

/** The page of a document, by its path in the project; undefined for what is no document. */
export function pageOfDocument(path: string): string | undefined {
  const plain = path.replace(/\/$/, "");
  if (Object.hasOwn(NAMED, plain)) return NAMED[plain];
  const [, name] = /^(?:docs|\.github)\/([^/]+)\.md$/.exec(plain) ?? [];
  return name === undefined ? undefined : `${name.toLowerCase()}.html`;
}

/** Where a file lies that documents lead to. */
export function placeOfFile(path: string): string {
  return `files/${path}`;
}
