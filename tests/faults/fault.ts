// A fault as a test: a scan directory under our s6-svscan, and a shell script that brings a calamity upon it and tells
// what comes of it.

import { equal } from "node:assert/strict";
import { type Given, haveOriginals } from "../rows/harness.ts";
import { canIsolate, OURS, runIsolated } from "../surroundings/namespace.ts";

const STAGE = Deno.readTextFileSync(new URL("stage.sh", import.meta.url));

/** An executable shell script. */
export function faultScript(...lines: readonly string[]): Given {
  return { content: `#!/bin/sh\n${lines.join("\n")}\n`, mode: 0o755 };
}

/** A service that stays until it is stopped. */
export const STEADY_RUN: Given = faultScript("exec sleep 10000");

/** Registers a test: the lines of shell must tell the lines expected. */
export function fault(
  name: string,
  files: Readonly<Record<string, Given>>,
  lines: readonly string[],
  expected: readonly string[],
): void {
  Deno.test({
    name,
    ignore: !canIsolate || !haveOriginals,
    fn: async () => {
      const { stdout, errors } = await runIsolated([`OURS=${OURS}`, STAGE, ...lines, ""].join("\n"), files);
      equal(stdout, `${expected.join("\n")}\n`, `${stdout}\n${errors}`);
    },
  });
}
