// What is printed as JSON, held to the interface that declares it (scripts/json_docs.ts lists them).

import { JSON_PAGES } from "../../scripts/json_docs.ts";
import { faultsOfJson, schemaOf } from "../../scripts/json_schema.ts";

/** What is wrong with the value, one line each. `root` is the name of its interface. */
export function faultsOfDeclared(root: string, value: unknown): string[] {
  const page = JSON_PAGES.find((page) => page.root === root);
  if (page === undefined) throw new Error(`${root} is no page of docs/json.md`);
  const read = (path: string): string => Deno.readTextFileSync(new URL(`../../${path}`, import.meta.url));
  return faultsOfJson(schemaOf(...page.sources.map(read)), root, value);
}
