// docs/service-directory.md, printed from its rows: every file of a service directory, of s6, of s6-rc and of this overlay.

import { CONDITION_FORMS } from "../lib/overlay/conditions.ts";
import { CONDITIONS_FILE } from "../lib/overlay/conditions_file.ts";
import { COPY_LIMITS } from "../lib/overlay/boot/copied_files.ts";
import { LONGEST_TALLY, USUAL_TALLY } from "../lib/supervise/death_tally.ts";
import { NOTIFICATION_FILE, NOTIFY_SOCKET, WATCHDOG } from "../lib/supervise/readiness_files.ts";
import { KILL_GROUP, USUAL_TIMEOUT_FINISH } from "../lib/supervise/service_dir.ts";

/** What has such a file: a supervised service, a definition in s6-rc.d, or the former and longruns of the latter. */
type Place =
  | "service"
  | "longrun"
  | "oneshot"
  | "bundle"
  | "longrun, oneshot"
  | "all definitions"
  | "service, longrun"
  | "service, longrun, oneshot";

interface ServiceFile {
  readonly file: string;
  readonly whose: "s6" | "s6-rc" | "s6-overlay";
  readonly place: Place;
  readonly meaning: string;
  /** What holds where there is none. */
  readonly without: string;
}

/** A row of a table of its own. */
type Row = readonly [file: string, place: Place, meaning: string, without: string];

const S6: readonly Row[] = [
  [
    "run",
    "service, longrun",
    "What is started, and supervised: a script or a program. It gets the service's name as its argument.",
    "the service cannot be started",
  ],
  [
    "finish",
    "service, longrun",
    "What is run each time that `run` has ended, with the exit code (256: a signal), the signal, the service's name and " +
    "the process group of `run`. 125 says that the service has failed for good.",
    "nothing is run",
  ],
  [
    NOTIFICATION_FILE,
    "service, longrun",
    "The number, 3 or more, of the descriptor on which `run` writes a newline when it is ready.",
    "readiness is not told",
  ],
  ["down-signal", "service, longrun", "The signal that has `run` end: a name or a number.", "`TERM`"],
  ["reload-signal", "service, longrun", "The signal that has `run` read its configuration again.", "`HUP`"],
  [
    "timeout-kill",
    "service, longrun",
    "After how many milliseconds KILL follows the down-signal. 0: never.",
    "`0`",
  ],
  [
    "flag-timeout-killpg",
    "service, longrun",
    "That KILL goes to the whole process group of `run`. An empty file.",
    "to `run` alone",
  ],
  [
    "timeout-finish",
    "service, longrun",
    "After how many milliseconds `finish` is killed. 0: never.",
    `\`${USUAL_TIMEOUT_FINISH}\``,
  ],
  [
    "max-death-tally",
    "service, longrun",
    `How many deaths are remembered, for \`s6-svdt\` and \`s6-permafailon\`; ${LONGEST_TALLY} at most.`,
    `\`${USUAL_TALLY}\``,
  ],
  [
    "lock-fd",
    "service, longrun",
    "The number, 3 or more, of a descriptor that holds a lock as long as a process of the service has it open: the next " +
    "`run` waits for that.",
    "there is no lock",
  ],
  [
    "flag-newpidns",
    "service, longrun",
    "That `run` is process 1 of a pid namespace of its own. An empty file.",
    "it is not",
  ],
  ["down", "service", "That the service is not started with the container. An empty file.", "it is started"],
  [
    "log/",
    "service",
    "A service directory of its own, for a logger: it reads what the service prints on standard output.",
    "the container's output",
  ],
  ["data/", "service, longrun", "What the service likes. It keeps its owners and modes.", "nothing"],
  [
    "data/check",
    "service, longrun",
    "What `s6-notifyoncheck` runs until it exits 0, when the service is ready.",
    "`s6-notifyoncheck -c` names a command",
  ],
  ["env/", "service, longrun", "Variables, one a file, for an `s6-envdir env` in `run`. It keeps its owners.", "none"],
  [
    "template/",
    "longrun",
    "The service directory that the service's instances are copies of (`s6-instance-create`).",
    "it has no instances",
  ],
  ["instance/", "service, longrun", "The scan directory of the service's instances.", "made with `template/`"],
  ["instances/", "service, longrun", "The service directories of the instances.", "made with `template/`"],
  [
    "event/",
    "service, longrun",
    "Where those who wait for events of the service have their fifos.",
    "it is made",
  ],
  ["supervise/", "service, longrun", "State of the supervisor: status, control, lock, deaths.", "it is made"],
];

