// The image of the stories: a busybox with the overlay, a service that tells when it is ready, and scripts around it.

import { layRoot } from "../../scripts/rootfs.ts";
import { lay } from "../rows/harness.ts";
import { extractOverlay } from "../surroundings/overlay_tree.ts";

/** Of the image. The command waits for the services, so that what a story sees does not depend on which is faster. */
export const IMAGE_ENVIRONMENT: Readonly<Record<string, string>> = { S6_CMD_WAIT_FOR_SERVICES: "1" };
/** What a container prints once its services are up. */
export const BOOTED = "[services.d] done.";
export const IMAGE_ENTRYPOINT = "/init";

function sh(...lines: readonly string[]): { readonly content: string; readonly mode: number } {
  return { content: ["#!/bin/sh", ...lines, ""].join("\n"), mode: 0o755 };
}

const FILES = {
  "etc/cont-init.d/10-greet": sh("echo init script"),
  "etc/cont-finish.d/10-greet": sh("echo finish script"),
  // It leaves an orphan, which process 1 must reap.
  "etc/services.d/web/run": sh(
    "(sleep 0 &)",
    'trap "echo web ends; exit 0" TERM',
    "echo web runs",
    "echo >&3",
    "while :; do sleep 1000 & wait; done",
  ),
  "etc/services.d/web/notification-fd": "3\n",
};

/** Lays it out in the directory, which must not exist. */
export async function layMatrixImage(directory: string): Promise<void> {
  await layRoot("busybox", directory);
  await Deno.chmod(directory, 0o755);
  await extractOverlay(directory);
  await lay(directory, FILES);
}
