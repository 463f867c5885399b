// Accounts that the image does not have, where the words of scripts and rules name them.

import { checkRules, type RuleCase, RUN } from "./linted.ts";

const RULES = "etc/fix-attrs.d/01";
const SERVICE = "etc/services.d/web/run";
const INIT = "etc/cont-init.d/10-x";
const EXECLINE = "#!/command/execlineb -P\n";

const ATTRIBUTES: readonly RuleCase[] = [
  {
    name: "a rule for a user that the image does not have is an error at the name",
    tree: { [RULES]: "# data\n/data  true\tpostgres 0600 0700\n" },
    finds: [`error fix-attrs /${RULES}:2:13: unknown user: postgres`],
    mended: { [RULES]: "/data true postgres,70:70 0600 0700\n/data true www - -\n/x false 70:www 1 1\n" },
  },
  {
    name: "a rule for a group that the image does not have is an error",
    tree: { [RULES]: "/data true www:staff 0600 0700\n" },
    finds: [`error fix-attrs /${RULES}:1:12: unknown group: staff`],
    mended: { "etc/group": "staff:x:50:\n" },
  },
  {
    name: "a rule with a mode that is none, or with too few words, is an error",
    tree: { [RULES]: "/data true www 0999 0700\n/data\n/data yes www - -\n" },
    finds: [
      `error fix-attrs /${RULES}:1:1: /data: 0999 is not an octal mode for files`,
      `error fix-attrs /${RULES}:2:1: /data: expected a path, true or false, an account, a mode for files and one for directories`,
      `error fix-attrs /${RULES}:3:1: /data: yes is neither true nor false`,
    ],
  },
  {
    name: "rules with CRLF line ends are read as they are meant",
    tree: { [RULES]: "/data true www 0600 0700\r\n\r\n" },
    finds: [],
  },
  {
    name: "a directory among the files of rules is an error",
    tree: { [`${RULES}/x`]: "" },
    finds: [`error fix-attrs /${RULES}: is a directory, and no rules are read from it`],
  },
  {
    name: "where a command runs before everything else an unknown account is a warning",
    tree: { [RULES]: "/data true postgres 0600 0700\n" },
    environment: { S6_STAGE2_HOOK: "/opt/make-users" },
    finds: [`warning fix-attrs /${RULES}:1:12: unknown user: postgres`],
  },
];

const SCRIPTS: readonly RuleCase[] = [
  {
    name: "s6-setuidgid in execline needs its user",
    tree: { [SERVICE]: `${EXECLINE}with-contenv\n  s6-setuidgid postgres\nsleep 1\n` },
    finds: [`error account /${SERVICE}:3:16: unknown user: postgres`],
    mended: { "etc/passwd": "postgres:x:70:70::/:/\n" },
  },
  {
    name: "s6-setuidgid in a block needs its user",
    tree: { [SERVICE]: `${EXECLINE}foreground { if { true } s6-setuidgid "a b" id } sleep 1\n` },
    finds: [`error account /${SERVICE}:2:39: unknown user: a b`],
  },
  {
    name: "s6-setuidgid in a shell needs its user",
    tree: { [SERVICE]: "#!/bin/sh\nexec \\\n  s6-setuidgid postgres app\n" },
    finds: [`error account /${SERVICE}:3:16: unknown user: postgres`],
  },
  {
    name: "words that are known only when a script runs are left alone",
    tree: {
      [SERVICE]: '#!/bin/sh\nexec s6-setuidgid "$USER" app\n',
      [INIT]: `${EXECLINE}importas U U s6-setuidgid $U\nid\n`,
    },
    finds: [],
  },
  {
    name: "what is printed, compared or laid into another file is no call",
    tree: {
      [SERVICE]: `${EXECLINE}foreground { echo run s6-setuidgid x y }\necho s6-setuidgid x y\n`,
      [INIT]: "#!/bin/sh\n# s6-setuidgid x y\necho s6-setuidgid x y\nif s6-setuidgid x true; then :; fi\n" +
        "cat > /x <<EOF\nexec s6-setuidgid x y\nEOF\n",
    },
    finds: [],
  },
  {
    name: "a pair of numbers needs no account, and a name with a colon is an error",
    tree: { [SERVICE]: "#!/bin/sh\nexec s6-setuidgid www:www app\n" },
    finds: [
      `error account /${SERVICE}:2:19: www:www is not a pair of numbers: of user:group only numbers are taken`,
    ],
    mended: { [SERVICE]: "#!/bin/sh\nexec s6-setuidgid 82:82 app\n" },
  },
  {
    name: "s6-applyuidgid takes numbers",
    tree: { [SERVICE]: "#!/bin/sh\nexec s6-applyuidgid -g 82 -u www app\n" },
    finds: [
      `error account /${SERVICE}:2:30: www is not a number: s6-applyuidgid takes ids, and s6-setuidgid names`,
    ],
    mended: { [SERVICE]: "#!/bin/sh\nexec s6-applyuidgid -g82 -u 82 -U app\n" },
  },
  {
    name: "s6-envuidgid is looked at with its options",
    tree: {
      [SERVICE]: "#!/bin/sh\ns6-envuidgid -u x true\ns6-envuidgid -g y true\ns6-envuidgid -B www:z true\n" +
        "s6-envuidgid -D 1:1:1 none true\ns6-envuidgid -nB 1:1 true\ns6-envuidgid -B www:www true\n",
    },
    finds: [
      `error account /${SERVICE}:2:17: unknown user: x`,
      `error account /${SERVICE}:3:17: unknown group: y`,
      `error account /${SERVICE}:4:17: unknown group: z`,
    ],
  },
  {
    name: "the user of a logger has to be there",
    tree: { [SERVICE]: RUN, "etc/services.d/web/log/run": "#!/bin/sh\nexec logutil-service -u log /var/log/app\n" },
    finds: ["error account /etc/services.d/web/log/run:2:25: unknown user: log"],
  },
  {
    name: "where scripts make accounts an unknown one is a warning",
    tree: { [INIT]: "#!/bin/sh\nadduser -D -u $PUID abc\n", [SERVICE]: "#!/bin/sh\nexec s6-setuidgid abc app\n" },
    finds: [`warning account /${SERVICE}:2:19: unknown user: abc`],
  },
  {
    name: "an account that the script itself looks for is left alone",
    tree: { [SERVICE]: "#!/bin/sh\nif id -u abc; then\n  exec s6-setuidgid abc app\nfi\nexec app\n" },
    finds: [],
  },
];

checkRules([...ATTRIBUTES, ...SCRIPTS]);