const S6_RC: readonly Row[] = [
  ["type", "all definitions", "`longrun`, `oneshot` or `bundle`.", "the definition is wrong"],
  [
    "dependencies.d/",
    "longrun, oneshot",
    "Empty files with the names of what must be up before; bundles, too.",
    "it may start at once",
  ],
  ["dependencies", "longrun, oneshot", "The same as names, one a line, where there is no `dependencies.d`.", "none"],
  ["contents.d/", "bundle", "Empty files with the names of what is in the bundle.", "`contents` says it"],
  ["contents", "bundle", "The same as names, one a line.", "the definition is wrong"],
  [
    "up",
    "oneshot",
    "The command line, in execline's language, that brings it up. An empty one succeeds.",
    "the definition is wrong",
  ],
  ["down", "oneshot", "The command line that brings it down. (In a longrun it counts for nothing.)", "nothing is done"],
  ["reload", "oneshot", "The command line of `s6-rc reload`.", "it cannot be reloaded"],
  [
    "timeout-up",
    "longrun, oneshot",
    "How many milliseconds it may take to be up, and ready where it tells that. 0: no limit.",
    "`0`",
  ],
  ["timeout-down", "longrun, oneshot", "How many milliseconds it may take to be down. 0: no limit.", "`0`"],
  ["producer-for", "longrun", "The one longrun that reads what this one prints.", "the container's output"],
  ["consumer-for", "longrun", "The longruns whose output this one reads, one a line.", "it reads /dev/null"],
  ["pipeline-name", "longrun", "In the last reader: the name of a bundle of the whole pipeline.", "no bundle"],
  [
    "flag-essential",
    "all definitions",
    "That `s6-rc -d` leaves it up, and only `-D` takes it down. Another thing than `essential`.",
    "it is taken down",
  ],
  ["flag-recommended", "all definitions", "What tools of repositories take it for; the boot does not look at it.", "-"],
];

const OVERLAY: readonly Row[] = [
  [
    "essential",
    "service, longrun",
    "That the container ends when the service ends by itself, with its exit code. An empty file.",
    "the service is started again",
  ],
  [
    CONDITIONS_FILE,
    "service, longrun, oneshot",
    `Conditions on which it is started, one a line: ${CONDITION_FORMS}.`,
    "it is started",
  ],
  [
    KILL_GROUP,
    "service, longrun",
    "That what `run` leaves of its process group is killed when it has ended, before `finish`. An empty file.",
    "it is left, and `finish` is told the group",
  ],
  [
    NOTIFY_SOCKET,
    "service, longrun",
    "That the service speaks systemd's notify protocol. Empty or `main`: messages of `run` count; `all`: those of its " +
    "whole session.",
    "it does not",
  ],
  [
    WATCHDOG,
    "service, longrun",
    "Within how many milliseconds the service tells, again and again, that it is alive.",
    "there is no watchdog",
  ],
];

/** In the order in which they are printed. */
export const SERVICE_FILES: readonly ServiceFile[] = [
  ...owned("s6", S6),
  ...owned("s6-rc", S6_RC),
  ...owned("s6-overlay", OVERLAY),
];

function owned(whose: ServiceFile["whose"], rows: readonly Row[]): ServiceFile[] {
  return rows.map(([file, place, meaning, without]) => ({ file, whose, place, meaning, without }));
}

type Table = (head: readonly string[], rows: readonly (readonly string[])[]) => string;

/** @param printed the line that says where the document comes from */
export function printServiceDirectory(printed: string, table: Table): string {
  const rows = SERVICE_FILES.map(({ file, whose, place, meaning, without }) => [
    `\`${file}\``,
    whose,
    place,
    meaning,
    without,
  ]);
  return [
    "# The service directory",
    printed,
    "Every file that counts in the directory of a service: whose it is, what it means, and what holds without it. " +
    "[services.md](services.md) and [dependencies.md](dependencies.md) have how they are used, and " +
    "[notify.md](notify.md) has the notify protocol.",
    "In the column Where, _service_ is a directory in `/etc/services.d` or in a scan directory; _longrun_, _oneshot_ and " +
    "_bundle_ are definitions in `/etc/s6-overlay/s6-rc.d`.",
    table(["File", "Whose", "Where", "Meaning", "Without it"], rows),
    `A file with a number or a word has it in its first line. It is read anew whenever it is needed, so that a change in ` +
    "`/run/service/NAME` holds from the next time on. What makes no sense is reported, and counts as missing; in a " +
    "definition of s6-rc it fails the boot. `s6-overlay lint` finds it before. The directory is copied when the container starts: more than " +
    `${COPY_LIMITS.bytes / 1024 / 1024} MiB or ${COPY_LIMITS.entries} files are refused.`,
  ].join("\n\n");
}
