// docs/generations.md, printed from its rows: what differs between images of generation 2 and of generation 3, as this overlay
// has it, and the test that shows it.

import type { Difference, Shown } from "./differences/row.ts";

interface Trait {
  readonly trait: string;
  readonly two: string;
  readonly three: string;
  readonly test: Shown;
}

const BOOT = "tests/containers/generation_3_boot_test.ts";
const STOP = "tests/containers/generation_3_stop_test.ts";
const LIVE = "tests/containers/generation_3_live_test.ts";
const ENVIRONMENT = "tests/containers/generation_3_environment_test.ts";
const CONDITIONS = "tests/containers/generation_3_conditions_test.ts";
const SIGNALS = "tests/containers/generation_3_signals_test.ts";
const SYSLOGD = "tests/containers/generation_3_syslogd_test.ts";
const LAYOUT = "tests/containers/generation_3_layout_test.ts";
const RUNNER = "tests/containers/generation_3_runner_test.ts";
const TREES = "tests/containers/generation_3_trees_test.ts";
const ORDER = "oneshots, longruns, bundles, pipelines and the steps of generation 2 come in the order of the graph";
const SAME = "as in generation 2";

const TRAITS: readonly Trait[] = [
  {
    trait: "An image is of it",
    two: "unless it is of generation 3",
    three:
      "if `s6-rc.d` or `user-bundles.d` of `/etc/s6-overlay`, or of the profile, defines a service or names one; " +
      "`S6_STAGE2_HOOK` may do that",
    test: [BOOT, "a hook that defines the first service makes the image one of generation 3"],
  },
  {
    trait: "What the boot does",
    two: "fix-attrs.d, cont-init.d, services.d, one after the other",
    three:
      "brings the bundle `top` up: these three as `fix-attrs`, `legacy-cont-init` and `legacy-services`, and what " +
      "`user` and `user2` name, all that can go at the same time",
    test: [BOOT, ORDER],
  },
  {
    trait: "Lines",
    two: "`[cont-init.d] NAME: exited 0.` on standard output",
    three: "`cont-init: info: PATH exited 0` and `s6-rc: info: service NAME successfully started` on standard error",
    test: [BOOT, ORDER],
  },
  {
    trait: "A service that fails at the boot",
    two: "is started again; the boot does not wait for it, unless `S6_CMD_WAIT_FOR_SERVICES` says so",
    three: "keeps back what depends on it; with `S6_BEHAVIOUR_IF_STAGE2_FAILS=2` the container ends with 1",
    test: [BOOT, "a oneshot that fails keeps back what needs it, and nothing else"],
  },
  {
    trait: "`S6_CMD_WAIT_FOR_SERVICES_MAXTIME`",
    two: "5000 milliseconds for services.d, if it is waited for",
    three:
      "no limit unless it is set; for the whole start, scripts included. With `S6_BEHAVIOUR_IF_STAGE2_FAILS=2` the " +
      "container ends with 2",
    test: [BOOT, "the whole start has the time of"],
  },
  {
    trait: "Environment of scripts",
    two: "that of the supervision tree, and `env-stage2`",
    three: "the same with `RC_NAME`; oneshots run in the directory of their runner",
    test: [BOOT, ORDER],
  },
  {
    trait: "`with-contenv`",
    two: "gives a variable the whole content of its file",
    three: "takes one line end away from it, as `echo` leaves there",
    test: [ENVIRONMENT, "with-contenv takes one line end away, and no more"],
  },
  {
    trait: "`printcontenv`",
    two: "prints what the file has, and a line end; without a name it exits 1",
    three: "prints the value as `with-contenv` gives it, and a line end; without a name it exits 100",
    test: [ENVIRONMENT, "printcontenv prints a value and one line end, whatever the file has"],
  },
  {
    trait: "The command's environment",
    two: "the container's",
    three: "`PATH`, and what `with-contenv` in front of it gives; with `S6_KEEP_ENV` the container's",
    test: [ENVIRONMENT, "the command has PATH, and with-contenv gives it the rest; kept, it has all"],
  },
  {
    trait: "`S6_CMD_ARG0`",
    two: "words, one a line; they are the command where there is none",
    three:
      "words between blanks, with patterns of file names expanded; where there is no command they count for nothing",
    test: [ENVIRONMENT, "the first words are split, patterns expanded, and count for nothing by themselves"],
  },
  {
    trait: "The end of the command",
    two: "gets a line, `[cmd] NAME exited 0`",
    three: "gets none but the last one, which says why the container has ended",
    test: [ENVIRONMENT, "the first words are split, patterns expanded, and count for nothing by themselves"],
  },
  {
    trait: "`S6_CMD_RECEIVE_SIGNALS`",
    two: "has no effect",
    three:
      "TERM, QUIT, INT, USR1, USR2, PWR and WINCH go to the command while it runs. `S6_SERVICES_GRACETIME` after TERM, " +
      "QUIT or INT the container stops, whatever the command does",
    test: [SIGNALS, "a command that receives signals gets each of them, INT as well, and its code is the container's"],
  },
  {
    trait: "`S6_CMD_USE_TERMINAL`",
    two: "has no effect",
    three: "the command prints on the terminal that is its standard input, whatever is logged",
    test: [ENVIRONMENT, "a command that uses the terminal prints there, whatever is logged"],
  },
  {
    trait: "USR1, USR2 and PWR",
    two: "do nothing",
    three: "stop the container",
    test: [SIGNALS, "${name} stops a container of generation 3, whose exit code is 0"],
  },
  {
    trait: "What a signal means",
    two: "what a file `.s6-svscan/SIGNAME` does, else what `S6_SIGNAL_NAME` says, else the usual",
    three:
      "what `S6_SIGNAL_NAME` says, else what the file does, else what `S6_CMD_RECEIVE_SIGNALS` makes of it, else the " +
      "usual",
    test: [SIGNALS, "what a signal means: ${what}"],
  },
  {
    trait: "A file `essential`",
    two: "in a service of services.d: the container lives as long as the service does",
    three:
      "also in a longrun of s6-rc.d. `flag-essential` is another thing: s6-rc leaves such a service up while it takes " +
      "others down",
    test: [CONDITIONS, "the container lives as long as an essential longrun, and ends in order with its code"],
  },
  {
    trait: "A file `data/overlay/enabled-if`",
    two: "in a service of services.d: conditions on which it is started",
    three: "also in a longrun or oneshot of s6-rc.d: one that is disabled counts as done for what depends on it",
    test: [CONDITIONS, "services whose conditions do not hold are passed over, and what depends on them starts"],
  },
  {
    trait: "A stop",
    two: "tells all services to end at once",
    three: "brings all down in the reverse order of their dependencies, `down` scripts included; what is not down " +
      "when `S6_SERVICES_GRACETIME` is over is told to end with the rest",
    test: [STOP, "a stop brings services down in the reverse order of their dependencies, then runs cont-finish.d"],
  },
  {
    trait: "Services of syslogd",
    two: "are the image's own",
    three:
      "are in the tarball. An image that names `syslogd-bundle` in `user` has them: `/dev/log` is read by user `syslog` " +
      "(32760 if there is none), `/var/log/syslogd` written by `sysllog` (32761)",
    test: [SYSLOGD, "lines go where facility and priority say, to logs of an account of their own"],
  },
  {
    trait: "`/package/admin/s6-overlay`",
    two: "is there, and nothing needs it",
    three:
      "has what builds look for, also with the version behind its name: `command`, `libexec`, and `etc/s6-rc/sources` " +
      "for `s6-rc-compile`. The boot does not read them",
    test: [LAYOUT, "builds find what they change, and the image boots as before"],
  },
  {
    trait: "`s6-overlay-suexec`",
    two: "is there, and nothing needs it",
    three: "runs the stages for an entry point of the image's own, as process 1; it is a script, and cannot be setuid",
    test: [LAYOUT, "an entry point that runs the stages by itself boots the container"],
  },
  {
    trait: "`logutil-service`",
    two: "ignores TERM, and ends with its input",
    three: "ends at TERM: the pipe that a logger of a pipeline reads is never at its end",
    test: [TREES, "a media server with pipelines, and a logger with two producers"],
  },
  {
    trait: "`/run/s6-rc`",
    two: "`servicedirs` leads to the scan directory",
    three: "the live directory that `s6-rc` works with; the database is `/run/s6/db`",
    test: [LIVE, "paths that scripts of generation 3 know lead to what they expect"],
  },
  {
    trait: "Processes of the overlay's own",
    two: "none, unless the container logs (`S6_LOGGING`, `S6_OUTPUT`)",
    three:
      "the same until `s6-rc` starts or stops a oneshot, which takes a runner: process 1 listens in its place, and " +
      "starts it then. It holds the pipes of pipelines, too, until another program than its services asks for them",
    test: [RUNNER, "after the boot it is up and ready, and only process 1 and the services have processes"],
  },
  {
    trait: "The container's exit code",
    two: "that of the command, of an essential service, or what a script has written to one of the files for it",
    three: SAME,
    test: [STOP, "${program} stops in order, and the exit code file counts"],
  },
];

/** The rows as those of differences, so that the tests that they name are looked for. */
export function generationRows(): readonly Difference[] {
  return TRAITS.map(({ trait, test }) => ({ area: "docs/generations.md", ours: `**${trait}**`, test }));
}

export function printGenerations(
  printed: string,
  table: (head: readonly string[], rows: readonly (readonly string[])[]) => string,
): string {
  return [
    "# Generations",
    printed,
    "One overlay boots images of generation 2 and of generation 3 of s6-overlay. What it does differently for the one and " +
    "the other is here; the rest is the same for both, also where generation 3 itself differs from generation 2. What the " +
    "originals do otherwise is in [differences.md](differences.md). `S6_OVERLAY_GENERATION` overrides what is found.",
    table(["Trait", "Generation 2", "Generation 3"], TRAITS.map(({ trait, two, three }) => [trait, two, three])),
  ].join("\n\n");
}
