// Differences from the original. Images of generation 3: their boot and their stop.

import { type Difference, inArea } from "./row.ts";

const BOOT = "tests/containers/generation_3_boot_test.ts";
const STOP = "tests/containers/generation_3_stop_test.ts";
const SIGNALS = "tests/containers/generation_3_signals_test.ts";
const ENVIRONMENT = "tests/containers/generation_3_environment_test.ts";
const RUNNER = "tests/containers/generation_3_runner_test.ts";
const HOLDER = "tests/containers/generation_3_holder_test.ts";
const LIVE = "tests/containers/generation_3_live_test.ts";

export const GENERATION_3: readonly Difference[] = [
  ...inArea("Images of generation 3", [
    {
      ours:
        "**The files of root in the boot's live directory are those of its database**, by a second name each. What " +
        "is written into one, rather than put in its place, is in both.",
      original: "The original has copies.",
      test: ["tests/lib/link_tree_test.ts", "directories are new, with the same modes, and files are the same ones"],
      also: [["tests/lib/link_tree_test.ts", "what others can change, or replace in its directory, is copied"]],
    },
    {
      ours: "**A definition that is wrong fails the boot** as `S6_BEHAVIOUR_IF_STAGE2_FAILS` says, with its file and " +
        "the cure. Where there is no command either, the container ends with 1.",
      original: "The container idles, and its exit code is 0 when it is stopped.",
      test: [BOOT, "a definition that is wrong is told with its cure, and fails the boot: ${what}"],
    },
    {
      ours:
        "**A script in the place of a command line is warned of**: an `up` or `down` whose first line is `#!/bin/sh`, " +
        "with more than one line behind it. It is one command line all the same.",
      original: "The original takes the first line for a comment, and all others for one command line.",
      test: [
        "tests/containers/generation_3_defined_test.ts",
        "a script in the place of a command line is warned of at the boot, and one that says the same is not",
      ],
    },
    {
      ours:
        "**Services start while others are still laid**, where an image has more than 64 longruns: the directories of those " +
        "whose turn comes first are there first. One that cannot be laid costs its own service only.",
      original: "The original starts nothing before all service directories are there.",
      test: [
        "tests/containers/generation_3_laying_test.ts",
        "what is there runs while the directory of another service cannot be read, and the stop does not wait for it",
      ],
      also: [[
        "tests/containers/generation_3_laying_test.ts",
        "a service whose directory cannot be laid fails alone, with what needs it",
      ]],
    },
    {
      ours: "**What was not started because another service failed is named**, in one line.",
      original: "The original is silent about it.",
      test: [BOOT, "a oneshot that fails keeps back what needs it, and nothing else"],
    },
    {
      ours: "**A step that takes longer than five seconds** gets a line that says what it waits for.",
      test: [
        BOOT,
        "a service that takes longer than its timeout-up fails, and one that is not told of for long gets a line",
      ],
    },
    {
      ours:
        "**The bundles `user` and `user2` are taken from both places**, `user-bundles.d` and `s6-rc.d`, and nothing " +
        "is written into the image.",
      original: "The old place alone counts where it is there, and is written to, which fails on a read-only root.",
      test: [BOOT, "bundles of users in both places, types missing in the old one, start what both name"],
    },
    {
      ours:
        "**A stop during the boot ends the boot**: running scripts get TERM, nothing more is started, and what is " +
        "up goes down.",
      original: "The original waits for the boot.",
      test: [STOP, "a stop in the middle of the boot ends the boot: scripts get TERM, and what is up goes down"],
    },
    {
      ours: "**A longrun that ignores its signal does not hold a stop up**: all services together have " +
        "`S6_SERVICES_GRACETIME`.",
      original: "Without `timeout-kill` or `timeout-down` the original waits without end.",
      test: [STOP, "a longrun that ignores TERM has the services' time and no more"],
    },
    {
      ours:
        "**`s6rc-oneshot-runner` has no process until something connects to its socket.** Until then it is up and " +
        "ready with the pid of process 1, which `s6-svstat` tells: signals to it go through `s6-svc`, as `kill` would " +
        "reach process 1.",
      original: "The original starts it with the boot.",
      test: [RUNNER, "after the boot it is up and ready, and only process 1 and the services have processes"],
      also: [
        [RUNNER, "a oneshot that s6-rc starts or stops gives it a process, whose death takes it back"],
        [RUNNER, "control letters do to it what they do to its process"],
        [RUNNER, "Debian's programs see it, control it and have it run scripts"],
      ],
    },
    {
      ours:
        "**`s6rc-fdholder` has no process until something connects to its socket.** Until then process 1 holds the " +
        "pipes, and gives them to the services that it starts; all else is as of `s6rc-oneshot-runner`. One that is " +
        "restarted has no process again.",
      original: "The original starts it with the first pipeline, and each service asks it for its pipes.",
      test: [HOLDER, "after the boot it is up and ready, and only process 1 and the services have processes"],
      also: [
        [HOLDER, "a client gives it a process with the same pipes, whose death takes it back"],
        [HOLDER, "a restart makes new pipes, which services have when they are restarted"],
        [HOLDER, "control letters do to it what they do to its process"],
        [HOLDER, "an update to another database adds and removes pipelines"],
        [HOLDER, "Debian's programs see it, control it and use what it holds"],
      ],
    },
    {
      ours: "**`s6-svscanctl -t /run/service`** stops as `halt` does.",
      original: "The original runs no down script and no script of cont-finish.d.",
      test: [STOP, "${program} stops in order, and the exit code file counts"],
    },
    {
      ours: "**cont-finish.d runs when all services are down**, also those that depend on nothing.",
      original: "It runs when `legacy-cont-init` goes down.",
      test: [STOP, "a stop brings services down in the reverse order of their dependencies, then runs cont-finish.d"],
    },
    {
      ours:
        "**`s6-rc list` works while the boot or the stop changes services**; a change is refused with 111, as by the " +
        "original.",
      original: "Both are refused.",
      test: [LIVE, "while the boot changes services s6-rc does not, and looks all the same"],
    },
    {
      ours:
        "**A command with `S6_CMD_RECEIVE_SIGNALS` starts with usual signals**, and reads the container's standard " +
        "input. It gets INT and QUIT like the others.",
      original: "It starts with INT and QUIT ignored, and its standard input is /dev/null.",
      test: [
        SIGNALS,
        "a command that receives signals gets each of them, INT as well, and its code is the container's",
      ],
    },
    {
      ours: "**Such a command does not hold a stop up**: it has `S6_SERVICES_GRACETIME` from TERM, QUIT or INT on.",
      original: "The container goes on as long as the command does.",
      test: [SIGNALS, "one that does not heed the signal by which containers are stopped ends all the same"],
    },
    {
      ours: "**QUIT and WINCH stop the container** as in generation 2, and no signal makes its exit code 129 or 130.",
      original: "QUIT and WINCH do nothing; after INT the code is 129, after USR1 and PWR 130.",
      test: [SIGNALS, "${name} stops a container of generation 3, whose exit code is 0"],
    },
    {
      ours: "**`printcontenv` prints one line end** behind a value, and the files of the store have none of their own.",
      original: "It prints two.",
      test: [ENVIRONMENT, "printcontenv prints a value and one line end, whatever the file has"],
    },
    {
      ours:
        "**What the boot has not started is told by commands**: `s6-overlay explain` names it with what kept it back, " +
        "and `healthy` and `status` exit 1 as long as a longrun of it is down, or services of services.d are, or nothing " +
        "was started as a definition is wrong.",
      test: [
        "tests/containers/generation_3_failed_boot_test.ts",
        "what a failed oneshot keeps back is told, until it is up after all",
      ],
      also: [[
        "tests/containers/generation_3_failed_boot_test.ts",
        "services of services.d that were kept back count as missing, and without any nothing is missing",
      ]],
    },
    {
      ours:
        "**Services of services.d that `s6-rc` takes down stay in the scan directory** as long as they are not down, " +
        "and are not copied anew then.",
      original: "They leave it at once.",
      test: [
        "tests/containers/generation_3_resumed_test.ts",
        "what ignores its end stays when the time is over, and is not copied anew",
      ],
    },
    {
      ours:
        "**`s6-rc` leaves a note of how the script of each oneshot has ended** in the live directory, in `last`, for " +
        "`s6-overlay explain` and `status`.",
      test: [
        "tests/containers/generation_3_defined_test.ts",
        "explain tells of a oneshot whether it is up, what it did last and what it needs",
      ],
    },
    {
      ours:
        "**What was not up when `S6_CMD_WAIT_FOR_SERVICES_MAXTIME` was over is named**, in a line before the one that says 'timed out'.",
      original: "The original says that it timed out.",
      test: [
        "tests/containers/generation_3_failed_boot_test.ts",
        "what is not ready in time is told too, and what needs it",
      ],
    },
    {
      ours: "**Each script of cont-finish.d gets a line with its exit code**, as those of cont-init.d do.",
      original: "The original says only that it runs.",
      test: [STOP, "the stop prints on standard error, as generation 3 does, and nothing on the command's output"],
    },
    {
      ours:
        "**A first stage that fails under `s6-overlay-suexec`** ends the container with its code, without a line. The " +
        "stage has no variables `UID`, `EUID` and the like.",
      original: "The original prints 'child failed with exit code N', and sets them.",
      test: [
        "tests/containers/generation_3_layout_test.ts",
        "one whose first stage fails ends the container: ${block}",
      ],
    },
    {
      ours: "**The services of s6-rc itself get no lines** at the boot's start and at the stop.",
      untested: true,
    },
  ]),
];
