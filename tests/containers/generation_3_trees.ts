// Images of generation 3 as people have them, written after a census of 25 published ones: what they have in common, and what is
// rough in them, is in one of these. A desktop and a media server.

import type { Given } from "../rows/harness.ts";
import { definedFiles, SOURCES } from "./generation_3.ts";

export type ImageFiles = Readonly<Record<string, Given>>;

/** Where the census has them: the scripts of oneshots beside their definitions, or in a directory of scripts. */
export const SCRIPT_DIRECTORY = "etc/s6-overlay/scripts";

/** A oneshot whose script is a file `run` of its own, which `up` names; its type has no newline. */
function preparing(name: string, after: string, script: string): ImageFiles {
  return definedFiles(name, {
    "type": plainFile("oneshot"),
    "up": plainFile(`/${SOURCES}/${name}/run`),
    "run": executableFile(`#!/usr/bin/with-contenv sh\n${script}\n`),
    [`dependencies.d/${after}`]: plainFile(""),
  });
}

export function executableFile(content: string): Given {
  return { content, mode: 0o755 };
}

/** One that stays as it is, whatever its first line is. */
export function plainFile(content: string): Given {
  return { content, mode: 0o644 };
}

/** In this order, each behind the one before, the first behind the steps of generation 2. */
export const BASE_CHAIN: readonly string[] = [
  "init-migrations",
  "init-envfile",
  "init-adduser",
  "init-device-perms",
  "init-crontab",
  "init-keygen",
  "init-os-end",
  "init-config",
  "init-display-config",
  "init-config-end",
  "init-mods-install",
  "init-mods-end",
  "init-custom-files",
  "init-services",
];

const CHAIN: ImageFiles = Object.assign(
  {},
  ...BASE_CHAIN.map((name, at) =>
    preparing(name, BASE_CHAIN[at - 1] ?? "base", `echo "[${name}] for \${TITLE:-nothing}"`)
  ),
);

/** What reads its configuration at HUP and says so, and stays until it is ended. */
const serving = (name: string, ready = ""): string =>
  `trap 'echo "reload ${name}"' HUP\ntrap 'echo "end ${name}"; exit 0' TERM\necho "run ${name}"\n${ready}` +
  "while :; do sleep 0.02; done\n";

/** Writes an extension into the definitions, as extensions of images do that come from a registry at run time. */
const HOOK = `#!/bin/sh
cd /${SOURCES}
mkdir -p init-mod-theme/dependencies.d svc-mod-clock/dependencies.d user/contents.d svc-desktop/dependencies.d
printf oneshot >init-mod-theme/type
echo "/${SCRIPT_DIRECTORY}/theme" >init-mod-theme/up
touch init-mod-theme/dependencies.d/init-mods-install
touch init-mods-end/dependencies.d/init-mod-theme
printf longrun >svc-mod-clock/type
printf '#!/bin/sh\\necho "run svc-mod-clock"\\nexec sleep 1000\\n' >svc-mod-clock/run
touch svc-mod-clock/dependencies.d/init-services user/contents.d/svc-mod-clock
`;

export const DESKTOP_ENVIRONMENT = {
  S6_STAGE2_HOOK: "/docker-mods",
  S6_VERBOSITY: "2",
  S6_CMD_WAIT_FOR_SERVICES_MAXTIME: "0",
  TITLE: "the desk",
} as const;

