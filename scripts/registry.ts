// Makes the registry of applets short for the bundle, as every start reads it: a line for each module in place of one for
// each applet. A plugin of Rollup.

import { resolve } from "node:path";
import type { Plugin } from "npm:rollup@4.52.3";

export const REGISTRY: string = resolve("cli/index.ts");

const LINE = /^ {4}"([^"]+)": \(\) => import\("([^"]+)"\)\.then\(\(m\) => m\.(\w+)\),$/gm;

/**
 * What cli/index.ts is in the bundle, where the families are those of strip.ts. The applets of a module are named, as
 * what is not named is left out of its chunk.
 */
const CODE = `const named = (load, index) => () => load().then((found) => found[index]);
export const applets = {};
for (const [names, load] of modules) names.split(" ").forEach((name, index) => applets[name] = named(load, index));
`;

/** It loads the module in its short form. */
export function shortRegistry(): Plugin {
  return { name: "registry", load: (id) => id === REGISTRY ? shortened(Deno.readTextFileSync(id)) : null };
}

/** The registry's code, made from its source. */
export function shortened(source: string): string {
  const modules = new Map<string, { readonly names: string[]; readonly exports: string[] }>();
  for (const [, name = "", path = "", exported = ""] of source.matchAll(LINE)) {
    const { names, exports } = modules.get(path) ?? { names: [], exports: [] };
    modules.set(path, { names: [...names, name], exports: [...exports, `m.${exported}`] });
  }
  const lines = [...modules].map(([path, { names, exports }]) =>
    `  ["${names.join(" ")}", () => import("${path}").then((m) => [${exports.join(", ")}])],\n`
  );
  return `const modules = [\n${lines.join("")}];\n${CODE}`;
}
