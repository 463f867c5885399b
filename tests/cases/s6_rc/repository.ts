// Rows for the programs of repositories: what was recorded from the original, and what ours does otherwise.

import type { Case } from "../../rows/harness.ts";
import type { RcSession } from "../../rows/rc_tree.ts";
import { repositorySessions } from "../../rows/repository_sessions.ts";
import { REPOSITORY_FILES, repositoryScriptOf } from "../../rows/repository_tree.ts";
import recorded from "../../rows/repository_recorded.json" with { type: "json" };

const records: Readonly<Record<string, readonly string[]>> = recorded.sessions;

function row(session: RcSession, stdout: string | undefined): Case {
  if (stdout === undefined) throw new Error(`the session "${session.name}" is not recorded`);
  const argv = ["sh", "-c", repositoryScriptOf(session)];
  return { name: session.name, argv, files: REPOSITORY_FILES, leaves: [], expect: { stdout } };
}

/** A row in which the original does something else. */
function otherwise(exception: string, session: RcSession, ...said: readonly string[]): Case {
  return { ...row(session, `${said.join("\n")}\n`), exception };
}

const WITH_SET = "repo_init -v0 $dir/st1; set_new s1";

export const cases: readonly Case[] = [
  ...repositorySessions.map((session) => row(session, records[session.name]?.join("\n"))),
  otherwise(
    "with the original, s6-rc-db says it",
    {
      name: "a service that no store has",
      lines: [WITH_SET, "set_status s1 nobody", "set_change s1 active nobody"],
    },
    "= 0",
    "s6-rc-set-status: fatal: nobody is not a valid identifier in DIR/repo/compiled/.ref",
    "= 3",
    "s6-rc-set-change: fatal: nobody is not a valid identifier in DIR/repo/compiled/.ref",
    "= 3",
  ),
  otherwise(
    "the original prints all services of the set",
    {
      name: "the status of no services",
      lines: [`mkdir -p st1/none/contents.d; echo bundle >st1/none/type; ${WITH_SET}`, "set_status s1 none"],
    },
    "= 0",
    "= 0",
  ),
  otherwise(
    "the original looks for another name, and leaves all databases of the set",
    {
      name: "the databases of a set go with it",
      lines: [`${WITH_SET} s1x`, "set_commit s1; set_commit s1x; set_delete s1; ls -A repo/compiled | sed 's/:.*//'"],
    },
    "= 0",
    "..ref",
    ".ref",
    ".s1x",
    "s1x",
    "= 0",
  ),
  otherwise(
    "the original leaves the bundles that it has made for a compilation that comes to nothing",
    {
      name: "a commit that fails leaves nothing in the set",
      lines: [WITH_SET, "set_commit -D web s1; ls repo/sources/s1"],
    },
    "= 0",
    "s6-rc-set-commit: fatal: bundle web is already defined at ../../stores/0000/web",
    "active",
    "always",
    "masked",
    "usable",
    "= 0",
  ),
  otherwise(
    "the original removes the former database, and leaves the link of the next boot on it",
    {
      name: "the next boot has the database that is live, even if a service could not be started",
      lines: [
        `${WITH_SET}; set_commit s1`,
        "scanning; install --no-update s1; s6-rc-init -c $dir/boot/current -l $dir/live $dir/scan",
        "s6-rc -l $dir/live -u change good; printf '#!/bin/sh\\nexit 1\\n' >st1/good/run; echo 3 >st1/good/notification-fd; " +
        "printf '#!/bin/sh\\nexit 125\\n' >st1/good/finish; repo_sync; set_commit s1; echo 'good restart' >conversions",
        "install -v0 -f conversions s1",
        "test $(readlink -f boot/current) = $(readlink -f live/compiled); echo $?; ls -A boot | wc -l",
      ],
    },
    "= 0",
    "= 0",
    "= 0",
    "s6-svlisten: fatal: some services reported permanent failure or their supervisor died",
    "s6-rc-set-install: fatal: s6-rc-update exited with code 1 (live database switch was performed)",
    "= 1",
    "0",
    "2",
    "= 0",
  ),
];
