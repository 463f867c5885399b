// What a logger of the overlay has to add when it cannot use its directory: its service and its user. The
// system only says that a path may not be written.

import { type AccountFiles, userWithId } from "../../accounts.ts";
import type { ByteString } from "../../bytes.ts";
import type { Os } from "../../os/os.ts";
import { type OsError, unlessRefused } from "../../report.ts";

/** Where the supervision tree has services, by whatever path, and where they are in a state directory elsewhere. */
const SERVICE = /\/s6(?:-overlay-\d+-\d+)?\/(?:legacy-)?services\/([^/]+)(?:\/log)?$/;
/** Where s6-rc has longruns. */
const LONGRUN = /\/s6-rc(?::[^/]*)?\/servicedirs\/([^/]+)$/;

/** Undefined for a logger that no service of the overlay has. */
export function loggerTrouble(
  os: Pick<Os, "currentDirectory" | "credentials"> & AccountFiles,
  directory: ByteString,
  { errno }: Pick<OsError, "errno">,
): string | undefined {
  const current = unlessRefused(() => os.currentDirectory()) ?? "";
  const longrun = LONGRUN.exec(current)?.[1];
  const service = longrun ?? SERVICE.exec(current)?.[1];
  if (service === undefined) return undefined;
  const { uid } = os.credentials();
  const name = unlessRefused(() => userWithId(os, uid)?.name);
  const user = `user ${uid}${name === undefined ? "" : ` (${name})`}`;
  const maker = longrun === undefined ? "a script of cont-init.d" : "a oneshot that it depends on";
  const who = `the logger of service ${service} runs as ${user}`;
  if (errno === "EROFS") return `${who}, on a file system that is read-only: mount a volume or a tmpfs there`;
  if (errno === "ENOENT") return `${who}, and makes no directories above its own: make them in ${maker}`;
  return `${who}, which may not write there: make it in ${maker}, ` +
    `mkdir -p ${directory} && chown ${name ?? uid} ${directory}`;
}
