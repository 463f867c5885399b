// Rows for cli/s6/log.ts: log directories, what a start makes of them, and when and how files are rotated.

import type { Case } from "../../rows/harness.ts";
import { LINES, logScript } from "../../rows/logged.ts";

const RECOVERY: readonly Case[] = [
  {
    name: "a clean current is continued",
    argv: ["s6-log", "./d"],
    stdin: LINES,
    files: { "d/current": { content: "old\n", mode: 0o744 }, "d/state": "s", "d/newstate": "n", "d/previous": "p" },
  },
  logScript("an unclean current", "mkdir d; echo old >d/current; echo s >d/state; echo new | s6-log ./d; left d"),
  logScript("an unclean, empty current", "mkdir d; >d/current; echo new | s6-log ./d; left d"),
  logScript("an unfinished output of the processor", "mkdir d; echo p >d/processed; echo new | s6-log ./d; left d"),
  logScript(
    "a finished output of the processor",
    `mkdir d; echo old >d/current; echo previous >d/previous; echo processed >d/processed; chmod 744 d/processed
     echo new | s6-log ./d; left d`,
  ),
  logScript("an unclean previous", "mkdir d; echo old >d/previous; echo new | s6-log ./d; left d"),
  logScript(
    "unclean current and previous",
    `mkdir d; echo old >d/current; echo older >d/previous; echo new | s6-log ./d; left d`,
    {
      exception: "the original (2.11.3) gives both the same name, fails and exits 111",
      expect: {
        stdout:
          "644 6 d/@STAMP.u:\nolder\n644 4 d/@STAMP.u:\nold\n744 4 d/current:\nnew\n644 0 d/lock:\n644 0 d/state:\n",
      },
    },
  ),
];

const TWICE: Case = logScript(
  "a directory that is named twice",
  "seq 3 | s6-log n0 ./d p- ./d; cat d/current; rm -r d",
  {
    exception: "the original opens it twice, and what one writes covers what the other has written",
    expect: { stdout: "1\n- 1\n2\n- 2\n3\n- 3\n" },
  },
);

const PROCESSORS: readonly Case[] = [
  logScript(
    "what a processor finds",
    `start '?ls -l /proc/self/fd | sed -n "s/.* \\([01345678]\\) -> .*\\//\\1 /p"; echo "$A"; umask; ls | grep -v "^@"' ./d
     echo a >&9; has d a; kill -ALRM $p; archived d 1; stopped; left d`,
    { env: { A: "b" } },
  ),
  logScript(
    "a processor that is taken back",
    `start '?sed s/^/1/' ./d '!sed s/^/2/' ./e '?' ./f '!' ./g
     echo a >&9; has g a; kill -ALRM $p; for d in d e f g; do archived $d 1; done; stopped
     for d in d e f g; do left $d; done`,
  ),
  logScript(
    "programs that are not there, wrong scripts of execline",
    `for words in '?nope' '!nope' '!{' '!}' '!""'; do
       start r10 "$words" ./d 2>err; echo a >&9; has d a; kill -ALRM $p
       until grep -q 's6-log: warning: processor failed in ./d' err; do sleep 0.05; done
       kill -9 $p; wait $p 2>/dev/null; cat d/previous; left d | tail -n 1; rm err
     done`,
  ),
  logScript(
    "a processor for whose output there is no place",
    `start r10 '?cat' ./d 2>err; mkdir d/newstate; echo a >&9; has d a; kill -ALRM $p
     until grep -q warning err; do sleep 0.05; done; rmdir d/newstate; archived d 1; stopped; head -n 1 err; rm err; left d`,
    {
      exception: "the original starts a child, which says so, and then that the processor has failed",
      expect: {
        stdout:
          "0\ns6-log: warning: unable to fork processor for logdir ./d: unable to open ./d/newstate: Is a directory\n744 2 d/@STAMP.s:\na\n" +
          "744 0 d/current:\n644 0 d/lock:\n644 0 d/state:\n",
      },
      tells: "unable to fork processor for logdir ./d: unable to open ./d/newstate: Is a directory",
    },
  ),
  logScript(
    "a processor in execline is found without PATH, what it runs is not",
    `program=$(command -v s6-log); env PATH=/nowhere "$program" -d 3 r10 '!cat' ./d <&9 9>&- 2>err 3>ready & p=$!
     until test -s ready; do sleep 0.05; done; rm ready; echo a >&9; has d a; kill -ALRM $p
     until grep -q warning err; do sleep 0.05; done; head -n 2 err; kill -9 $p; cat d/previous; rm -r d err`,
  ),
  logScript(
    "the state is kept from one run to the next, and forgotten after an unclean stop",
    `start '?cat; cat <&4; echo "$(wc -l)x" >&5' ./d
     for i in 1 2; do echo $i >&9; has d $i; kill -ALRM $p; archived d $i; done; stopped; cat d/state
     start '?cat; cat <&4' ./d; echo 3 >&9; has d 3; kill -ALRM $p; archived d 3; kill -9 $p; wait $p 2>/dev/null
     start '?cat; cat <&4' ./d; echo 4 >&9; has d 4; kill -ALRM $p; archived d 4; stopped; left d`,
  ),
  logScript(
    "lines wait while a processor works, and a second SIGALRM does nothing",
    `start '?until test -e ../go; do sleep 0.05; done; cat' ./d
     echo a >&9; has d a; kill -ALRM $p; there d/processed; echo b >&9; kill -ALRM $p; sleep 0.1; cat d/current
     >go; archived d 1; has d b; stopped; left d; rm go`,
  ),
  logScript(
    "with -b nothing is read while a processor works",
    `start -b '?until test -e ../go; do sleep 0.05; done; cat' ./d
     echo a >&9; has d a; kill -ALRM $p; there d/processed; echo b >&9; sleep 0.2; read -r x <&9; echo "still there: $x"
     echo c >&9; >go; archived d 1; has d c; stopped; left d; rm go`,
  ),
];

