// Where the services of generation 3 are: the compiled database, and the live directory.

import { PATHS } from "../paths.ts";

/** The database of the boot. */
export const DATABASE = `${PATHS.state}/db`;
/** Beside it, a file for each service that has conditions. */
export const CONDITIONS = `${PATHS.state}/enabled-if`;
/** The scan directory, as images of generation 3 know it. */
export const SCAN_DIRECTORY = "/run/service";
/** Definitions in the tarball, for images that name them and do not define them. */
export const SHIPPED_SOURCES = "/usr/lib/s6-overlay/s6-rc.d";
