// Variables whose names begin as those of settings do, and that are no settings: programs and scripts find them in their
// environment, or descriptor holders in their rules; or they are settings of another generation.

import type { RightNames } from "../fdholder/rights.ts";
import { SETTINGS } from "./settings.ts";

/** The file and variable that tell finish scripts, and the container's exit code, how stage 2 ended. */
export const STAGE2_EXITED = "S6_STAGE2_EXITED";

/** What the container's command finds in its environment besides the container's own. */
export function commandVariables(logging: number): readonly (readonly [string, string])[] {
  return [[SETTINGS.logging.variable, `${logging}`]];
}

/** What the rules of a descriptor holder call the rights of a client. */
export const HOLDER_RIGHTS: RightNames = {
  list: "S6_FDHOLDER_LIST",
  getDump: "S6_FDHOLDER_GETDUMP",
  setDump: "S6_FDHOLDER_SETDUMP",
  store: "S6_FDHOLDER_STORE_REGEX",
  retrieve: "S6_FDHOLDER_RETRIEVE_REGEX",
};
/** Held descriptors in an environment: how many, and of each, with its index behind, the number, name and limit. */
export const DUMP_VARIABLES = { count: "S6_FD#", fd: "S6_FD_", name: "S6_FDID_", limit: "S6_FDLIMIT_" } as const;

/** Settings of generation 3 that have no effect here: images are made for both. */
export const SETTINGS_OF_LATER: readonly string[] = [
  "S6_SERVICES_READYTIME",
  "S6_WAIT_FOR_CLOSING_FD",
  "S6_YES_I_WANT_A_WORLD_WRITABLE_RUN_BECAUSE_KUBERNETES",
];
