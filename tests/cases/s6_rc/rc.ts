// Rows for cli/s6_rc/rc.ts: what was recorded from the original, and what ours does otherwise.

import type { Case } from "../../rows/harness.ts";
import { onServices, type RcSession } from "../../rows/rc_tree.ts";
import { sessions } from "../../rows/rc_sessions.ts";
import recorded from "../../rows/rc_recorded.json" with { type: "json" };

const records: Readonly<Record<string, readonly string[]>> = recorded.sessions;

/** A row in which the original does something else. */
function otherwise(exception: string, session: RcSession, ...said: readonly string[]): Case {
  return { ...onServices(session, `${said.join("\n")}\n`), exception };
}

const BEGUN = "live/servicedirs/s6rc-oneshot-runner/begun";
const GO = "live/servicedirs/s6rc-oneshot-runner/go";

export const cases: readonly Case[] = [
  ...sessions.map((session) => onServices(session, records[session.name]?.join("\n"))),
  otherwise(
    "the original does not name them",
    {
      name: "s6-rc names what it does not start because of a failure",
      lines: ["rc -v2 -u change more-lost 2>&1 | grep because"],
    },
    "s6-rc: info: unable to start because of failing: lost, more-lost",
    "= 0",
  ),
  otherwise(
    "with the original nobody may look while a change goes on",
    {
      name: "lists are printed while a change goes on",
      lines: [
        "rc -u change held plain &",
        `until_there ${BEGUN}; until rc -a list | grep plain; do sleep 0.05; done`,
        "rc list held",
        "rc diff",
        `touch ${GO}; wait $!`,
      ],
    },
    "plain",
    "= 0",
    "held",
    "= 0",
    "= 0",
    "= 0",
  ),
  otherwise(
    "the original waits without end",
    {
      name: "what a change waits for does not wait for the change",
      lines: ["rc -u change nested", "rc -a list"],
    },
    "s6-rc: fatal: unable to take locks: the change that has them waits for nested, which runs this program: it can be " +
      "run when nested is done",
    "s6-rc: warning: unable to start service nested: command exited 111",
    "= 1",
    "s6rc-oneshot-runner",
    "= 0",
  ),
  otherwise(
    "the original prints another usage line, without reload",
    { name: "s6-rc without a command", lines: ["rc", "rc -v", "rc -t x change"] },
    ...["rc", "rc -v"].flatMap(() => [
      "s6-rc: usage: s6-rc [ -v verbosity ] [ -n dryrunthrottle ] [ -t timeout ] [ -l live ] [ -b ] [ -E | -e ] " +
      "[ -u | -d | -D ] [ -p ] [ -a ] help|list|listall|diff|start|stop|change|reload [ servicenames... ]",
      "= 100",
    ]),
    "s6-rc: fatal: timeout must be an unsigned integer",
    "= 100",
  ),
  otherwise(
    "the original waits without end for a supervisor that has gone",
    {
      name: "a supervisor that has gone is a failure at once",
      lines: [
        "rc -u change plain",
        "s6-svc -wD -d live/servicedirs/ready; s6-svscanctl -t scan; while s6-svok live/servicedirs/ready; do sleep 0.05; done",
        "rc -u change ready",
      ],
    },
    "= 0",
    "= 0",
    "s6-svlisten: fatal: unable to control DIR/live/servicedirs/ready: supervisor not listening",
    "s6-svc: warning: unable to control DIR/live/servicedirs/ready: supervisor not listening",
    "s6-rc: warning: unable to start service ready: command exited 111",
    "= 1",
  ),
];
