// What the tarball has for images of generation 3: definitions of services, and files that their builds look for, read or
// edit below the overlay's own directory. By their paths.

import { BUNDLE_SOURCES, STEP_SOURCES } from "../lib/overlay/rc/built_in_definitions.ts";
import { SHIPPED_SOURCES } from "../lib/overlay/rc/places.ts";

type TextFiles = Readonly<Record<string, string>>;

/** The accounts of syslogd where the image has none of these names. */
const RECEIVER = "-D 32760:32760 -- syslog";
const LOGGER = "-D 32761:32761 -- sysllog";
const LOGS = "/var/log/syslogd";
const OPEN_LOGS = ["cron", "daemon", "debug", "errors", "everything", "kernel", "mail", "messages", "user"];

/** Which lines go where: "facility.priority:" stands in front of each. */
const SELECTIONS: readonly (readonly [selection: string, log: string])[] = [
  ["- +^auth\\\\. +^authpriv\\\\.", "secure"],
  ["- +^cron\\\\.", "cron"],
  ["- +^daemon\\\\.", "daemon"],
  ["- +^[[:alnum:]]*\\\\.debug:", "debug"],
  ['- "+^[[:alnum:]]*\\\\.(err|error|emerg|alert|crit):"', "errors"],
  ["- +^kern\\\\.", "kernel"],
  ["- +^mail\\\\.", "mail"],
  ["- +^user\\\\.", "user"],
  [
    '- "+^[[:alnum:]]*\\\\.(info|notice|warn):" "-^(auth|authpriv|cron|daemon|kern|mail|user)\\\\."',
    "messages",
  ],
  ["+ -^auth\\\\. -^authpriv\\\\.", "everything"],
];

const SYSLOGD: TextFiles = {
  "syslogd-bundle/type": "bundle\n",
  "syslogd-bundle/contents.d/syslogd-pipeline": "",
  "syslogd-bundle/contents.d/syslogd-prepare": "",
  "syslogd-prepare/type": "oneshot\n",
  "syslogd-prepare/dependencies.d/base": "",
  "syslogd-prepare/up": `umask 022
if { s6-mkdir -p -- ${OPEN_LOGS.map((name) => `${LOGS}/${name}`).join(" ")} ${LOGS}/secure }
s6-envuidgid ${LOGGER}
cd ${LOGS}
if { forx -x 1 -E name { ${OPEN_LOGS.join(" ")} } s6-chmod 02755 $name }
if { s6-chmod 02750 secure }
forx -E name { ${OPEN_LOGS.join(" ")} secure } s6-chown -U -- $name
`,
  "syslogd/type": "longrun\n",
  "syslogd/dependencies.d/syslogd-prepare": "",
  "syslogd/notification-fd": "3\n",
  "syslogd/producer-for": "syslogd-log\n",
  "syslogd/run": `#!/command/execlineb -P
s6-envuidgid ${RECEIVER}
s6-socklog -d 3 -U -t 3000
`,
  "syslogd-log/type": "longrun\n",
  "syslogd-log/dependencies.d/syslogd-prepare": "",
  "syslogd-log/notification-fd": "3\n",
  "syslogd-log/consumer-for": "syslogd\n",
  "syslogd-log/pipeline-name": "syslogd-pipeline\n",
  "syslogd-log/run": `#!/command/execlineb -P
with-contenv
importas -s -D "n20 s1000000" script S6_LOGGING_SCRIPT
s6-envuidgid ${LOGGER}
s6-applyuidgid -Uz
exec -c
s6-log -d 3 --
${SELECTIONS.map(([selection, log]) => `  ${selection} $script ${LOGS}/${log}`).join("\n")}
`,
};

const steps = Object.entries(STEP_SOURCES).flatMap(([name, { dependencies, up, down }]): [string, string][] => [
  [`${name}/type`, "oneshot\n"],
  ...dependencies.map((needed): [string, string] => [`${name}/dependencies.d/${needed}`, ""]),
  [`${name}/up`, `${up}\n`],
  ...(down === "" ? [] : [[`${name}/down`, `${down}\n`] satisfies [string, string]]),
]);
const bundles = Object.entries(BUNDLE_SOURCES).flatMap(([name, contents]): [string, string][] => [
  [`${name}/type`, "bundle\n"],
  ...contents.map((member): [string, string] => [`${name}/contents.d/${member}`, ""]),
]);
/** The boot has them from process 1; s6-rc-compile is given these when an image is built. */
const SOURCES: TextFiles = Object.fromEntries([...steps, ...bundles]);

const NOT_USED = "# Not used by /init: process 1 does this itself. It is here for entry points of other images.\n";

/**
 * The programs of the stages. The first is a script so that it cannot be setuid: a link to the launcher would make all
 * programs so, if an image gives it that mode.
 */
const PROGRAMS: TextFiles = {
  "s6-overlay-suexec": `#!/command/execlineb -WS1
${NOT_USED}getpid -E pid-of-s6-overlay-suexec
ifelse { s6-test \${pid-of-s6-overlay-suexec} -eq 1 } { if -X $@ }
foreground { fdmove -c 1 2 s6-echo "s6-overlay-suexec: fatal: can only run as pid 1" }
exit 100
`,
  "preinit": `#!/command/execlineb -P\n${NOT_USED}`,
  "stage0": `#!/command/execlineb -S0\n${NOT_USED}/usr/lib/s6-overlay/init $@\n`,
};

function below(directory: string, files: TextFiles): [string, string][] {
  return Object.entries(files).map(([path, content]) => [`${directory}/${path}`, content]);
}

/** Those that begin with #! are programs. */
export const LATER_FILES: TextFiles = Object.fromEntries([
  ...below(SHIPPED_SOURCES, SYSLOGD),
  ...below("/usr/lib/s6-overlay/etc/s6-rc/sources", SOURCES),
  ...below("/usr/lib/s6-overlay/libexec", PROGRAMS),
]);
