// Services that an image has in /etc/s6/services, as generations 1 and 2 take them for those of the scan directory: supervised
// before cont-init.d. So are files for signals in its .s6-svscan, and its own ways of the services that the overlay brings.

import type { ByteString } from "../../bytes.ts";
import { ifThere, OsError, textOf } from "../../report.ts";
import type { Reporter } from "../../reporter.ts";
import { CATCH_ALL } from "../../supervise/scan.ts";
import { PATHS } from "../paths.ts";
import { throughDoor } from "./copied_files.ts";
import { type HeldDirectory, holdProvided, listed, withHeld } from "./user_directories.ts";
import { provideServices, type ServicesOs } from "./user_services.ts";

export const HOLDER = "s6-fdholderd";

/**
 * Lays them into the scan directory before its first scan.
 * @param logs there is a catch-all logger
 */
export function layImageServices(os: ServicesOs, logs: boolean, report: Reporter): void {
  try {
    const held = holdProvided(os, PATHS.imageServices);
    if (held !== undefined) withHeld(os, held, () => lay(os, held, logs, report));
  } catch (error) {
    if (!(error instanceof OsError)) throw error;
    report("warning", "s6-init", `${textOf(error)}: its services are left out`);
  }
}

function lay(os: ServicesOs, held: HeldDirectory, logs: boolean, report: Reporter): void {
  const has = (path: ByteString): boolean => os.door.find(path, held.fd) !== undefined;
  // The tarball has the holder's down: an image removes it to have the holder.
  const isHeldDown = has(`${HOLDER}/down`);
  const names = listed(os, held).filter((name) =>
    name === HOLDER ? !isHeldDown : name === CATCH_ALL ? logs : isService(name)
  );
  if (names.length === 0) return;
  if (names.includes(HOLDER)) ifThere(() => os.unlink(`${PATHS.holderService}/down`));
  // Whether it tells when it is ready is for its own run script to say.
  if (names.includes(CATCH_ALL) && has(`${CATCH_ALL}/run`)) {
    ifThere(() => os.unlink(`${PATHS.services}/${CATCH_ALL}/notification-fd`));
  }
  const work = provideServices(throughDoor(os), held, PATHS.imageServices, names, report);
  let step = work.next();
  while (!step.done) step = work.next();
  for (const name of step.value.elsewhere) {
    report(
      "warning",
      "s6-init",
      `${held.path}/${name} is on another file system, and is not started: /etc/services.d is for it`,
    );
  }
}

/** Names that the scanner reads, and its own directory, for the files there that handle signals. */
function isService(name: ByteString): boolean {
  return !name.startsWith(".") || name === ".s6-svscan";
}
