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
    trait: "A stop",
    two: "tells all services to end at once",
    three: "brings all down in the reverse order of their dependencies, `down` scripts included; what is not down " +
      "when `S6_SERVICES_GRACETIME` is over is told to end with the rest",
    test: [STOP, "a stop brings services down in the reverse order of their dependencies, then runs cont-finish.d"],
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
    "the other is here; the rest is the same for both, also where generation 3 itself differs from generation 2: the " +
    "command has the container's environment, and signals mean what [README.md](../README.md#signals) says. What the " +
    "originals do otherwise is in [differences.md](differences.md). `S6_OVERLAY_GENERATION` overrides what is found.",
    table(["Trait", "Generation 2", "Generation 3"], TRAITS.map(({ trait, two, three }) => [trait, two, three])),
  ].join("\n\n");
}