export const DESKTOP: ImageFiles = {
  "docker-mods": executableFile(HOOK),
  ...CHAIN,
  [`${SCRIPT_DIRECTORY}/theme`]: executableFile('#!/bin/sh\necho "theme of $RC_NAME"\n'),
  ...definedFiles("svc-display", {
    "type": plainFile("longrun"),
    "notification-fd": plainFile("3"),
    // It cannot be executed as it is.
    "run": plainFile(
      '#!/usr/bin/with-contenv sh\nexec s6-notifyoncheck -d -n 300 -w 20 -c "test -e /tmp/display" ' +
        "s6-setuidgid nobody sh -c 'echo run svc-display; : >/tmp/display; exec sleep 1000'\n",
    ),
    "finish": executableFile('#!/bin/sh\necho "finish svc-display $1 $2"\nrm -f /tmp/display\n'),
    "dependencies.d/init-services": plainFile(""),
  }),
  ...definedFiles("svc-desktop", {
    "type": plainFile("longrun\n"),
    "run": executableFile(`#!/usr/bin/with-contenv sh\n${serving("svc-desktop")}`),
    "dependencies.d/svc-display": plainFile(""),
  }),
  ...definedFiles("svc-cron", {
    "type": plainFile("longrun"),
    "run": executableFile("#!/usr/bin/with-contenv sh\nexec sleep 1000\n"),
    "dependencies.d/init-services": plainFile(""),
  }),
  // An image that is built upon extends the bundle of its base: no type, and the older of the two places.
  [`${SOURCES}/user/contents.d/svc-display`]: plainFile(""),
  [`${SOURCES}/user/contents.d/svc-desktop`]: plainFile(""),
  "etc/s6-overlay/user-bundles.d/user/contents.d/svc-cron": plainFile(""),
};

const producer = (name: string, consumer: string, words: string): ImageFiles =>
  definedFiles(name, {
    "type": plainFile("longrun"),
    "run": plainFile(
      `#!/bin/sh\necho "${words} begins"\ntrap 'echo "${words} ends"; exit 0' TERM\nwhile :; do sleep 0.02; done\n`,
    ),
    "producer-for": plainFile(`${consumer}\n`),
    "dependencies": plainFile("# the directory of the log\nlog-prepare\n"),
  });

export const MEDIA_ENVIRONMENT = {
  S6_CMD_WAIT_FOR_SERVICES_MAXTIME: "0",
  S6_BEHAVIOUR_IF_STAGE2_FAILS: "2",
  S6_LOGGING_SCRIPT: "n5 s1000000",
} as const;

export const MEDIA: ImageFiles = {
  ...definedFiles("log-prepare", {
    "type": plainFile("oneshot\n"),
    "up": plainFile("#!/command/execlineb -P\n# for the logger\nif { mkdir -p /tmp/log }\nchown nobody /tmp/log\n"),
    "down": plainFile(""),
  }),
  ...producer("transcoder", "media-log", "transcoder"),
  ...producer("scanner", "media-log", "scanner"),
  ...definedFiles("media-log", {
    "type": plainFile("longrun"),
    "run": executableFile("#!/usr/bin/with-contenv sh\nexec logutil-service /tmp/log\n"),
    "consumer-for": plainFile("transcoder\nscanner\n"),
    "pipeline-name": plainFile("media-pipeline\n"),
    "dependencies": plainFile("log-prepare"),
  }),
  // Three in a row.
  ...producer("indexer", "counter", "indexer"),
  ...definedFiles("counter", {
    "type": plainFile("longrun"),
    "run": plainFile('#!/bin/sh\nwhile read -r line; do echo "counted: $line"; done\n'),
    "consumer-for": plainFile("indexer"),
    "producer-for": plainFile("index-log"),
  }),
  ...definedFiles("index-log", {
    "type": plainFile("longrun"),
    "run": plainFile("#!/command/execlineb -P\nfdmove -c 1 2\ncat\n"),
    "consumer-for": plainFile("counter\n"),
    "pipeline-name": plainFile("index-pipeline"),
  }),
  ...definedFiles("server", {
    "type": plainFile("longrun\n"),
    "run": plainFile(`#!/usr/bin/with-contenv sh\n${serving("server", "echo >&3\n")}`),
    "notification-fd": plainFile("3\n"),
    "timeout-kill": plainFile("10000\n"),
    "down-signal": plainFile("SIGTERM\n"),
    "finish": plainFile('#!/command/execlineb -S2\nif -t { s6-test ${1} = 256 } echo "server was killed by ${2}"\n'),
    "dependencies": plainFile("media-pipeline\nindex-pipeline\n"),
  }),
  ...definedFiles("media", { "type": plainFile("bundle"), "contents": plainFile("server\n") }),
  "etc/s6-overlay/user-bundles.d/user/type": plainFile("bundle"),
  "etc/s6-overlay/user-bundles.d/user/contents.d/media": plainFile(""),
};
