// Names that the programs of s6-rc agree on.

import type { ByteString } from "../bytes.ts";

/** The service that runs the scripts of oneshots. Every oneshot depends on it. */
export const ONESHOT_RUNNER = "s6rc-oneshot-runner";
/** The service that keeps the pipes between producers and consumers. What is in a pipeline depends on it. */
export const PIPE_HOLDER = "s6rc-fdholder";
/** The services of s6-rc itself, which no image defines. */
export const INTERNAL_SERVICES: readonly ByteString[] = [ONESHOT_RUNNER, PIPE_HOLDER];
/** The live directory, where none is given. */
export const LIVE_DIRECTORY = "/run/s6-rc";
/** The link to the database that is live after a boot, where none is given. */
export const BOOT_DATABASE = "/etc/s6-rc/compiled/current";
