// The man page of each program and subcommand, as files for docs/man.

import { manName, manPage, manSection } from "../cli/man.ts";
import { subcommandPages } from "../cli/operator/subcommand_pages.ts";
import { FAMILIES, pagesOf } from "../cli/pages.ts";

export const MAN_DIRECTORY = "docs/man";

/** Text by path. */
export async function manPages(): Promise<ReadonlyMap<string, string>> {
  const families = await Promise.all(FAMILIES.map(async (family) => ({ family, pages: await pagesOf(family) })));
  const all = [...families, { family: "overlay", pages: await subcommandPages() }];
  return new Map(all.flatMap(({ family, pages }) =>
    pages.map((page): [string, string] => [
      `${MAN_DIRECTORY}/${manName(page)}.${manSection(page)}`,
      manPage(page, family),
    ])
  ));
}
