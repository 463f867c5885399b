// Differences from the original. Supervision: scanners, supervisors, their files.

import { type Difference, inArea } from "./row.ts";

export const SUPERVISION: readonly Difference[] = [
  ...inArea("Supervision", [
    {
      ours: "**Two starts of a service are a second apart**, as in the s6 of generation 2 (up to 2.11.1). A service " +
        "that has lived for a second is started again at once, and so is one with a finish script that takes a " +
        "second. `s6-svc -r` costs no second. Later versions wait for a second after each death, or after " +
        "readiness. Here the second begins when the process is started.",
      original: "In the original the second begins when the process executes `run`.",
      test: ["tests/cases/s6/supervise.ts", "what dies at once is started once a second at most"],
      also: [["tests/cases/s6/supervise.ts", "a service that was ready for a second is restarted at once"]],
    },
    {
      ours: "**A supervisor does not wait for a start.** It goes on while a child opens files, takes locks or enters " +
        "directories on the way to `run`. The service counts as up when the child says that it is about to " +
        "execute `run`, when `run` has been executed, or after a second. Until then commands and signals reach " +
        "the child.",
      test: [
        "tests/lib/supervise/transition_test.ts",
        "a started process counts as up when it tells that it runs, or after a second",
      ],
      also: [["tests/lib/supervise/transition_test.ts", "signals reach a process that is starting"]],
    },
    {
      ours:
        "**Programs that talk to a supervisor follow no link in the place of its files and wait for no fifo there**: " +
        "`s6-svc` and `s6-svperms` fail where `supervise/control` is a link, `s6-svstat`, `s6-svwait` and `s6-svdt` " +
        "where the file is a fifo, and `s6-svdt-clear` puts a new file there.",
      original: "The original writes through links, to any file if root runs it, and waits in fifos.",
      test: [
        "tests/containers/others_state_test.ts",
        "root's programs follow no link of a service's user and wait for none of its fifos",
      ],
    },
    {
      ours: "**Root hears of a service that another user supervises**, as under `docker exec -u 0` in a container of " +
        "another user: the fifo of a wait belongs to the owner of the event directory.",
      original:
        "The original's supervisor cannot write to root's fifo, so that `s6-svwait` and `s6-svc -w` of root go on " +
        "until their time is over.",
      test: [
        "tests/interop/other_user_test.ts",
        "root learns of the events of a service whose supervisor another user runs",
      ],
    },
    {
      ours: "**A wait for a service ends with its supervisor**, also where the service directory has been removed " +
        "before: an `s6-svwait` that process 1 answers has no fifo in there.",
      original:
        "In the original nothing can be said in a directory that is gone, and the wait goes on until its time is over.",
      test: [
        "tests/containers/answered_later_test.ts",
        "who waits for a service whose directory is removed learns of the end of its supervisor",
      ],
    },
    {
      ours: "**There are no s6-supervise processes.** Process 1 holds the supervisors of all services, so they " +
        "cannot be killed or traced one by one. Everything on disk is the same.",
      test: ["tests/cases/s6/svscan.ts", "services have no processes that supervise them"],
      also: [[
        "tests/containers/life_test.ts",
        "Debian's s6-svstat, s6-svc and s6-svwait operate our live tree from outside",
      ]],
    },
    {
      ours: "**A container has room for 2,000 services** with their loggers.",
      original: "The original has room for 500, or for 1,000 services and loggers in later versions.",
      test: [
        "tests/containers/open_files_test.ts",
        "more services than s6-svscan has room for by itself are supervised, be they of generation 2 or 3",
      ],
    },
    {
      ours: "**A start that fails is reported in one line** with the reason, and again only when the reason changes.",
      original: "The original prints two lines every ten seconds.",
      test: ["tests/cases/s6/supervise.ts", "a run script that is missing is tried again later, and named once"],
      also: [["tests/lib/supervise/supervisor_test.ts", "a start that keeps failing in the same way is reported once"]],
    },
    {
      ours:
        "**What a service leaves of its process group may be killed** when `run` has ended, before `finish`: with an " +
        "empty file `data/overlay/kill-group`. Workers of nginx or php-fpm whose main process was killed would keep the port.",
      original: "The original gives `finish` the group, from s6 2.13 on, which has to kill it.",
      test: [
        "tests/lib/supervise/supervisor_test.ts",
        "with kill-group what run leaves of its group is killed before finish runs",
      ],
      also: [[
        "tests/containers/nginx_php_example_test.ts",
        "nginx and php-fpm come back when killed, and lose no request to reloads and a stop",
      ]],
    },
    {
      ours: "**A service may speak systemd's notify protocol.** With the file `data/overlay/notify-socket` it gets " +
        "`NOTIFY_SOCKET`, is ready by `READY=1`, not ready any more by `STOPPING=1`, and may have a watchdog " +
        "(`data/overlay/watchdog`). `with-contenv` leaves these variables to it. See [notify.md](notify.md).",
      original: "The original has converters for readiness alone, from s6 2.15 on.",
      test: ["tests/lib/supervise/notify_life_test.ts", "a service is ready by the first READY=1"],
      also: [
        ["tests/lib/supervise/watchdog_test.ts", "the watchdog begins when the service is ready"],
        ["tests/containers/notify_test.ts", "a service under another user tells its life"],
      ],
    },
    {
      ours:
        "**A `run` that could not be started is tried again after ten seconds**, and at once by `s6-svc -u`: so a " +
        "`run` that was mended is not waited for.",
      original: "The newest waits for a minute, unless `s6-svc -u` comes.",
      test: ["tests/cases/s6/start_failures.ts", "a start that failed works when its cause is gone"],
    },
    {
      ours: "**The file of a `lock-fd` is made** where there is none, as in s6 2.15.",
      original: "Older versions cannot start the service then.",
      test: ["tests/cases/s6/service_dir.ts", "a lock-fd without a lock file"],
    },
    {
      ours: "**A service with a `lock-fd` and a `notification-fd` gets both.**",
      original: "The original gives it one of the descriptors under the number of the other, unless that of the " +
        "notification is among the lowest.",
      test: ["tests/cases/s6/service_dir.ts", "a service gets its lock-fd and its notification-fd"],
    },
    {
      ours: "**A service without a finish script** publishes `d` and `D` in one write, as newer versions of s6 do.",
      test: ["tests/lib/supervise/transition_test.ts", "a death without a finish script is told in one go"],
    },
    {
      ours: "**A lock-fd holds its lock.**",
      original: "The original (2.11.3) loses it when the descriptor is moved.",
      test: ["tests/cases/s6/service_dir.ts", "lock-fd holds a lock"],
    },
    {
      ours: "**Where the lock of a lock-fd is taken** only the service waits for it.",
      original: "The original's supervisor waits as well, and does not react to commands.",
      test: ["tests/cases/s6/service_dir.ts", "a service whose lock is taken waits for it, its supervisor does not"],
    },
    {
      ours: "**A down-signal that is no signal** is reported, and TERM is sent.",
      original: "The original sends it in vain.",
      test: [
        "tests/lib/supervise/service_dir_test.ts",
        "a value that makes no sense is reported, and the usual one taken",
      ],
    },
    {
      ours: "**From later versions of s6** come `flag-newpidns`, `reload-signal` with `s6-svc -l`, " +
        "`flag-timeout-killpg`, `s6-svc -P`, `-C` and `-K`, `s6-svscan -C` and `-L`, and the process group of run as " +
        "the fourth argument of finish.",
      test: ["tests/cases/s6/service_dir.ts", "flag-newpidns makes run process 1"],
      also: [["tests/cases/s6/svc_letters.ts", "s6-svc -P, -C and -K are for the process group"], [
        "tests/cases/s6/svscan_control.ts",
        "-C counts loggers too",
      ]],
    },
    {
      ours: "**A status file that cannot be written** (the disk is full) is reported, and written as soon as it can " +
        "be.",
      test: ["tests/lib/supervise/supervisor_test.ts", "a status file that cannot be written is reported once"],
    },
    {
      ours: "**What cannot be examined in a scan directory**, such as a link that leads nowhere, is reported once. " +
        "It is examined again after 3 seconds, and then at intervals that double up to a minute.",
      test: [
        "tests/lib/supervise/scan_again_test.ts",
        "what cannot be examined is reported once, and examined again ever more rarely",
      ],
    },
    {
      ours: "**What is in the place of a file** of a service or a scanner - a fifo, a socket, a device, a link in a " +
        "loop, a file without end or with a lease - is reported in one line and blocks nothing. A parameter file " +
        "of that kind counts as missing. The status and the record of deaths replace it. A supervisor that " +
        "cannot have its lock or its control fifo is tried again like any other.",
      original: "The original blocks on a fifo, and reads what it is given.",
      test: ["tests/faults/object_test.ts", "what is no parameter file counts as none"],
      also: [["tests/faults/object_test.ts", "what stands where a supervisor writes gives way to a file"], [
        "tests/faults/object_test.ts",
        "a supervisor that cannot have what it needs says so, and the others work",
      ]],
    },
    {
      ours: "**A link to another file system is no parameter file**, and is reported.",
      test: ["tests/faults/object_test.ts", "a link to another file system is no parameter file"],
    },
    {
      ours: "**`run` and service directories may be on other file systems**, and links to them.",
      test: [
        "tests/faults/object_test.ts",
        "a scanner passes over what is no service directory, and follows links to those that are",
      ],
    },
    {
      ours: "**Only fifos get events.** Of an event directory the first 1,000 entries are examined.",
      original: "The original writes into whatever has a listener's name, even through a link.",
      test: ["tests/faults/object_test.ts", "what is no listener's fifo gets no events"],
      also: [["tests/lib/event/publish_test.ts", "the first 1,000 entries of an event directory are examined"]],
    },
    {
      ours: "**`supervise/lock`, `supervise/death_tally` and the like may not be links**, nor may a `down` that is " +
        "to be made.",
      test: ["tests/faults/object_test.ts", "a record of deaths that is none begins anew"],
      also: [["tests/faults/object_test.ts", "whatever is called down keeps the service down"]],
    },
    {
      ours: "**`s6-svscanctl -b`** leaves services without supervisors, because these are in the process that " +
        "leaves. During a stop it ends the wait for the rest.",
      test: ["tests/cases/s6/svscan_control.ts", "s6-svscanctl -b leaves services alone"],
      also: [["tests/cases/s6/svscan_control.ts", "s6-svscanctl -tb ends services and waits for none"]],
    },
    {
      ours: "**What a service writes to its notification-fd without a newline** is read 4 KiB at a time, with pauses " +
        "of up to a second between full portions. A newline behind it counts, but later.",
      test: ["tests/lib/supervise/notification_test.ts", "a service that writes without an end is read in portions"],
    },
    {
      ours: "**There is no separate process for stage 2.** cont-init.d scripts and the command are children of " +
        "process 1.",
      test: ["tests/containers/life_test.ts", "the command sees process 1, itself and what it starts"],
    },
  ]),
];
