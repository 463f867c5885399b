// Loggers that cannot write to the directory that they name.

import { checkRules, IMAGE, type RuleCase, RUN } from "./linted.ts";

const LOG = "etc/services.d/web/log/run";
const logger = (words: string, more: Readonly<Record<string, string>> = {}): RuleCase["tree"] => ({
  "etc/services.d/web/run": RUN,
  [LOG]: `#!/bin/sh\nexec ${words}\n`,
  ...more,
});
const INIT = "etc/cont-init.d/10-x";
const MADE_BY: readonly (readonly [what: string, tree: RuleCase["tree"]])[] = [
  ["a script makes it", { [INIT]: "#!/bin/sh\nmkdir -p /data/log/web\n" }],
  ["a script makes what is above it", { [INIT]: "#!/bin/sh\ninstall -d -o nobody /data\n" }],
  ["a script makes what a variable names", { [INIT]: '#!/bin/sh\nmkdir -p "$LOGS"\n' }],
  ["a rule gives it away", { "etc/fix-attrs.d/x": "/data/* true nobody 0644 0755\n" }],
  ["the logger makes it", {
    [LOG]: "#!/command/execlineb -P\nif { mkdir -p /data/log }\nlogutil-service /data/log/web\n",
  }],
];

checkRules([
  {
    name: "a logger whose directory has none above it is a warning",
    tree: logger("logutil-service /data/log/web"),
    finds: [`warning log-directory /${LOG}:2:22: the logger cannot make /data/log/web: there is no directory for it`],
    mended: { "data/log": { directory: 0o777 } },
  },
  {
    name: "a logger's directory that is a file is an error",
    tree: logger("s6-log n20 s100000 /data/log/", { "data/log": "" }),
    finds: [`error log-directory /${LOG}:2:25: /data/log is a file, not a directory`],
  },
  {
    name: "a logger that may not write to its directory is a warning",
    tree: logger("logutil-service /var/log/app"),
    finds: [`warning log-directory /${LOG}:2:22: the logger runs as nobody, which may not write to /var/log/app`],
  },
  {
    name: "a logger that may not make its directory is a warning, by the user that it runs as",
    tree: logger("s6-setuidgid www s6-log -b -d 3 -- t /var/log/app/web"),
    finds: [`warning log-directory /${LOG}:2:43: the logger runs as www, which may not make /var/log/app/web`],
  },
  {
    name: "in execline it is the same",
    tree: { ...logger(""), [LOG]: "#!/command/execlineb -P\ns6-setuidgid www\ns6-log t /var/log/app\n" },
    finds: [`warning log-directory /${LOG}:3:10: the logger runs as www, which may not write to /var/log/app`],
  },
  { name: "a logger of root's may write", tree: logger("s6-log t /var/log/app/web"), finds: [] },
  {
    name: "what a container has in /run and /tmp the image does not tell",
    tree: logger("logutil-service /run/log/web", { "etc/services.d/db/run": RUN }),
    finds: [],
    mended: { "etc/services.d/db/log/run": "#!/bin/sh\nexec logutil-service /tmp/x/y\n" },
  },
  {
    name: "a directory that is known only when the script runs is left alone",
    tree: logger('logutil-service "/data/$NAME"'),
    finds: [],
  },
  ...MADE_BY.map(([what, tree]): RuleCase => ({
    name: `a directory is not missed where ${what}`,
    tree: { ...logger("logutil-service /data/log/web"), ...tree },
    finds: [],
  })),
  {
    name: "a command that runs before everything else may make it",
    tree: logger("logutil-service /data/log/web"),
    environment: { S6_STAGE2_HOOK: "/opt/make" },
    finds: [],
  },
  {
    name: "a script that makes another directory is not taken for it",
    tree: logger("logutil-service /data/log/web", {
      [INIT]: "#!/bin/sh\nmkdir -p /data/logs /datalog /var/data/log\n",
    }),
    finds: [`warning log-directory /${LOG}:2:22: the logger cannot make /data/log/web: there is no directory for it`],
  },
], IMAGE);
