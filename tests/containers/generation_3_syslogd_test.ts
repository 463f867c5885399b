// The services of syslogd that the tarball has: none until an image names them, and then lines go where their facility and
// priority say.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { quickly, type Root } from "../surroundings/quick.ts";
import { oneshotFiles, story, user } from "./generation_3.ts";

const LOGS = "/var/log/syslogd";

/** With a /dev of the container's own: the socket is to be there. */
const OWN_DEV = `mount -t tmpfs dev /home
for name in null zero urandom tty; do : >/home/$name; mount -o bind /dev/$name /home/$name; done
mount -o rbind /home /dev; exec /init "$@"`;

function boot(
  root: Root,
  words: string,
  environment: Readonly<Record<string, string>> = {},
): ReturnType<typeof quickly> {
  const argv = ["/bin/sh", "-c", OWN_DEV, "sh", "/bin/sh", "-c", `PATH=/command:$PATH; ${words}`];
  return quickly(root, { argv, environment });
}

/** What is sent, by facility and priority, and the logs that are to have it besides "everything". */
const SENT: Readonly<Record<string, readonly string[]>> = {
  "auth.info": ["secure"],
  "authpriv.err": ["errors", "secure"],
  "cron.notice": ["cron"],
  "daemon.debug": ["daemon", "debug"],
  "kern.crit": ["errors", "kernel"],
  "mail.warn": ["mail"],
  "user.info": ["user"],
  "local3.info": ["messages"],
  "local3.alert": ["errors"],
  "lpr.debug": ["debug"],
};

const SEND = Object.keys(SENT).map((place) => `logger -p ${place} text of ${place}`).join("; ");
/** Lines are in their place when the last one is, which all logs before have passed by. */
const SETTLE = `until grep -q 'lpr.debug: ' ${LOGS}/everything/current; do sleep 0.02; done`;

story(
  "lines go where facility and priority say, to logs of an account of their own",
  user("syslogd-bundle"),
  async (root) => {
    const show = `cd ${LOGS}; for log in *; do sed "s/^/$log /" $log/current; done; ` +
      `stat -c '%n %u:%g %a' * ${LOGS}/everything/current`;
    const { code, stdout, stderr } = await boot(root, `${SEND}; ${SETTLE}; ${show}`);
    equal(code, 0, stderr);
    for (const [place, logs] of Object.entries(SENT)) {
      const wanted = [...logs, ...(place.startsWith("auth") ? [] : ["everything"])].sort();
      const found = stdout.split("\n").filter((line) => line.includes(` ${place}: `)).map((line) => line.split(" ")[0]);
      deepEqual(found, wanted, `${place}\n${stdout}`);
    }
    match(stdout, /^secure 32761:32761 2750$/m);
    match(stdout, /^everything 32761:32761 2755$/m);
    match(stdout, new RegExp(`^${LOGS}/everything/current 32761:32761 [67]44$`, "m"));
    match(stderr, /^s6-rc: info: service syslogd successfully started$/m);
    match(stderr, /^s6-rc: info: service syslogd-log successfully stopped$/m);
  },
);

story("accounts of the image count, and the logging script", {
  ...user("syslogd-bundle"),
  "etc/passwd": "root:x:0:0::/:/bin/sh\nsyslog:x:71:72::/:\nsysllog:x:73:74::/:\n",
}, async (root) => {
  const look = `logger -p lpr.debug last; ${SETTLE}; cat ${LOGS}/everything/current; stat -c '%u:%g' ${LOGS}/mail; ` +
    "for process in /proc/[0-9]*; do if grep -q s6-socklog $process/cmdline; then stat -c 'socklog %u:%g' $process; fi; done";
  const { stdout } = await boot(root, look, { S6_LOGGING_SCRIPT: "n3 s100000 t" });
  match(stdout, /^@[0-9a-f]{24} lpr\.debug: .*last$/m);
  match(stdout, /^73:74$/m);
  match(stdout, /^socklog 71:72$/m);
});

story("an image that names none of them has none", { ...oneshotFiles("a"), ...user("a") }, async (root) => {
  const { stdout } = await boot(root, "s6-rc-db list all; ls /run/service; ls -d /dev/log");
  ok(!/syslog|dev/.test(stdout), stdout);
  match(stdout, /^s6rc-oneshot-runner$/m);
});

story("an image that defines one of them has its own", {
  ...user("syslogd-bundle"),
  ...oneshotFiles("syslogd-prepare", [], {
    up:
      `sh -c "for name in secure cron daemon debug errors kernel mail user messages everything; do mkdir -p ${LOGS}/$name; chown 32761:32761 ${LOGS}/$name; done; echo own"\n`,
  }),
}, async (root) => {
  const { stdout } = await boot(root, `logger -p lpr.debug last; ${SETTLE}; cat ${LOGS}/everything/current`);
  match(stdout, /^own$/m);
  match(stdout, /lpr\.debug: .*last$/m);
});
