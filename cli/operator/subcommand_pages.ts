// What there is to tell about all subcommands: for lists, completion and documentation.

import type { Page } from "../pages.ts";
import { pageOfSubcommand } from "./pages.ts";
import { subcommands } from "./subcommands.ts";

/** In order of name. */
export async function subcommandPages(): Promise<readonly Page[]> {
  const pages: Page[] = [];
  for (const load of Object.values(subcommands)) pages.push(pageOfSubcommand(await load()));
  return pages;
}
