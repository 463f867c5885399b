// The order of the site's pages: that of the lists in docs/README.md.

import { resolvedLink } from "../links.ts";

export const CONTENTS = "docs/README.md";

interface ListedDocument {
  /** Its path from the root of the project. */
  readonly path: string;
  readonly title: string;
}

export interface ListedGroup {
  readonly title: string;
  readonly documents: readonly ListedDocument[];
}

/** The groups, without entries that lead to a part of another document. */
export function listedGroups(markdown: string): readonly ListedGroup[] {
  return markdown.split(/^## /m).slice(1).map((part) => {
    const [title = "", ...lines] = part.split("\n");
    const documents = lines.flatMap((line) => {
      const [, name = "", target = ""] = /^- \[([^\]]+)\]\(([^)]+)\)/.exec(line) ?? [];
      return target === "" || target.includes("#") ? [] : [{ path: resolvedLink(CONTENTS, target), title: name }];
    });
    return { title, documents };
  });
}
