// Fifos, devices, links in loops and the like in each place where a scanner or a supervisor looks for a file: all goes on,
// and one line says what was wrong.

import type { Given } from "../rows/harness.ts";
import { fault, faultScript } from "./fault.ts";

const OBJECTS = Deno.readTextFileSync(new URL("objects.sh", import.meta.url));
const CLASSES = ["fifo", "socket", "device", "directory", "loop", "huge", "sparse", "leased"] as const;
type Class = (typeof CLASSES)[number];

const FILES: Readonly<Record<string, Given>> = {
  run: faultScript("echo $$ >>pids; exec sleep 10000"),
  finish: faultScript("echo >>ends"),
};

const LEASED = "somebody holds a lease on it";
const LOOP = "Too many levels of symbolic links";

/** Why none of them is a file to read. */
const NO_FILE: Readonly<Partial<Record<Class, string>>> = {
  fifo: "it is a fifo, not a file",
  socket: "it is a socket, not a file",
  device: "it is a device, not a file",
  directory: "Is a directory",
};

const warning = (name: string, text: string): string => `s6-supervise ${name}: warning: ${text}`;
const fatal = (name: string, text: string): string => `s6-supervise ${name}: fatal: ${text}`;

/** The lines of shell do something to the scan directory; what is reported must be these lines, in any order. */
function reported(name: string, lines: readonly string[], reports: readonly string[]): void {
  const errors = "sort -u errors";
  fault(name, FILES, [OBJECTS, "mkdir scan", ...lines, "end", errors], ["scanner 0", ...[...reports].sort()]);
}

const SCANNER = "LC_ALL=C; export LC_ALL; s6-svscan scan 2>>errors & scanner=$!";
/** Another service is started again while there is all that. */
const OTHER = "shortly starts 1 other; kill -9 $(cat scan/other/pids); shortly starts 2 other";

const PARAMETERS = ["notification-fd", "lock-fd", "timeout-kill", "timeout-finish", "max-death-tally", "down-signal"];

function ofParameter(kind: Class, file: string): string {
  if (kind === "huge" || kind === "sparse") return `invalid ${file}`;
  return `unable to open ${file}: ${NO_FILE[kind] ?? (kind === "loop" ? LOOP : LEASED)}`;
}

reported(
  "what is no parameter file counts as none",
  [
    ...CLASSES.flatMap((kind) => [
      `service ${kind}`,
      ...PARAMETERS.map((file) => `object ${kind} scan/${kind}/${file}`),
    ]),
    `hold_objects; service other; ${SCANNER}; ${OTHER}`,
    ...CLASSES.map((kind) => `shortly starts 1 ${kind}; s6-svc -d scan/${kind}; shortly [ -s scan/${kind}/ends ]`),
    ...CLASSES.map((kind) => `s6-svc -u scan/${kind}; shortly starts 2 ${kind}`),
  ],
  CLASSES.flatMap((kind) => PARAMETERS.map((file) => warning(kind, ofParameter(kind, file)))),
);

reported(
  "whatever is called down keeps the service down",
  [
    ...CLASSES.map((kind) => `service ${kind}; object ${kind} scan/${kind}/down`),
    `hold_objects; service other; ${SCANNER}; ${OTHER}`,
    ...CLASSES.map((kind) => `starts 0 ${kind} || echo ${kind} is up`),
    // -D makes the file, -U removes it.
    ...CLASSES.map((kind) => `s6-svc -D scan/${kind}; s6-svc -U scan/${kind}; shortly starts 1 ${kind}`),
  ],
  [
    warning("loop", `unable to look at down: ${LOOP}`),
    warning("directory", "unable to remove down: Is a directory"),
    warning("leased", `unable to create down: ${LEASED}`),
  ],
);

const STATE = ["status", "status.new", "death_tally", "death_tally.new"];

function ofState(kind: Class, file: string): string[] {
  if (kind === "directory") {
    const action = file.startsWith("status") ? "write status file" : "empty supervise/death_tally";
    const after = file === "death_tally" ? ["unable to write supervise/death_tally: Is a directory"] : [];
    return [`unable to ${action}: Is a directory`, ...after];
  }
  if (kind !== "loop" && NO_FILE[kind] === undefined) return [];
  const what = kind === "loop" ? "link" : kind;
  return [
    file.endsWith(".new")
      ? `supervise/${file} was a ${what}: it is removed`
      : `supervise/${file} is a ${what}: a file takes its place`,
  ];
}

