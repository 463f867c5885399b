// A logger and a full disk: it says which file it cannot write, goes on when there is room, and loses nothing. Ours and
// the original are put through the same.

import { fault } from "./fault.ts";

// More than a pipe and the disk hold.
const LINES = 40_000;

/** A logger on a small disk: "begin OPTIONS" starts it, 9 is the other end of its input. */
const STAGE = `
mkdir full
mkfifo in
exec 9<>in
begin() {
  mount -t tmpfs -o size=64k,nr_inodes=20 none full
  s6-log "$@" r50 ./full/d <in 9>&- 2>>errors & logger=$!
  shortly [ -e full/d/current ]
}
stopped() { kill $logger; wait $logger; echo "$1 $?"; }
warned() { [ $(grep -c "warning: unable to $1: No space left on device" errors) -ge $2 ]; }
holds() { [ "$(cat full/d/@* full/d/current 2>/dev/null | cksum)" = "$(cksum <expected)" ] && echo "$1 complete"; }
end() { umount full; rm -f errors; : >errors; }
seq ${LINES} >expected`;

/** The lines for both; $1 is its name. */
function onBoth(...lines: readonly string[]): string[] {
  return [
    STAGE,
    `story() {\n${lines.join("\n")}\n}`,
    `story ours; saved=$PATH; PATH=/usr/bin:/bin; story original; PATH=$saved`,
  ];
}

function told(...lines: readonly string[]): string[] {
  return ["ours", "original"].flatMap((who) => lines.map((line) => `${who} ${line}`));
}

fault(
  "a logger whose disk is full keeps what it reads, and writes it when there is room",
  {},
  onBoth(
    "begin s268435455; cat expected >&9 && echo $1 takes everything; shortly warned 'write to ./full/d/current' 3",
    // Even asked to stop it does not leave before all is written.
    "kill $logger; shortly warned 'write to ./full/d/current' 6; kill -0 $logger && echo $1 stays",
    "mount -o remount,size=8m full; wait $logger; echo $1 $?; holds $1; end",
  ),
  told("takes everything", "stays", "0", "complete"),
);

fault(
  "with -b a logger whose disk is full reads nothing: who writes to it has to wait",
  {},
  onBoth(
    "begin -b s268435455; cat expected >&9 & writer=$!; shortly warned 'write to ./full/d/current' 5",
    "kill -0 $writer && echo $1 makes wait; mount -o remount,size=8m full; wait $writer; echo >>expected",
    "echo >&9; all() { [ $(wc -l <full/d/current) = $(wc -l <expected) ]; }; shortly all; stopped $1; holds $1; end",
    `seq ${LINES} >expected`,
  ),
  told("makes wait", "0", "complete"),
);

fault(
  "a rotation for which there is no room is finished when there is",
  {},
  onBoth(
    "begin s268435455; echo before >&9; shortly [ -s full/d/current ]",
    "n=0; while touch full/$n 2>/dev/null; do n=$((n + 1)); done; kill -ALRM $logger",
    "shortly warned 'open_append ./full/d/current' 3; echo after >&9; ls full/d | sed \"s/^/$1 /\"",
    "mount -o remount,nr_inodes=100 full; arrived() { grep -q after full/d/current; }; shortly arrived; stopped $1",
    "(echo before; echo after) >expected; holds $1; end",
  ),
  told("lock", "previous", "state", "0", "complete"),
);

fault(
  "a processor that has no room runs again when there is",
  {},
  onBoth(
    "seq 8000 >expected; begin s268435455 '?cat'; cat expected >&9",
    "size() { [ $(stat -c %s full/d/current) = 38893 ]; }; shortly size; kill -ALRM $logger",
    "failed() { [ $(grep -c 'warning: processor failed in ./full/d' errors) -ge 2 ]; }; shortly failed",
    "mount -o remount,size=8m full; shortly [ ! -e full/d/previous ]; stopped $1; holds $1; end",
  ),
  told("0", "complete"),
);
