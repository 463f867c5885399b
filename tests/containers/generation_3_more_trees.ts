// More images of generation 3 as people have them: an add-on with interpreters that are scripts themselves and whose services end
// the container, and a web server that has services of both generations.

import { definedFiles, SOURCES } from "./generation_3.ts";
import { executableFile, type ImageFiles, plainFile, SCRIPT_DIRECTORY } from "./generation_3_trees.ts";

/** As add-ons have it, in the words of a shell that every image has. */
const FINISH = `#!/usr/bin/env addon
code=$(cat /run/s6-linux-init-container-results/exitcode)
echo "finish \${PWD##*/} $1 $2, the container has $code"
if test "$1" -eq 256; then
  if test "$code" -eq 0; then echo $((128 + $2)) >/run/s6-linux-init-container-results/exitcode; fi
  if test "$2" -eq 15; then exec /run/s6/basedir/bin/halt; fi
elif test "$1" -ne 0; then
  if test "$code" -eq 0; then echo "$1" >/run/s6-linux-init-container-results/exitcode; fi
  exec /run/s6/basedir/bin/halt
fi
`;

export const ADD_ON_ENVIRONMENT = {
  S6_BEHAVIOUR_IF_STAGE2_FAILS: "2",
  S6_CMD_WAIT_FOR_SERVICES_MAXTIME: "0",
  S6_KEEP_ENV: "1",
  OPTION: "from the environment",
} as const;

export const ADD_ON: ImageFiles = {
  // The interpreter of scripts is a script, whose interpreter is one again.
  "usr/bin/addon": executableFile("#!/usr/bin/addon-shell\n"),
  "usr/bin/addon-shell": executableFile('#!/bin/sh\nshift\nfile=$1\nshift\n. "$file"\n'),
  [`${SCRIPT_DIRECTORY}/banner`]: executableFile('#!/command/with-contenv addon\necho "banner with $OPTION"\n'),
  ...definedFiles("banner", { "type": plainFile("oneshot"), "up": plainFile(`/${SCRIPT_DIRECTORY}/banner`) }),
  ...definedFiles("app", {
    "type": plainFile("longrun"),
    "run": plainFile(
      "#!/command/with-contenv addon\necho \"run app with $OPTION\"\ntrap 'echo reload app' HUP\n" +
        "until test -s /tmp/exit; do sleep 0.02; done\nexit $(cat /tmp/exit)\n",
    ),
    "finish": plainFile(FINISH),
    "dependencies.d/banner": plainFile(""),
  }),
  ...definedFiles("proxy", {
    "type": plainFile("longrun"),
    "run": executableFile("#!/usr/bin/with-contenv addon\necho run proxy\nexec sleep 1000\n"),
    "finish": executableFile(FINISH),
    "dependencies.d/app": plainFile(""),
  }),
  [`${SOURCES}/user/contents.d/proxy`]: plainFile(""),
};

export const WEB_ENVIRONMENT = {
  S6_BEHAVIOUR_IF_STAGE2_FAILS: "2",
  S6_CMD_WAIT_FOR_SERVICES: "1",
  S6_CMD_WAIT_FOR_SERVICES_MAXTIME: "0",
} as const;

export const WEB: ImageFiles = {
  "etc/cont-init.d/10-directories": executableFile("#!/usr/bin/with-contenv sh\nmkdir -p /tmp/www\necho script 10\n"),
  "etc/cont-init.d/20-page": executableFile(
    "#!/command/execlineb -P\nif { echo script 20 }\nredirfd -w 1 /tmp/www/index.html\necho page\n",
  ),
  "etc/cont-finish.d/90-last": executableFile("#!/bin/sh\necho the last script\n"),
  "etc/services.d/php/run": executableFile("#!/usr/bin/with-contenv sh\necho run php >&2\nexec sleep 1000\n"),
  "etc/services.d/php/finish": executableFile('#!/bin/sh\necho "finish php $1 $2" >&2\n'),
  "etc/services.d/php/log/run": executableFile("#!/bin/sh\nexec cat >/tmp/php.log\n"),
  ...definedFiles("web-config", {
    "type": plainFile("oneshot\n"),
    "up": plainFile(`/${SCRIPT_DIRECTORY}/web-config`),
    "down": plainFile("foreground { echo config down } true\n"),
    "timeout-up": plainFile("20000\n"),
    "dependencies.d/base": plainFile(""),
  }),
  [`${SCRIPT_DIRECTORY}/web-config`]: executableFile(
    '#!/command/with-contenv sh\necho "config for $(cat /tmp/www/index.html)"\n',
  ),
  ...definedFiles("web", {
    "type": plainFile("longrun\n"),
    "run": executableFile(
      "#!/command/execlineb -P\nwith-contenv\nfdmove -c 2 1\nsh -c \"trap 'echo reload web' USR1; trap 'echo end web; exit 0' QUIT; " +
        'echo run web; echo >&3; while :; do sleep 0.02; done"\n',
    ),
    "notification-fd": plainFile("3\n"),
    "down-signal": plainFile("QUIT\n"),
    "reload-signal": plainFile("USR1\n"),
    "dependencies.d/web-config": plainFile(""),
  }),
  // Behind services.d.
  ...definedFiles("announce", {
    "type": plainFile("oneshot"),
    "up": plainFile("#!/bin/sh\necho all services are there\n"),
    "down": plainFile("echo no more services\n"),
    "dependencies.d/legacy-services": plainFile(""),
  }),
  "etc/s6-overlay/user-bundles.d/user/contents.d/web": plainFile(""),
  "etc/s6-overlay/user-bundles.d/user2/type": plainFile("bundle\n"),
  "etc/s6-overlay/user-bundles.d/user2/contents.d/announce": plainFile(""),
};