const ROTATION: readonly Case[] = [
  logScript(
    "a file is rotated when it is large enough",
    `start n2 s4096 l0 ./d
     for i in 1 2 3 4 5 6 7 8 9 10 11 12; do printf '%01000d\\n' $i; sleep 0.05; done >&9
     archived d 2; kill $p; wait $p; echo $?; left d`,
  ),
  logScript(
    "the tolerance makes it earlier, the total size leaves fewer",
    `start S9000 s4096 l1000 ./d
     for i in 1 2 3 4 5 6 7 8 9 10 11; do printf '%0999d\\n' $i; sleep 0.05; done >&9
     archived d 2; kill $p; wait $p; echo $?; left d`,
  ),
  logScript("n0 keeps nothing", "start n0 ./d; echo a >&9; has d a; kill -ALRM $p; has d ''; stopped; left d"),
  logScript(
    "the total size alone decides, S0 is none",
    `start n99 S9 ./d S0 n2 ./e
     for i in 1 2 3 4; do echo abcd$i >&9; has d abcd$i; has e abcd$i; kill -ALRM $p; has d ''; has e ''; done
     archived e 2; stopped; left d; left e`,
  ),
  logScript(
    "archives that are there count, and the oldest go first, whatever their modes",
    `mkdir d; for i in 1 2 3; do echo $i >d/@40000000000000000000000$i.u; done; chmod 0 d/@400000000000000000000002.u
     start n2 ./d; echo a >&9; has d a; kill -ALRM $p; until ! test -e d/@400000000000000000000002.u; do sleep 0.05; done
     stopped; left d`,
  ),
  logScript(
    "a large current is continued, and rotated by the next line",
    `mkdir d; printf '%05000d\\n' 1 >d/current; chmod 744 d/current
     start s4096 ./d; echo a >&9; archived d 1; echo b >&9; has d "$(printf 'a\\nb')"; stopped; left d`,
  ),
  logScript(
    "modes and the umask",
    "umask 27; start ./d; echo a >&9; has d a; kill -ALRM $p; archived d 1; stopped; left d",
  ),
  logScript(
    "modes and a processor, and a directory that hands on its group",
    `umask 2; mkdir d; chgrp 7 d; chmod 2750 d; start '?cat' ./d; echo a >&9; has d a; kill -ALRM $p; archived d 1
     stopped; stat -c %g d/*; left d`,
  ),
  logScript(
    "R rotates what is not empty by time",
    "start R1 ./d; echo a >&9; archived d 1; stopped; left d",
    {
      exception: "the original has this from 2.14 on",
      expect: {
        stdout: "0\n744 2 d/@STAMP.s:\na\n744 0 d/current:\n644 0 d/lock:\n644 0 d/state:\n",
      },
    },
  ),
  logScript(
    "SIGALRM rotates what is not empty",
    `start ./d; kill -ALRM $p; echo a >&9; has d a; kill -ALRM $p; archived d 1; kill -ALRM $p
     echo b >&9; has d b; kill $p; wait $p; echo $?; left d`,
  ),
  logScript(
    "a processor in sh",
    `start '?cat; cat <&4; echo new >&5; pwd | sed "s/.*\\///"' ./d
     for i in 1 2; do echo $i >&9; has d $i; kill -ALRM $p; archived d $i; done
     kill $p; wait $p; echo $?; left d`,
  ),
  logScript(
    "a processor in execline that fails at first",
    `start r50 '!sh -c "cat; test -e ../again || { >../again; exit 1; }"' ./d 2>&1
     echo a >&9; has d a; kill -ALRM $p; archived d 1; kill $p; wait $p; echo $?; rm again; left d`,
    { tells: "s6-log: warning: processor failed in ./d" },
  ),
  ...["newstate", "previous", "state"].map((file) =>
    logScript(
      `a processor that removes ${file}`,
      `start r20 '?cat; rm ${file}' ./d 2>&1; echo a >&9; has d a; kill -ALRM $p; archived d 1
       echo b >&9; has d b; kill -ALRM $p; archived d 2; stopped; left d`,
    )
  ),
  logScript(
    "a processor that removes processed",
    `start r20 '?cat; rm processed' ./d 2>&1; echo a >&9; has d a; kill -ALRM $p; until ! test -e d/previous; do :; done
     echo b >&9; has d b; stopped; left d`,
    {
      exception: "the original makes an empty archive, and the newest ends",
      expect: { stdout: "0\n744 2 d/current:\nb\n644 0 d/lock:\n644 0 d/state:\n" },
    },
  ),
  logScript(
    "a processor that prints nothing makes no archive",
    `start '?cat >/dev/null' ./d; echo a >&9; has d a; kill -ALRM $p; until ! test -e d/previous && has d ''; do :; done
     echo b >&9; has d b; stopped; left d`,
  ),
  logScript(
    "a processor that is killed at first, and a stop meanwhile",
    `start r50 '?read x; echo $x; test -e ../again || { >../again; kill $$; }' ./d 2>&1
     echo a >&9; has d a; kill -ALRM $p; echo b >&9; kill $p; wait $p; echo $?; rm again; left d`,
    { leaves: [], tells: "s6-log: warning: processor crashed in ./d" },
  ),
];
export const cases: readonly Case[] = [TWICE, ...RECOVERY, ...ROTATION, ...PROCESSORS];
