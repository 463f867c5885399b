// Root's programs for services, where a service's user has supervise/ and puts other things there: no link is followed to
// what is not the user's, and nothing is waited for.

import { equal } from "node:assert/strict";
import { canIsolate } from "../surroundings/namespace.ts";
import { limited, root, start } from "../surroundings/quick.ts";

const EVIL = "/run/s6/services/evil";
const FILES = {
  "etc/services.d/evil/run": { content: "#!/bin/sh\nexec s6-setuidgid nobody sleep 1000\n", mode: 0o755 },
  "home/victim": { content: "some text\n", mode: 0o600 },
};

/** `puts NAME WORDS` has the user put something in the place of a file, `tells WORDS` runs a program of root's. */
const WORDS = `cp -p /home/victim /run/victim; cd ${EVIL}/supervise; chown nobody . *
puts() { name=$1; shift; mv $name ../kept; s6-setuidgid nobody sh -c "$*"; }
back() { rm -r $name; mv ../kept $name; }
tells() { "$@" >/run/said 2>&1; echo "$1 => $?"; sed 's#${EVIL}#EVIL#' /run/said; }
`;

const LINES = [
  "puts control ln -s /home/victim control",
  `tells s6-svc -r ${EVIL}; tells s6-svc -wr -T 5000 -r ${EVIL}; tells s6-svperms -G :65534 ${EVIL}; back`,
  "puts control 'mkfifo control; exec 3<>control; dd if=/dev/zero bs=65536 count=1 2>/dev/null >&3; sleep 1000 3>&3 &'",
  `tells s6-svc -r ${EVIL}; back`,
  "puts status mkfifo status",
  `tells s6-svstat ${EVIL}; tells s6-svwait -u -t 5000 ${EVIL}; tells s6-svc -wr -T 5000 -r ${EVIL}; back`,
  "puts death_tally mkfifo death_tally",
  `tells s6-svdt ${EVIL}; tells s6-svdt-clear ${EVIL}; tells s6-svdt ${EVIL}; back`,
  "puts death_tally ln -s ../../../../victim death_tally",
  `tells s6-svdt ${EVIL}; back`,
  "puts death_tally ln -s /home/victim death_tally",
  `tells s6-svdt-clear ${EVIL}; tells s6-svdt ${EVIL}; back`,
  "cat /home/victim /run/victim; stat -c '%a %u %g' /home/victim",
];

const REFUSED = "unable to control EVIL: Too many levels of symbolic links";
const NO_STATUS = "unable to read status for EVIL: the status file is too short";
const NO_TALLY = "unable to read death tally for service EVIL";

const PRINTS = `s6-svc => 111
s6-svc: warning: ${REFUSED}
s6-svc => 111
s6-svc: fatal: ${REFUSED}
s6-svperms => 111
s6-svperms: fatal: unable to open EVIL/supervise/control: Too many levels of symbolic links
s6-svc => 111
s6-svc: warning: unable to control EVIL: Resource temporarily unavailable
s6-svstat => 111
s6-svstat: fatal: ${NO_STATUS}
s6-svwait => 111
s6-svwait: fatal: ${NO_STATUS}
s6-svc => 111
s6-svc: fatal: ${NO_STATUS}
s6-svdt => 111
s6-svdt: fatal: ${NO_TALLY}: it is a fifo, not a file
s6-svdt-clear => 0
s6-svdt => 0
s6-svdt => 0
s6-svdt-clear => 0
s6-svdt => 0
some text
some text
600 0 0
`;

for (const answers of ["1", "0"]) {
  Deno.test({
    name: `root's programs follow no link of a service's user and wait for none of its fifos${
      answers === "1" ? ", where process 1 answers" : ""
    }`,
    ignore: !canIsolate,
    fn: async () => {
      await using made = await root(FILES);
      const command = `exec 2>&1\ns6-svwait -u ${EVIL}\n${WORDS}${LINES.join("\n")}\nexit 0`;
      const environment = { S6_ANSWER_CALLS: answers, S6_VERBOSITY: "0" };
      const ended = await limited(start(made, { environment, argv: ["/init", "/bin/sh", "-c", command] }));
      equal(ended.stdout, PRINTS);
      equal(ended.code, 0, ended.stderr);
    },
  });
}
