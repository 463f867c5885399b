// How rows write source directories: a service is the files of its directory.

import type { Given } from "../rows/harness.ts";

/** Files by their paths in the row's directory. */
export type SourceTree = Readonly<Record<string, Given>>;

/** The source named s with these services. */
export function source(services: Readonly<Record<string, SourceTree>>, name = "s"): SourceTree {
  const files = Object.entries(services).flatMap(([service, tree]) =>
    Object.entries(tree).map(([path, given]) => [`${name}/${service}/${path}`, given])
  );
  return Object.fromEntries(files);
}

/** Empty files in a directory: how dependencies.d and contents.d list names. */
export function listing(directory: string, ...names: readonly string[]): SourceTree {
  return Object.fromEntries(names.map((name) => [`${directory}/${name}`, ""]));
}

export function longrun(...more: readonly SourceTree[]): SourceTree {
  return Object.assign({ type: "longrun\n", run: "#!/bin/sh\nexec sleep 1000\n" }, ...more);
}

export function oneshot(up: string, ...more: readonly SourceTree[]): SourceTree {
  return Object.assign({ type: "oneshot\n", up }, ...more);
}

export function bundleOf(...names: readonly string[]): SourceTree {
  return { type: "bundle\n", ...listing("contents.d", ...names), ...(names.length === 0 ? { contents: "" } : {}) };
}

export function needs(...names: readonly string[]): SourceTree {
  return listing("dependencies.d", ...names);
}
