// Rows for cli/s6_rc/update.ts: what was recorded from the original, and what ours does otherwise.

import { BOUND_SUPERVISOR } from "../../surroundings/bound.ts";
import type { Case } from "../../rows/harness.ts";
import type { RcSession } from "../../rows/rc_tree.ts";
import { RC_UPDATE_FILES, updateScriptOf } from "../../rows/rc_update_tree.ts";
import { updateSessions } from "../../rows/rc_update_sessions.ts";
import recorded from "../../rows/rc_update_recorded.json" with { type: "json" };

const records: Readonly<Record<string, readonly string[]>> = recorded.sessions;

function row(session: RcSession, stdout: string | undefined): Case {
  if (stdout === undefined) throw new Error(`the session "${session.name}" is not recorded`);
  const argv = ["sh", "-c", updateScriptOf(session)];
  return { name: session.name, argv, files: RC_UPDATE_FILES, leaves: [], expect: { stdout } };
}

/** A row in which the original does something else. */
function otherwise(exception: string, session: RcSession, ...said: readonly string[]): Case {
  return { ...row(session, `${said.join("\n")}\n`), exception };
}

/** Under our own scanner. */
function underOurs(session: RcSession, ...said: readonly string[]): Case {
  const script = updateScriptOf(session, BOUND_SUPERVISOR, "s6-svscan");
  return { ...row(session, `${said.join("\n")}\n`), argv: ["sh", "-c", script] };
}

const UNFIT = "the original does not tell unmatched closing braces from words";

export const cases: readonly Case[] = [
  ...updateSessions.map((session) => row(session, records[session.name]?.join("\n"))),
  underOurs(
    {
      name: "under our scanner, what goes on under another name goes on, what stops ends, and nothing has to be said",
      lines: [
        "rc -u change above; rc -u change alone; mark alone base",
        "mv new/alone new/other; printf 'other\nonce\n' >new/both/contents; rm -r new/vein",
        "printf 'alone -> other\nbase restart\n' >conversions; update -f conversions",
        "same alone other; same base; rc -a list; ls scan; cat scanner-said",
      ],
    },
    "above up",
    "= 0",
    "= 0",
    "above down",
    "above up",
    "= 0",
    "same",
    "another",
    "s6rc-oneshot-runner",
    "base",
    "leaning",
    "other",
    "above",
    "base",
    "leaning",
    "listener",
    "other",
    "s6rc-fdholder",
    "s6rc-oneshot-runner",
    "talker",
    "= 0",
  ),
  otherwise(
    UNFIT,
    {
      name: "a closing brace in a conversion file",
      lines: ["rc -u change once; compiled new; echo 'once }' >conversions; again -f conversions $dir/db-new"],
    },
    "once up",
    "s6-rc-update: fatal: mismatched braces in conversion file: once }",
    "= 100",
  ),
  otherwise(
    "the original is left without a live directory",
    {
      name: "a database that lacks a service directory changes nothing",
      lines: [
        "rc -u change alone; mark alone; compiled new; rm -r db-new/servicedirs/alone",
        "again $dir/db-new",
        "same alone; readlink live/compiled; ls -d live:*; ls live/servicedirs/alone; ls scan; rc -d change alone",
      ],
    },
    "= 0",
    "s6-rc-update: fatal: unable to make new live directory in DIR/live:s6-rc-update:XXXXXX: No such file or directory",
    "= 111",
    "same",
    "DIR/db-src",
    "live:s6-rc-init:XXXXXX",
    "data",
    "event",
    "run",
    "supervise",
    "alone",
    "base",
    "leaning",
    "listener",
    "s6rc-fdholder",
    "s6rc-oneshot-runner",
    "talker",
    "vein",
    "= 0",
  ),
  otherwise(
    "the original makes no pipe for a service that had none before and keeps its name, and whose script then fails",
    {
      name: "a service that becomes a consumer gets its pipe",
      lines: [
        "rc -u change talk; cp -r new/talker new/caller; echo alone >new/caller/producer-for; " +
        "echo caller >new/alone/consumer-for; update; held",
        "rc -v1 -u change caller; rc -a list",
      ],
    },
    "pipe:s6rc-r-alone",
    "pipe:s6rc-r-listener",
    "pipe:s6rc-w-alone",
    "pipe:s6rc-w-listener",
    "= 0",
    "s6rc-fdholder",
    "alone",
    "caller",
    "listener",
    "talker",
    "= 0",
  ),
];
