// The pid of a dead service goes to a stranger, at the worst moments. Nothing that is then asked of the supervisor, and
// nothing that it still means to do to the dead, may reach it.

import { fault, faultScript, STEADY_RUN } from "./fault.ts";

const SIGNALS = "HUP INT QUIT ALRM ABRT USR1 USR2 TERM CONT WINCH";

/** Notes what happens to it. In a session of its own, so that its process group has its number too. */
const STRANGER = faultScript(
  `for signal in ${SIGNALS}; do trap "echo $signal >>struck" $signal; done`,
  "exec 4<>hold; echo $$ >stranger",
  "while :; do read -r word <&4; done",
);

// The pid after the last one is the next; another process may be faster.
const LIFE = `
reuse() {
  shortly gone $1
  for attempt in 1 2 3 4 5 6 7 8 9 10; do
    rm -f stranger
    echo $(($1 - 1)) >/proc/sys/kernel/ns_last_pid
    setsid ./live & stranger=$!
    [ $stranger != $1 ] || break
    kill -9 $stranger
  done
  shortly [ -s stranger ]
  [ "$(cat stranger)" = $1 ] && echo "a stranger has the pid"
}
unhurt() { kill -0 $stranger && [ ! -e struck ] && echo unhurt; kill -9 $stranger; wait $stranger 2>/dev/null; }
everything() { for letter in k t i h q a b 1 2 y p c r O d x; do s6-svc -$letter scan/web; done; }
mkfifo hold go`;

const RUN = faultScript("echo $$ >../../pid; exec sleep 10000");
const RUNNING = ["begin; events web su; shortly [ -s pid ]; pid=$(cat pid)"];

fault(
  "the pid of a service that is down can be given to a stranger",
  { live: STRANGER, "scan/web/run": RUN, "scan/web/down": "" },
  [
    LIFE,
    "begin; events web s; s6-svc -wu -T 60000 -o scan/web; shortly [ -s pid ]; pid=$(cat pid)",
    "kill -9 $pid; events web sudD; reuse $pid; everything; events web sudDxs; unhurt; end",
  ],
  ["a stranger has the pid", "unhurt", "scanner 0"],
);

fault(
  "so it can while the finish script runs, whose supervisor is asked for everything, and told to go",
  {
    live: STRANGER,
    "scan/web/run": RUN,
    "scan/web/finish": faultScript("read -r word <../../go"),
    "scan/web/timeout-finish": "0\n",
  },
  [
    LIFE,
    ...RUNNING,
    "kill -9 $pid; events web sud; reuse $pid; everything; s6-svscanctl -an scan; echo >go; events web sudDxsu",
    "unhurt; s6-svc -d scan/web; events web sudDxsud; echo >go; events web sudDxsudD; end",
  ],
  ["a stranger has the pid", "unhurt", "scanner 0"],
);

fault(
  "a service that ended in time is not killed when its time is over",
  {
    live: STRANGER,
    "scan/web/run": RUN,
    "scan/web/timeout-kill": "1500\n",
    "scan/clock/run": STEADY_RUN,
    "scan/clock/down": "",
  },
  [
    LIFE,
    ...RUNNING,
    "s6-svc -d scan/web; events web sudD; reuse $pid",
    // Longer than the time given, by the clock of the scanner itself: two starts of a service are a second apart.
    "s6-svc -u scan/clock; for told in su sudDu sudDudDu; do events clock $told; s6-svc -k scan/clock; done",
    "events clock sudDudDudDu; unhurt; end",
  ],
  ["a stranger has the pid", "unhurt", "scanner 0"],
);

fault(
  "a supervisor that takes over does not believe the pid in the status file",
  { live: STRANGER, "scan/web/run": RUN },
  [
    LIFE,
    ...RUNNING,
    "kill -9 $scanner; wait $scanner; kill -9 $pid; : >scan/web/down; reuse $pid; rm scan/web/event/ftrig1*",
    "begin; events web s; everything; events web sxs; unhurt; end",
  ],
  ["a stranger has the pid", "unhurt", "scanner 0"],
);

fault(
  "a supervisor of its own interrupts the group of its service, not one that has inherited the number",
  {
    live: STRANGER,
    "scan/web/run": RUN,
    "scan/web/finish": faultScript("read -r word <../../go"),
    "scan/web/timeout-finish": "0\n",
  },
  [
    LIFE,
    "listen scan/web; env --default-signal=INT,QUIT s6-supervise scan/web 2>>errors & supervisor=$!",
    "events web su; shortly [ -s pid ]; pid=$(cat pid); kill -9 $pid; events web sud; reuse $pid; everything",
    'kill -TERM $supervisor; kill -INT $supervisor; wait $supervisor; echo "supervisor $?"; events web sudx; unhurt',
  ],
  ["a stranger has the pid", "supervisor 0", "unhurt"],
);
