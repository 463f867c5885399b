// Services that misbehave: they fork away, hang in their finish script, die as loggers under load.

import { ownNamespaces } from "../../scripts/namespaces.ts";
import { fault, faultScript, STEADY_RUN } from "./fault.ts";

const LINES = 2000;
const PADDING = "-".repeat(200);

fault(
  "no line is lost when a logger is killed under load, again and again",
  {
    // More than a pipe holds: it waits for its logger most of the time.
    "scan/web/run": faultScript(
      "n=0",
      `while [ $n -lt ${LINES} ]; do n=$((n + 1)); echo "$n ${PADDING}"; done`,
      "echo end; exec sleep 10000",
    ),
    // Dies between two lines, so that it holds none: what is lost is lost by the pipe.
    "scan/web/log/run": faultScript(
      "n=0",
      'while IFS= read -r line; do echo "$line" >>../../../log; n=$((n + 1)); [ $n != 500 ] || kill -9 $$; done',
    ),
  },
  [
    "begin; shortly grep -q end log",
    "pid=$(pid web); end; gone $pid && echo over",
    `n=0; while [ $n -lt ${LINES} ]; do n=$((n + 1)); echo "$n ${PADDING}"; done >expected; echo end >>expected`,
    "cmp log expected && echo complete; s6-svdt scan/web/log | grep -c SIGKILL",
  ],
  ["scanner 0", "over", "complete", "4"],
);

fault(
  "what a service leaves behind when it forks away is no business of its supervisor",
  {
    "scan/web/run": faultScript(
      "[ ! -e away ] || exec sleep 10000",
      // It keeps the descriptor, and would tell that it is ready long after run has died.
      "setsid sh -c 'trap \"\" PIPE; echo $$ >away; read -r word <go; echo >&3; echo told >told; exec sleep 10000' &",
      "until [ -s away ]; do sleep 0.01; done; exit 4",
    ),
    "scan/web/finish": faultScript('echo "$1 $2" >>finished'),
    "scan/web/notification-fd": "3\n",
  },
  [
    // The scanner is process 1 of a namespace, where what forks away becomes its child.
    "mkfifo scan/web/go; listen scan/web",
    `${ownNamespaces("pid").join(" ")} s6-svscan scan 2>>errors & init=$!`,
    "events web sudDu; echo go >scan/web/go; shortly [ -e scan/web/told ]",
    "scanner=$(ps -o pid= --ppid $init | tr -d ' ')",
    "stray() { ps -o pid=,stat=,args= --ppid $scanner | grep -c 'sleep 10000'; }",
    "shows up,ready web 'true false'; echo $(stray) children",
    "s6-svc -wD -T 60000 -d scan/web; echo $(stray) child",
    // The stray dies as a stranger, and is reaped.
    "kill -9 $(ps -o pid=,args= --ppid $scanner | sed -n 's/ sleep 10000//p')",
    'empty() { [ -z "$(ps -o pid= --ppid $scanner)" ]; }',
    "shortly empty; cat scan/web/finished scan/web/events; echo; shows up,signal web 'false SIGTERM'",
    "s6-svscanctl -t scan; wait $init; echo $?",
  ],
  [
    "web: up,ready true false",
    "2 children",
    "1 child",
    "4 0",
    "256 15",
    "sudDudD",
    "web: up,signal false SIGTERM",
    "0",
  ],
);

fault(
  "a finish script that hangs has its time, even stopped, and holds up nobody else",
  {
    "scan/web/run": faultScript("exec sleep 10000"),
    "scan/web/finish": faultScript("trap '' TERM INT HUP", "echo $$ >../../finish; kill -STOP $$"),
    "scan/web/timeout-finish": "0\n",
    "scan/web/down-signal": "KILL\n",
    "scan/quick/run": STEADY_RUN,
  },
  [
    "begin; events web su; events quick su; s6-svc -d scan/web; events web sud; shortly [ -s finish ]",
    "s6-svc -r scan/quick; events quick sudDu; is up quick true && echo 'the other is restarted'",
    // Nothing reaches a finish script. Without a limit it may take as long as it likes.
    "s6-svc -kt scan/web; shows up,wantedup web 'false false'; kill -CONT $(cat finish); events web sudD",
    "rm finish; echo 100 >scan/web/timeout-finish; s6-svc -o scan/web; events web sudDu",
    "s6-svc -wD -T 60000 -d scan/web; gone $(cat finish) && echo killed",
    "end; cat errors",
  ],
  [
    "the other is restarted",
    "web: up,wantedup false false",
    "killed",
    "scanner 0",
    "s6-supervise web: warning: finish script lifetime reached maximum value - sending it a SIGKILL",
  ],
);
