// The man page of each program and subcommand, as files for docs/man.

import { manPage } from "../cli/man.ts";
import { subcommandPages } from "../cli/operator/subcommand_pages.ts";
import { FAMILIES, pagesOf } from "../cli/pages.ts";

export const MAN_DIRECTORY = "docs/man";

/** What a page is called: `.TH NAME SECTION ...` is its first line. */
function fileOf(page: string): string {
  const [, name = "", section = ""] = /^\.TH (\S+) (\d) /.exec(page) ?? [];
  return `${MAN_DIRECTORY}/${name.toLowerCase()}.${section}`;
}

/** Text by path. */
export async function manPages(): Promise<ReadonlyMap<string, string>> {
  const families = await Promise.all(FAMILIES.map(async (family) => ({ family, pages: await pagesOf(family) })));
  const all = [...families, { family: "overlay", pages: await subcommandPages() }];
  const texts = all.flatMap(({ family, pages }) => pages.map((page) => manPage(page, family)));
  return new Map(texts.map((text) => [fileOf(text), text]));
}
