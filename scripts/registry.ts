// Makes the registry of applets short for the bundle, as every start reads it: a line for each module in place of one for
// each applet. A plugin of Rollup.

import { resolve } from "node:path";
import type { Plugin } from "npm:rollup@4.52.3";

export const REGISTRY: string = resolve("cli/index.ts");

const LINE = /^ {2}"([^"]+)": \(\) => import\("([^"]+)"\)\.then\(\(m\) => m\.\w+\),$/gm;

/** What cli/index.ts is in the bundle. An applet is found in its module by the name that it declares. */
const CODE = `const named = (load, name) => () =>
  load().then((module) => Object.values(module).find((each) => each.kind !== undefined && each.name === name));
export const applets = {};
for (const [names, load] of modules) for (const name of names.split(" ")) applets[name] = named(load, name);
`;

/** It loads the module in its short form. */
export function shortRegistry(): Plugin {
  return { name: "registry", load: (id) => id === REGISTRY ? shortened(Deno.readTextFileSync(id)) : null };
}

/** The registry's code, made from its source. */
export function shortened(source: string): string {
  const modules = new Map<string, string[]>();
  for (const [, name = "", path = ""] of source.matchAll(LINE)) modules.set(path, [...modules.get(path) ?? [], name]);
  const lines = [...modules].map(([path, names]) => `  ["${names.join(" ")}", () => import("${path}")],\n`);
  return `const modules = [\n${lines.join("")}];\n${CODE}`;
}
