// Differences from the original. Settings, and what is reported when something cannot work.

import { type Difference, inArea } from "./row.ts";

export const SETTINGS_AND_MESSAGES: readonly Difference[] = [
  ...inArea("Settings and messages", [
    {
      ours: "**`S6_BEHAVIOUR_IF_STAGE2_FAILS=1`** goes on and then warns, as the manual says. The exit code is the " +
        "command's, and 1 where there is no command.",
      original:
        "The original runs neither the remaining scripts nor the services nor the command, and leaves an idle " +
        "container. Its exit code is 1.",
      test: ["tests/containers/life_test.ts", "with S6_BEHAVIOUR_IF_STAGE2_FAILS=1 the boot goes on"],
    },
    {
      ours: "**A setting whose value is not a number** gets one line that names the variable, the value and the " +
        "default that is used. Trailing line ends are ignored, as a script may have written the value with echo. " +
        "All settings are checked when the container starts, whether they are needed or not.",
      test: ["tests/containers/settings_test.ts", "a value that is no number gets one line"],
      also: [[
        "tests/lib/overlay/settings_test.ts",
        "a value that is no number is told once, with the default that is used",
      ]],
    },
    {
      ours: "**`S6_STAGE2_HOOK`** is that of generation 3: one command, split into words at whitespace and expanded " +
        "as file names, which is run before everything else. If it fails and `S6_BEHAVIOUR_IF_STAGE2_FAILS` is " +
        "2, its exit code is the container's. The line that says how it ended is on standard error in generation 2 too.",
      test: [
        "tests/containers/settings_test.ts",
        "is one command with words and patterns of names, not a line for a shell",
      ],
      also: [["tests/containers/settings_test.ts", "that fails, with S6_BEHAVIOUR_IF_STAGE2_FAILS="]],
    },
    {
      ours: "**PATH begins with `/command`**, where all the programs are, for the supervision tree and in the " +
        "container's environment. The exception is an image that has a program of its own under the name of a " +
        "program of the overlay: a file in `/usr/local/bin` or `/usr/local/sbin`, or one in the place of our link in " +
        "`/usr/bin`. There PATH begins with `/usr/lib/s6-overlay/words`, which has only `case`, `cd`, `exit` and " +
        "others that are no programs elsewhere, and ends with `/command`: the image's program wins by the order " +
        "of its PATH, as in the original. An image with anything in `/etc/s6-overlay` has the order of " +
        "generation 3.",
      test: [
        "tests/containers/own_programs_test.ts",
        "a file that has replaced ours in /usr/bin wins for scripts and the command",
      ],
      also: [[
        "tests/containers/own_programs_test.ts",
        "a distribution's programs in /usr/bin do not replace the words of execline",
      ]],
    },
    {
      ours: "**`/init` works where it is not process 1** (`docker run --init`, a shared process namespace). It " +
        "adopts the orphans among its descendants and signals no other process, and one line says so.",
      test: ["tests/containers/not_first_test.ts", "an init that is not process 1 adopts the orphans of its own"],
      also: [["tests/lib/overlay/stop/population_test.ts", "any other process signals its descendants only"]],
    },
    {
      ours: "**A script or program that cannot be executed** gets one line with the reason: no `#!` line, a byte " +
        "order mark before it, an interpreter that does not exist, the loader of an ELF file that is not in the " +
        "image, another architecture, a link that leads nowhere, a directory, no executable bit, another user's " +
        "file, a file system that is mounted noexec.",
      test: [
        "tests/containers/explained_test.ts",
        "a script, a service and a command that cannot run say what is wrong with them",
      ],
      also: [["tests/containers/explained_test.ts", "another user's script that root may not touch"]],
    },
    {
      ours: "**A death by a signal is reported with the signal**: `exited 265 (killed by signal 9)`.",
      test: ["tests/containers/explained_test.ts", "what a signal has killed is told by the signal's number"],
    },
    {
      ours: "**A variable `S6_...` that is not a setting** gets a line at boot, with the setting that may be meant. " +
        "Settings of generation 3, and what builds leave behind (`S6_OVERLAY_VERSION`), get none.",
      test: [
        "tests/containers/explained_test.ts",
        "a variable that is no setting is told of, with the one that may be meant",
      ],
      also: [[
        "tests/lib/overlay/unknown_settings_test.ts",
        "what is a setting, of another generation, or of builds and clusters is not reported",
      ]],
    },
    {
      ours: "**An `S6_RUNTIME_PROFILE` that does not exist** gets a line with the profiles that exist.",
      test: ["tests/containers/explained_test.ts", "a profile that is missing is told of, with those that are there"],
    },
    {
      ours: "**A service directory without `run`**, and a link in services.d that leads nowhere, get a line.",
      test: ["tests/containers/bad_input_test.ts", "a service directory without run gets a line, and the others run"],
      also: [["tests/containers/explained_test.ts", "entries of services.d that are no services are told of"]],
    },
    {
      ours: "**A logger that cannot use its directory** names its service, its user and the directory.",
      test: ["tests/containers/explained_test.ts", "a logger that cannot make its directory names its service"],
    },
  ]),
];
