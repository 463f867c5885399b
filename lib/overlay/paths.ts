// Where the overlay keeps its state. All of it but the logs lies under /var/run/s6 and is made anew at each start.

import { STATE, STATE_LOCK } from "../state_place.ts";

export const PATHS = {
  state: STATE,
  /** Locked by process 1. */
  lock: STATE_LOCK,
  /** There while the container's image is of generation 3. */
  later: `${STATE}/generation-3`,
  /** There once s6-rc has run cont-finish.d in generation 3, or must not as the container stops. */
  finished: `${STATE}/finished`,
  /** There once s6-rc has started or stopped services.d in generation 3: which of its services run by that. */
  startedServices: `${STATE}/started-services`,
  /** One file for each variable of the container's environment. */
  containerEnvironment: `${STATE}/container_environment`,
  /** Environment directories merged into the supervision tree, stage 2 and stage 3. */
  stage1: `${STATE}/env-stage1`,
  stage2: `${STATE}/env-stage2`,
  stage3: `${STATE}/env-stage3`,
  /** An image's own additions to stage 2. */
  stage2Extension: "/etc/s6/init/env-stage2",
  /** The user's four directories, as links or copies. */
  userFiles: `${STATE}/etc`,
  /** Sockets of services that speak systemd's notify protocol, by names that only the service is told. */
  notifySockets: `${STATE}/notify`,
  /** The scan directory. */
  services: `${STATE}/services`,
  /** What generations 1 and 2 make it from. */
  imageServices: "/etc/s6/services",
  /** Where scripts in the manner of generation 3 write the container's exit code, and call a program to stop it. */
  results: "/run/s6-linux-init-container-results",
  exitCode: "/run/s6-linux-init-container-results/exitcode",
  /** A link to the directory in the tarball that has bin/halt and its like. */
  halting: `${STATE}/basedir`,
  haltingPrograms: "/usr/lib/s6-overlay/basedir",
  /** What all programs of the overlay are links to. */
  launcher: "/usr/lib/s6-overlay/launcher",
  /** Links of the tarball: those of our commands that /usr/bin does not have, as distributions have others there. */
  words: "/usr/lib/s6-overlay/words",
  /** The descriptor holder, and where it listens. */
  holderService: `${STATE}/services/s6-fdholderd`,
  holderSocket: `${STATE}/fdholderd-socket`,
  holderRules: "/usr/lib/s6-overlay/s6-fdholderd-rules",
  /** What the catch-all logger reads, and the directory that it writes. */
  uncaughtLogsFifo: `${STATE}/uncaught-logs-fifo`,
  uncaughtLogs: "/var/log/s6-uncaught-logs",
} as const;
