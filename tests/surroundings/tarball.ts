// The tarball under test.

import { HOST } from "../../scripts/base.ts";

const ROOT = new URL("../..", import.meta.url).pathname;

/** Its path. OVERLAY_TARBALL in the environment names another one. */
export const TARBALL: string = Deno.env.get("OVERLAY_TARBALL") ?? `${ROOT}dist/s6-overlay-${HOST}.tar.gz`;

/** The same, uncompressed: for tests that unpack it often. */
export const PLAIN_TARBALL: string = TARBALL.replace(/\.gz$/, "");

/** Where tests keep what they make for several runs. */
export const CACHE = `${ROOT}dist/cache`;