reported(
  "what stands where a supervisor writes gives way to a file",
  [
    ...STATE.flatMap((file) =>
      CLASSES.map((kind) =>
        `service ${file}-${kind}; mkdir scan/${file}-${kind}/supervise; ` +
        `object ${kind} scan/${file}-${kind}/supervise/${file}`
      )
    ),
    `hold_objects; service other; ${SCANNER}; ${OTHER}`,
    "for file in $pids; do shortly [ -s $file ]; kill -9 $(tail -n 1 $file); done",
    "for file in $pids; do name=${file#scan/}; name=${name%/pids}; shortly again $name; done",
    "for file in scan/*/supervise/status scan/*/supervise/death_tally; do",
    '[ -f $file -a ! -L $file ] || echo "$(stat -c %F $file): $file" >>errors; done',
  ],
  [
    ...STATE.flatMap((file) =>
      CLASSES.flatMap((kind) => ofState(kind, file).map((text) => warning(`${file}-${kind}`, text)))
    ),
    "directory: scan/death_tally-directory/supervise/death_tally",
    "directory: scan/status-directory/supervise/status",
  ],
);

function ofTally(kind: Class): string {
  if (kind === "leased") return `unable to write supervise/death_tally: ${LEASED}`;
  if (kind === "directory") return "unable to write supervise/death_tally: Is a directory";
  const reason = {
    huge: "it has more than 57344 bytes",
    sparse: "it has more than 57344 bytes",
    loop: "it is a link, not a file",
  };
  return `supervise/death_tally begins anew: ${NO_FILE[kind] ?? reason[kind as keyof typeof reason]}`;
}

reported(
  "a record of deaths that is none begins anew",
  [
    ...CLASSES.map((kind) => `service ${kind}`),
    `service other; ${SCANNER}; ${OTHER}`,
    ...CLASSES.map((kind) =>
      `shortly starts 1 ${kind}; rm scan/${kind}/supervise/death_tally; object ${kind} scan/${kind}/supervise/death_tally`
    ),
    "hold_objects",
    ...CLASSES.map((kind) => `kill -9 $(cat scan/${kind}/pids)`),
    ...CLASSES.map((kind) => `shortly starts 2 ${kind}`),
    "for kind in fifo socket device loop huge sparse; do",
    "size=$(stat -c %s scan/$kind/supervise/death_tally); [ $size = 14 ] || echo $kind: $size; done",
  ],
  CLASSES.map((kind) => warning(kind, ofTally(kind))),
);

const NEEDED = ["lock", "control", "supervise", "event"] as const;

function ofNeeded(kind: Class, file: (typeof NEEDED)[number]): string[] {
  if (file === "control") return kind === "fifo" ? [] : ["supervise/control is not a FIFO"];
  if (file === "lock") {
    if (kind === "huge" || kind === "sparse") return [];
    return [
      `unable to open supervise/lock: ${NO_FILE[kind] ?? (kind === "loop" ? "it is a link, not a file" : LEASED)}`,
    ];
  }
  if (kind === "directory") return [];
  return [kind === "loop" ? `unable to open ${file}: ${LOOP}` : `${file} exists and is not a directory`];
}

const needed = NEEDED.flatMap((file) => CLASSES.map((kind) => ({ file, kind, name: `${file}-${kind}` })));

reported(
  "a supervisor that cannot have what it needs says so, and the others work",
  [
    ...needed.map(({ file, kind, name }) =>
      file === "supervise" || file === "event"
        ? `service ${name}; object ${kind} scan/${name}/${file}`
        : `service ${name}; mkdir scan/${name}/supervise; object ${kind} scan/${name}/supervise/${file}`
    ),
    `hold_objects; service other; ${SCANNER}; ${OTHER}`,
    ...needed.map(({ file, kind, name }) =>
      ofNeeded(kind, file).length === 0 ? `shortly starts 1 ${name}` : `errs "^s6-supervise ${name}: fatal"`
    ),
  ],
  needed.flatMap(({ file, kind, name }) => ofNeeded(kind, file).map((text) => fatal(name, text))),
);

const LISTENER = "ftrig1:@40000000000000000000000a:abcdef";
const LISTENING: Readonly<Record<string, string>> = {
  socket: "it is a socket, not a fifo",
  device: "it is a device, not a fifo",
  directory: "it is a directory, not a fifo",
  loop: "it is a link, not a fifo",
  huge: "it is a file, not a fifo",
  sparse: "it is a file, not a fifo",
  leased: "it is a file, not a fifo",
  led: "it is a link, not a fifo",
};

