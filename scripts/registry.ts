// Makes the registry of applets short for the bundle, as every start reads it: the names of each family, whose modules lie
// in a chunk of its own, a line for each module in place of one for each applet. A plugin of Rollup.

import { resolve } from "node:path";
import type { Plugin } from "npm:rollup@4.52.3";

const REGISTRY: string = resolve("cli/index.ts");
const FAMILY = "\0family:";

const FAMILY_LINES = /^ {2}"(\w+)": \{\n(( {4}.*\n)*) {2}\},$/gm;
const LINE = /^ {4}"([^"]+)": \(\) => import\("\.([^"]+)"\)\.then\(\(m\) => m\.(\w+)\),$/gm;

/** What is called back at once must be so here too: nothing that supervises may have to wait for a module. */
const NAMES =
  `const named = (load, name) => () => ({ then: (use) => load().then((family) => family.applets[name]().then(use)) });
export const applets = {};
for (const [names, load] of families) for (const name of names.split(" ")) applets[name] = named(load, name);
`;
/** The applets of a module are named, as what is not named is left out of its chunk. */
const MODULES = `const named = (load, index) => () => load().then((found) => found[index]);
export const applets = {};
for (const [names, load] of modules) names.split(" ").forEach((name, index) => applets[name] = named(load, index));
`;

/** It loads the module, and those of the families, in their short form. */
export function shortRegistry(): Plugin {
  const families = shortFamilies();
  return {
    name: "registry",
    resolveId: (id) => id.startsWith(FAMILY) ? id : null,
    load: (id) => {
      if (id === REGISTRY) return directory(families);
      return id.startsWith(FAMILY) ? families.get(id.slice(FAMILY.length))?.code ?? null : null;
    },
  };
}

/** The modules in the bundle that load applets. */
export function familyModules(): readonly string[] {
  return [...shortFamilies().keys()].map((family) => FAMILY + family);
}

function shortFamilies(): ReadonlyMap<string, ShortFamily> {
  return shortened(Deno.readTextFileSync(REGISTRY));
}

interface ShortFamily {
  /** The programs' names. */
  readonly names: readonly string[];
  /** What gives the program of a name, and loads its module. */
  readonly code: string;
}

/** The families, made from the registry's source. */
export function shortened(source: string): ReadonlyMap<string, ShortFamily> {
  return new Map([...source.matchAll(FAMILY_LINES)].map(([, family = "", lines = ""]) => [family, shortFamily(lines)]));
}

function shortFamily(source: string): ShortFamily {
  const modules = new Map<string, { readonly names: string[]; readonly exports: string[] }>();
  for (const [, name = "", path = "", exported = ""] of source.matchAll(LINE)) {
    const { names, exports } = modules.get(path) ?? { names: [], exports: [] };
    modules.set(path, { names: [...names, name], exports: [...exports, `m.${exported}`] });
  }
  const lines = [...modules].map(([path, { names, exports }]) =>
    `  ["${names.join(" ")}", () => import("${resolve(`cli${path}`)}").then((m) => [${exports.join(", ")}])],\n`
  );
  return {
    names: [...modules.values()].flatMap(({ names }) => names),
    code: `const modules = [\n${lines.join("")}];\n${MODULES}`,
  };
}

function directory(families: ReadonlyMap<string, ShortFamily>): string {
  const lines = [...families].map(([family, { names }]) =>
    `  ["${names.join(" ")}", () => import(${JSON.stringify(FAMILY + family)})],\n`
  );
  return `const families = [\n${lines.join("")}];\n${NAMES}`;
}
