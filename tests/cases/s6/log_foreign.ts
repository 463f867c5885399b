// Rows for s6-log as root in a directory of another user, who has put there what leads elsewhere.

import type { Case } from "../../rows/harness.ts";

const DIRECTORY = "mkdir d; chown nobody d; chmod 755 .; printf 'kept\\n' >kept";

function inUsersDirectory(name: string, lines: string, stdout: string, exception?: string): Case {
  return {
    name,
    argv: ["sh", "-c", `${DIRECTORY}\n${lines}`],
    leaves: [],
    ...(exception === undefined ? {} : { exception, expect: { stdout, code: 0 } }),
  };
}

const rows: readonly Case[] = [
  inUsersDirectory(
    "current that is a link to a program of root's",
    "chmod 755 kept; ln -s ../kept d/current; echo line | s6-log ./d; cat kept d/current",
    "kept\nline\n",
    "the original writes to the program",
  ),
  inUsersDirectory(
    "a link where a status file is made",
    "ln -s ../kept d/status.new; echo line | s6-log =d/status; cat kept; head -n 1 d/status",
    "kept\nline\n",
    "the original writes to what the link leads to",
  ),
  inUsersDirectory(
    "a directory that is replaced by a link meanwhile",
    `mkdir e; mkfifo in; s6-log s4096 ./d <in & exec 9>in
     seq 500 >&9; until test -s d/current; do sleep 0.01; done
     mv d moved; ln -s e d; seq 2000 >&9; exec 9>&-; wait; ls e; cat moved/@* moved/current | wc -l`,
    "2500\n",
    "the original goes on in the other directory",
  ),
  inUsersDirectory(
    "a processor in a user's directory",
    "seq 3000 | s6-log s4096 n9 '!tr 0 x' ./d; cat d/@* d/current | tr x 0 | sort -n | uniq | wc -l; ls d | grep -vc @",
    "",
  ),
];

export const cases: readonly Case[] = Deno.uid() === 0 ? rows : [];