reported(
  "what is no listener's fifo gets no events, and nothing is written to where it leads",
  [
    ...CLASSES.map((kind) =>
      `service ${kind}; mkdir scan/${kind}/event; object ${kind} scan/${kind}/event/${LISTENER}`
    ),
    // Links in the event directory: to a file, and to one that is not there.
    `service led; listen scan/led; echo before >file; ln -s $PWD/file scan/led/event/${
      LISTENER.replace("abcdef", "abcdeg")
    }`,
    `ln -s $PWD/made scan/led/event/${LISTENER.replace("abcdef", "abcdeh")}`,
    `hold_objects; service other; ${SCANNER}; ${OTHER}; events led su`,
    ...CLASSES.map((kind) => `shortly starts 1 ${kind}`),
    "cat file >>errors; [ ! -e made ] || echo made",
  ],
  [...Object.entries(LISTENING).map(([kind, text]) => warning(kind, `unable to send events: ${text}`)), "before"],
);

reported(
  "a scanner passes over what is no service directory, and follows links to those that are",
  [
    ...CLASSES.map((kind) => kind === "directory" ? "service directory" : `object ${kind} scan/${kind}`),
    "mkdir elsewhere; mount -t tmpfs none elsewhere; mkdir elsewhere/service; cp run finish elsewhere/service",
    "ln -s ../elsewhere/service scan/linked; mkdir scan/mounted; mount -t tmpfs none scan/mounted; service mounted",
    "mkdir -p scan/.s6-svscan; ln -s SIGUSR1 scan/.s6-svscan/SIGUSR1",
    `hold_objects; service other; ${SCANNER}; ${OTHER}`,
    "for name in directory linked mounted; do shortly starts 1 $name; done; kill -USR1 $scanner; errs SIGUSR1",
  ],
  [
    `s6-svscan: warning: unable to stat loop: ${LOOP}`,
    `s6-svscan: warning: unable to look at .s6-svscan/SIGUSR1: ${LOOP}`,
  ],
);

reported(
  "a link to another file system is no parameter file",
  [
    "mkdir elsewhere; mount -t tmpfs none elsewhere; echo 9 >elsewhere/down-signal; service web",
    "ln -s ../../elsewhere/down-signal scan/web/down-signal",
    `service other; ${SCANNER}; ${OTHER}; shortly starts 1 web; s6-svc -d scan/web; shortly [ -s scan/web/ends ]`,
  ],
  [warning("web", "unable to open down-signal: it lies on another file system")],
);

const own = ["lock", "control"].flatMap((file) => CLASSES.map((kind) => ({ file, kind })));

/** What comes of a scanner in whose directory there is such an object. */
function ofScanner({ file, kind }: (typeof own)[number]): string {
  if (file === "control") return kind === "fifo" ? "" : "./.s6-svscan/control exists and is not a fifo";
  if (kind === "huge" || kind === "sparse") return "";
  return `unable to open ./.s6-svscan/lock: ${
    NO_FILE[kind] ?? (kind === "loop" ? "it is a link, not a file" : LEASED)
  }`;
}

fault(
  "a scanner that cannot have a file of its own says why",
  FILES,
  [
    OBJECTS,
    "decided() { gone $scanner || [ -s ready ]; }",
    "attempt() {",
    "mkdir -p scan/.s6-svscan; object $2 scan/.s6-svscan/$1; hold_objects",
    ": >ready; s6-svscan -d 3 scan 2>told 3>ready & scanner=$!; shortly decided; kill $scanner 2>>errors; wait $scanner",
    'echo "$1 $2: $(sed "s/^s6-svscan: fatal: //" told)"; rm -rf scan; }',
    ...own.map(({ file, kind }) => `attempt ${file} ${kind}`),
  ],
  own.map((row) => `${row.file} ${row.kind}: ${ofScanner(row)}`),
);

reported(
  "what a user may not read is told, and the usual taken",
  [
    "chmod 755 .; chown 65534 . scan errors; service mine; service theirs; mkdir scan/theirs/supervise",
    ...PARAMETERS.map((file) => `object unreadable scan/mine/${file}`),
    "object unreadable scan/theirs/supervise/lock; chown -R 65534 scan/mine/[rs]* scan/theirs; chown 65534 scan/mine",
    "chown 0 scan/theirs/supervise/lock",
    "service other; chown 65534 scan/other",
    "s6-setuidgid nobody s6-svscan scan 2>>errors & scanner=$!",
    `${OTHER}; errs theirs; shortly starts 1 mine; s6-svc -d scan/mine; shortly [ -s scan/mine/ends ]`,
  ],
  [
    ...PARAMETERS.map((file) => warning("mine", `unable to open ${file}: Permission denied`)),
    fatal("theirs", "unable to open supervise/lock: Permission denied"),
  ],
);
