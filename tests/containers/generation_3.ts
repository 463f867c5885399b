// Images of generation 3 for tests: definitions of services, by name.

import { canIsolate } from "../surroundings/namespace.ts";
import { type Root, root } from "../surroundings/quick.ts";
import type { Given } from "../rows/harness.ts";

export const SOURCES = "etc/s6-overlay/s6-rc.d";

type Files = Readonly<Record<string, Given>>;

export function scriptFile(content: string): { content: string; mode: number } {
  return { content: `#!/bin/sh\n${content}\n`, mode: 0o755 };
}

/** The files of one definition. */
export function definedFiles(name: string, content: Files): Files {
  return Object.fromEntries(Object.entries(content).map(([file, given]) => [`${SOURCES}/${name}/${file}`, given]));
}

const needing = (needs: readonly string[]): Files =>
  Object.fromEntries(needs.map((name) => [`dependencies.d/${name}`, ""]));

/** A oneshot that says "up NAME" and "down NAME", or runs these command lines. */
export function oneshotFiles(name: string, needs: readonly string[] = [], more: Files = {}): Files {
  return definedFiles(name, {
    type: "oneshot\n",
    up: `echo up ${name}\n`,
    down: `echo down ${name}\n`,
    ...needing(needs),
    ...more,
  });
}

/** A longrun whose run is this shell script, which cannot be executed as it is. */
export function longrunFiles(name: string, run: string, needs: readonly string[] = [], more: Files = {}): Files {
  return definedFiles(name, { type: "longrun", run: `#!/bin/sh\n${run}\n`, ...needing(needs), ...more });
}

export function bundleFiles(name: string, contents: readonly string[]): Files {
  return definedFiles(name, {
    type: "bundle\n",
    ...Object.fromEntries(contents.map((one) => [`contents.d/${one}`, ""])),
  });
}

/** What the boot starts. */
export function user(...names: string[]): Files {
  return Object.fromEntries(names.map((name) => [`etc/s6-overlay/user-bundles.d/user/contents.d/${name}`, ""]));
}

/** A longrun that says when it runs and when it ends, and tells that it is ready. */
export function server(name: string, needs: readonly string[] = [], more: Files = {}): Files {
  const run = `trap 'echo "end ${name}"; exit 0' TERM\necho "run ${name}"; echo >&3; while :; do sleep 0.02; done`;
  return longrunFiles(name, run, needs, { "notification-fd": "3\n", ...more });
}

export function story(name: string, image: Files, work: (root: Root) => Promise<void>): void {
  const fn = async (): Promise<void> => {
    await using made = await root(image);
    await work(made);
  };
  Deno.test({ name, ignore: !canIsolate, fn });
}

/** The positions of these lines in a text are in this order. */
export function inOrder(text: string, ...lines: readonly string[]): boolean {
  const found = text.split("\n");
  let from = 0;
  return lines.every((line) => {
    const at = found.indexOf(line, from);
    from = at + 1;
    return at >= 0;
  });
}
