// Differences from the original. The life of a container: its exit code, its signals, its stop.

import { type Difference, inArea } from "./row.ts";

export const CONTAINER_LIFE: readonly Difference[] = [
  ...inArea("The container's life", [
    {
      ours: "**A command that signal n kills** ends the container with 128 + n, as a shell reports it.",
      original: "The original exits n.",
      test: ["tests/containers/exit_codes_test.ts", "a command that signal n kills makes the container exit 128 + n"],
    },
    {
      ours:
        "**The last line says why the container has ended**, as in `s6-overlay: info: stopping: TERM`, on standard " +
        "error; Kubernetes finds it in `/dev/termination-log`.",
      original: "The original ends with the line before it.",
      test: ["tests/containers/cause_test.ts", "the first cause counts, whatever follows"],
      also: [["tests/containers/cause_test.ts", "Kubernetes finds the cause in /dev/termination-log"]],
    },
    {
      ours: "**`S6_VERBOSITY`** has levels from 0 to 5, of which 2 is what the original prints.",
      original: "Generation 2 has none; generation 3 has it, and no list of what a level prints.",
      test: ["tests/containers/cause_test.ts", "prints what it says, and no more"],
    },
    {
      ours: "**A wait ends when nothing is left to wait for.** `S6_SERVICES_GRACETIME` and `S6_KILL_GRACETIME` are " +
        "upper bounds.",
      original: "The original sleeps for all of the latter, and 0.4 seconds more.",
      test: ["tests/lib/overlay/stop/stage3_test.ts", "nothing is waited for that has ended"],
    },
    {
      ours: "**A stop is bounded.** It has one deadline, which is set when it begins. Services have " +
        "`S6_SERVICES_GRACETIME` from the moment on that they get their signal, whatever else is done meanwhile, " +
        "and are not waited for twice. Each script of cont-finish.d has `S6_KILL_FINISH_MAXTIME` beside it. Then " +
        "come `S6_KILL_GRACETIME` and KILL. By default one service that ignores TERM and a script of two seconds " +
        "take eight of Docker's ten seconds.",
      original:
        "The original waits without limit for services after `docker stop` or `s6-svscanctl -t`: a service that " +
        "ignores TERM blocks the stop until the engine kills the container, and cont-finish.d is never run.",
      test: ["tests/containers/stop_limit_test.ts", "one service that ignores TERM and a finish script of two seconds"],
      also: [["tests/lib/overlay/stop/stage3_test.ts", "what a user has set is the bound of each part"]],
    },
    {
      ours: "**A step of the stop that fails is reported, and the next step follows.** A stop needs no free " +
        "descriptor, no readable `/proc` and no readable file.",
      test: ["tests/lib/overlay/stop/stage3_test.ts", "a stop in which everything fails ends in time"],
      also: [[
        "tests/containers/stop_limit_test.ts",
        "with 0 to 8 free descriptors every signal and command that stops does so",
      ]],
    },
    {
      ours: "**`S6_SYNC_DISKS` is done by a process of its own**, which has `S6_KILL_FINISH_MAXTIME`. Disks that do " +
        "not answer do not block the stop.",
      test: [
        "tests/lib/overlay/stop/stage3_test.ts",
        "disks that do not answer hold up a stop as long as a finish script may take",
      ],
    },
    {
      ours: "**`S6_SERVICES_GRACETIME=0`** does not wait at all.",
      original: "The original waits without limit.",
      test: ["tests/lib/overlay/stop/stage3_test.ts", "what a user has set is the bound of each part"],
      also: [["tests/containers/settings_test.ts", "=${limit} and S6_KILL_GRACETIME=${limit}"]],
    },
    {
      ours: "**A service with a file `essential`** ends the container when it ends by itself.",
      test: ["tests/containers/exit_codes_test.ts", "an essential service that exits n ends the container with n"],
    },
    {
      ours: "**A number in `/run/s6-linux-init-container-results/exitcode`** is the container's exit code, as in " +
        "generation 3. The file holds `0` from the boot on, and the command's exit code before cont-finish.d. " +
        "Unlike in generation 3 a number that a script has written before the command ends stays.",
      test: [
        "tests/containers/exit_codes_test.ts",
        "finish of an essential service has the last word, in the manner of v3",
      ],
      also: [[
        "tests/containers/exit_codes_test.ts",
        "scripts find 0 from the boot on, and the command's code at the end",
      ], ["tests/lib/overlay/ending_test.ts", "a record that a script has written stays"]],
    },
    {
      ours: "**`halt`, `poweroff` and `reboot` stop the container**, as in generation 3. They are in `/command` and " +
        "`/run/s6/basedir/bin`.",
      test: ["tests/containers/exit_codes_test.ts", "halt from inside ends the container with 0"],
      also: [["tests/containers/later_names_test.ts", "services and halt are found by their later names where"]],
    },
    {
      ours: "**`/run/service`, `/run/s6/legacy-services` and `/run/s6-rc/servicedirs`** are links to the scan " +
        "directory, for scripts of generation 3. Where `/var/run` is another directory than `/run`, `/run/s6` is " +
        "a link to `/var/run/s6`.",
      test: ["tests/containers/later_names_test.ts", "services and halt are found by their later names where"],
    },
    {
      ours: "**A signal stops the container at any moment of its boot.** A script of cont-init.d that runs then gets " +
        "TERM and is waited for as services are. Nothing is started after it.",
      original: "The original loses signals that come before its scanner is up.",
      test: ["tests/containers/stop_test.ts", "a stop at every second millisecond of a boot is in order"],
      also: [["tests/containers/stop_test.ts", "a script that hangs gets TERM when the container stops"]],
    },
    {
      ours: "**`SIGRTMIN+3` stops the container**, as images of systemd expect.",
      test: ["tests/containers/signals_test.ts", "the signals by which images are stopped do so"],
    },
    {
      ours: "**Variables `S6_SIGNAL_...`** give signals other effects.",
      test: ["tests/containers/signals_test.ts", "does that, and nothing else"],
    },
    {
      ours: "**A signal without an effect has none where `/init` is not process 1 either.**",
      test: ["tests/containers/signals_test.ts", "no other signal does anything"],
    },
    {
      ours: "**`SIGWINCH` stops the container**, as images of httpd expect, unless standard input, output or error " +
        "of process 1 is a terminal: a terminal that changes its size sends this signal too. `S6_SIGNAL_WINCH` " +
        "decides where it is set.",
      test: ["tests/containers/command_test.ts", "WINCH to process 1 stops the container where no terminal is"],
      also: [["tests/containers/command_test.ts", "WINCH to process 1 does nothing at a terminal"]],
    },
    {
      ours: "**Each process that outlives the last TERM is named** before it is killed: its process id, its name as " +
        "the kernel knows it (up to 15 bytes) and the service that it belongs to. Its command line is not read, " +
        "because a process can block its readers.",
      test: ["tests/containers/logging_test.ts", "what outlives the last TERM is named"],
    },
    {
      ours: "**Process 1 waits for no reader of its output.** Where a pipe or a terminal is full, up to 256 KiB of " +
        "what the overlay itself says is kept. The output of services is passed on as it is.",
      test: ["tests/lib/overlay/logging/console_test.ts", "what is kept for a reader that has stopped is bounded"],
      also: [["tests/lib/os/outlet_test.ts", "a terminal that nobody reads is not waited for"]],
    },
    {
      ours: "**Names and values do not control a terminal.** Control characters in them, and bytes that are not " +
        "UTF-8, are written as `\\xNN`.",
      test: ["tests/containers/stop_limit_test.ts", "what a name holds does not reach a terminal"],
    },
    {
      ours: "**A process 1 whose own memory passes 256 MB** stops the container in order, with a line, and exit code " +
        "111 where no other code is recorded. Nothing is known to bring it to that.",
      test: ["tests/lib/overlay/memory_watch_test.ts", "where nothing helps the container is stopped, once"],
      also: [["tests/simulation/life_test.ts", "whatever happens, a container keeps the rules of its life"]],
    },
    {
      ours: "**Loggers end last, at the end of their input.** They do not get the last HUP and TERM. A logger that " +
        "dies while its service ends is started again. What services print when they get TERM, and in their " +
        "finish scripts, is logged to the last line.",
      test: [
        "tests/containers/logging_test.ts",
        "what services say at their end is logged to the last line when the container is stopped",
      ],
      also: [["tests/containers/logging_test.ts", "a logger that dies while its service ends comes up again"]],
    },
    {
      ours: "**A logger that does not end when nothing is left to read** is killed when `S6_KILL_GRACETIME` is over.",
      test: [
        "tests/containers/logging_test.ts",
        "a logger that hangs, its fifo full, holds up neither process 1 nor the stop",
      ],
    },
  ]),
];
