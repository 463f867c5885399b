// Files that go away or cannot be written while services run.

import { fault, faultScript, STEADY_RUN } from "./fault.ts";

fault(
  "a service directory that is removed while its service is up does not disturb the rest",
  {
    "scan/web/run": faultScript("echo $$ >../../pid; exec sleep 10000"),
    "scan/web/finish": faultScript("exit 0"),
    "scan/other/run": STEADY_RUN,
    "scan/logged/run": faultScript("echo words; exec sleep 10000"),
    "scan/logged/log/run": faultScript("exec cat >>../../../log"),
    "spare/run": faultScript("echo $$ >../../spare; exec sleep 10000"),
  },
  [
    "begin; events web su; events other su; events logged su; shortly [ -s pid ]; shortly told log words",
    "rm -rf scan/web scan/logged; cat pid >before; kill -9 $(cat pid)",
    // The service cannot be started again, which is reported once, and takes no time.
    "errs 'unable to spawn ./run'; s6-svc -r scan/other; events other sudDu",
    "s6-svscanctl -an scan; shortly gone $(cat before); s6-svscanctl -z scan && echo 'the scanner lives'",
    // Something else of that name is another service.
    "mv spare scan/web; s6-svscanctl -a scan; shortly [ -s spare ]; shows up,wantedup web 'true true'",
    "end; grep -c 'unable to spawn ./run' errors",
  ],
  ["the scanner lives", "web: up,wantedup true true", "scanner 0", "1"],
);

fault(
  "a full disk is reported and retried, and supervision goes on",
  {
    "run": faultScript("echo $$ >>../../pids; exec sleep 10000"),
    "pids": "",
  },
  [
    "mkdir scan; mount -t tmpfs -o size=128k none scan; mkdir scan/web; cp run scan/web/run; begin; events web su",
    "lives() { [ $(wc -l <pids) = $1 ]; }; last() { tail -n 1 pids; }",
    "shortly lives 1; before=$(last); cp scan/web/supervise/status status",
    "dd if=/dev/zero of=scan/full bs=4k 2>/dev/null; kill -9 $before; errs 'unable to write status file: No space'",
    // A service is restarted, obeys, and its supervisor publishes its true state.
    "shortly lives 2; cmp status scan/web/supervise/status && echo 'the status is the old one'",
    "s6-svc -r scan/web; shortly lives 3; kill -0 $(last) && echo 'it is restarted'",
    "rm scan/full; same() { is pid web $(last); }; shortly same; shows up,wantedup web 'true true'",
    "events web sudDudDu; s6-svc -wD -T 60000 -d scan/web; shows up,signal web 'false SIGTERM'; end",
    "grep -c 'unable to write status file' errors",
  ],
  [
    "the status is the old one",
    "it is restarted",
    "web: up,wantedup true true",
    "web: up,signal false SIGTERM",
    "scanner 0",
    "1",
  ],
);

fault(
  "a service for whose files there is no room is supervised when there is",
  { "run": STEADY_RUN },
  [
    "mkdir scan; mount -t tmpfs -o nr_inodes=40 none scan; mkdir scan/web; cp run scan/web/run",
    "listen scan/web; s6-svscan scan 2>>errors & scanner=$!; events web su; mkdir scan/late; cp run scan/late/run",
    "n=0; while mkdir scan/.$n 2>/dev/null; do n=$((n + 1)); done; s6-svscanctl -a scan",
    "errs 's6-supervise late: fatal: .*No space'; s6-svc -r scan/web; events web sudDu; is up web true && echo others",
    "rmdir scan/.?; shows up,wantedup late 'true true'; end; grep -c 'late: fatal' errors",
  ],
  ["others", "late: up,wantedup true true", "scanner 0", "1"],
);
