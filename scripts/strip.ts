// Takes what is for people only out of the declarations of applets, so that no start reads it, and puts it into chunks of
// its own, one a family, in place of cli/pages.ts. A plugin of Rollup.

import { resolve } from "node:path";
import type { Plugin } from "npm:rollup@4.52.3";
import { FAMILIES, type Page, pagesOf } from "../cli/pages.ts";

/** The functions that declare an applet, and what of a declaration is for people. */
const DECLARES = new Set(["chain", "fork", "coursing", "utility", "replying", "daemon", "directive"]);
const FOR_PEOPLE = new Set(["summary", "help", "ignored", "exits", "notes"]);

const PAGES = resolve("cli/pages.ts");
const CHUNK = "\0pages:";

/** Its part of the transformation comes last, when the types are gone. */
export function keepApart(): Plugin {
  return {
    name: "declarations",
    resolveId: (source) => source.startsWith(CHUNK) ? source : null,
    load: async (id) => {
      if (id === PAGES) return await directory();
      if (id.startsWith(CHUNK)) return `export const pages = ${literal(await pagesOf(id.slice(CHUNK.length)))};`;
      return null;
    },
    transform: {
      order: "post",
      handler(code, id): { code: string; map: null } | null {
        return /\/cli\/\w+\/\w+\.ts$/.test(id) ? { code: stripped(code, this.parse(code)), map: null } : null;
      },
    },
  };
}

/** What cli/pages.ts is in the bundle. */
async function directory(): Promise<string> {
  const names: Record<string, string[]> = {};
  for (const family of FAMILIES) names[family] = (await pagesOf(family)).map(({ name }) => name);
  const chunks = FAMILIES.map((family) => `${literal(family)}: () => import(${literal(CHUNK + family)})`);
  return `const names = ${literal(names)};
const chunks = { ${chunks.join(", ")} };
export const FAMILIES = ${literal(FAMILIES)};
export const familyOf = (name) => FAMILIES.find((family) => names[family].includes(name)) ?? "";
export const pagesOf = (family) => chunks[family]().then((chunk) => chunk.pages);
`;
}

function literal(value: string | readonly string[] | readonly Page[] | Record<string, readonly string[]>): string {
  return JSON.stringify(value);
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** The code without the properties that are for people. */
function stripped(code: string, tree: unknown): string {
  let text = code;
  for (const { start, end } of propertiesForPeople(tree).sort((a, b) => b.start - a.start)) {
    // With the comma behind it: what is left of a declaration is never empty.
    const comma = /^\s*,/.exec(text.slice(end))?.[0].length ?? 0;
    text = text.slice(0, start) + text.slice(end + comma);
  }
  return text;
}

function propertiesForPeople(tree: unknown): Node[] {
  if (typeof tree !== "object" || tree === null) return [];
  if (Array.isArray(tree)) return tree.flatMap(propertiesForPeople);
  const node = tree as Readonly<Record<string, unknown>>;
  if (node["type"] !== "CallExpression") return Object.values(node).flatMap(propertiesForPeople);
  const { name } = node["callee"] as { readonly name?: string };
  const [declaration] = node["arguments"] as readonly (Node & { readonly properties?: readonly unknown[] })[];
  if (name === undefined || !DECLARES.has(name) || declaration?.type !== "ObjectExpression") {
    return Object.values(node).flatMap(propertiesForPeople);
  }
  return (declaration.properties as readonly (Node & { readonly key?: { readonly name?: string } })[])
    .filter(({ key }) => key?.name !== undefined && FOR_PEOPLE.has(key.name));
}
