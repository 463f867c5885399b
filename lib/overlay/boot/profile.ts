// Where the user has the four directories: /etc, or the profile that a setting names.

import type { ByteString } from "../../bytes.ts";
import type { Door } from "../../os/os.ts";
import { OsError } from "../../report.ts";
import type { Reporter } from "../../reporter.ts";
import { SETTINGS, type Settings, shown } from "../settings.ts";

export const PROFILES = "/etc/cont-profile.d";
export const MOST_PROFILES = 1024;
const MOST_SHOWN = 10;

type ProfileOs = { readonly door: Pick<Door, "find" | "list"> };

/** Where the user's directories are. */
export function sourceOf(settings: Pick<Settings, "get">): ByteString {
  const profile = settings.get("runtimeProfile");
  return profile === "" ? "/etc" : `${PROFILES}/${profile}`;
}

/** A profile that is misspelt would start nothing, and say nothing. */
export function tellOfMissingProfile(
  { door }: ProfileOs,
  settings: Pick<Settings, "get">,
  report: Reporter,
): void {
  const profile = settings.get("runtimeProfile");
  if (profile === "") return;
  try {
    if (door.find(sourceOf(settings))?.kind === "directory") return;
    const profiles = door.find(PROFILES)?.kind === "directory" ? door.list(PROFILES, MOST_PROFILES).sort() : [];
    const there = profiles.slice(0, MOST_SHOWN).map(shown).join(", ") + (profiles.length > MOST_SHOWN ? ", ..." : "");
    report(
      "warning",
      "s6-init",
      `${SETTINGS.runtimeProfile.variable} is "${shown(profile)}", but there is no directory ` +
        `${PROFILES}/${shown(profile)}: nothing of the image is run or started. ` +
        (there === "" ? `${PROFILES} has no profiles` : `${PROFILES} has ${there}`),
    );
  } catch (error) {
    // On another file system: a child looks there, and finds nothing to run.
    if (!(error instanceof OsError)) throw error;
  }
}
