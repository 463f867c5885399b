// Differences from the original. The catch-all logger.

import { type Difference, inArea } from "./row.ts";

export const CATCH_ALL_LOGGER: readonly Difference[] = [
  ...inArea("The catch-all logger (`S6_LOGGING`)", [
    {
      ours: "**It does not block a stop.** Process 1 closes the fifo when all other processes have ended, and the " +
        "logger ends when it has written what is in there: the output of cont-finish.d and the last " +
        "`[s6-finish]` line too. It has what is left of `S6_KILL_GRACETIME` for that, and a second at least. " +
        "What it has not read by then is printed on the container's standard error.",
      original: "In the original a stop with it waits until the engine kills the container.",
      test: ["tests/scenarios/logging_1/story.ts", "to the last line of the stop"],
      also: [[
        "tests/containers/logging_test.ts",
        "a logger that hangs, its fifo full, holds up neither process 1 nor the stop",
      ]],
    },
    {
      ours: "**The logs of earlier runs stay.** After an unclean end the last file becomes an archive `@....u`. If " +
        "`S6_CATCHALL_USER` has changed, the files get the new owner.",
      original: "The original deletes them at each start.",
      test: [
        "tests/containers/logging_test.ts",
        "the logs of an earlier run stay, also for another user, and also after a crash",
      ],
    },
    {
      ours: "**What is still in the fifo survives the death of the logger.** The logger is started again. Until then " +
        "a process that prints waits as soon as the fifo is full, but process 1 never does. A logger that is " +
        "killed with KILL while it works loses what it has read and not yet written, 64 KiB at most; this is so " +
        "with every s6-log.",
      test: ["tests/scenarios/logger_killed/story.ts", "The catch-all logger dies while a service prints"],
    },
    {
      ours: "**Without a logger everything is printed.** If `/var/log/s6-uncaught-logs` cannot be written, the " +
        "container does not run as root, or the logger does not start, one line on the container's standard " +
        "error says why, and all goes on as with `S6_LOGGING=0`. To log in a container with a read-only root, " +
        "mount a volume or a tmpfs there.",
      test: [
        "tests/containers/logging_test.ts",
        "a directory that cannot be written is told, and everything is printed",
      ],
      also: [["tests/containers/logging_test.ts", "a logger that does not start is told, and everything is printed"], [
        "tests/containers/logging_test.ts",
        "without root there is no catch-all logger",
      ]],
    },
    {
      ours: "**Trouble of the container itself is reported on its own standard error** whatever is logged: settings " +
        "that cannot be used, errors of process 1, a command that cannot be executed (but with `S6_LOGGING=2`), " +
        "what outlives the last TERM. Messages about services and scripts go to the logger.",
      test: [
        "tests/containers/logging_test.ts",
        "what outlives the last TERM is named on the container's own standard error",
      ],
      also: [["tests/containers/logging_test.ts", "a user that does not exist is told, and nobody logs"]],
    },
    {
      ours: "**`S6_CATCHALL_USER`** comes from generation 3. The default is `nobody`, as in generation 2, not `root`.",
      test: ["tests/containers/logging_test.ts", "the logs of an earlier run stay, also for another user"],
    },
    {
      ours: "**Each program gets a descriptor of its own of the fifo**, so that one that makes its output " +
        "non-blocking, as Node.js does, causes no errors in others.",
      test: ["tests/containers/logging_test.ts", "a program that makes its output non-blocking does so to nobody else"],
    },
    {
      ours: "**`logutil-service -u user`** logs as another user, and **`-d fd`** tells when the directory is open, " +
        "as `s6-log -d` does. The catch-all logger has both, and stage 2 begins when it is ready.",
      test: ["tests/cases/overlay/logutil.ts", "-u logs as another user, with all its groups"],
      also: [["tests/cases/overlay/logutil.ts", "-d tells when the directory is open"]],
    },
  ]),
];
