// Differences from the original. What process 1 finds where it looks, and trusts or does not.

import { type Difference, inArea } from "./row.ts";

export const PLACES_OF_PROCESS_1: readonly Difference[] = [
  ...inArea("What process 1 finds in its places", [
    {
      ours: "**Copies of services belong to root** (to the user of process 1), and no other user can write to them, " +
        "no matter who owns the image's directory, as after `COPY --chown`. What is in `data/`, `env/` and `event/` of " +
        "a service or of its logger keeps its owner and modes, and so do these directories; but `data/` and " +
        "`data/check` belong to root where there is a `data/check`, because the user of the run script executes " +
        "it. Set-id bits are removed with a former owner. A service that writes elsewhere into its own directory " +
        "as another user has to do that in `data/`. What the image gives to a user in `/etc` stays that user's, " +
        "and counts again when the container is started again.",
      original: "In the original they belong to the user that the image gave them to, who can so replace what root " +
        "executes.",
      test: ["tests/containers/objects_test.ts", "root's copy of a service is root's, whatever user has the original"],
    },
    {
      ours: "**A service is copied up to 4,096 entries and 16 MiB**, holes counted. One with more gets a line and is " +
        "not started. The same bounds hold for each entry that is copied for `S6_READ_ONLY_ROOT`. Each of the " +
        "four directories may have 4,096 entries. A copy appears in the scan directory as a whole.",
      test: ["tests/containers/objects_test.ts", "a service with a hole of a terabyte, and one of 6,000 files"],
    },
    {
      ours: "**Links are followed where only root can have put them.** Nothing gets a mode or an owner through other " +
        "links: the scripts they lead to are run as they are. The same is true of a file with several names in a " +
        "directory that others can write to.",
      original: "The original follows all of them as root.",
      test: [
        "tests/lib/overlay/boot/user_modes_test.ts",
        "scripts get their modes, but not what others may have put in their place",
      ],
    },
    {
      ours: "**A link at `/var/log/s6-uncaught-logs`** that another user owns, or that is in a directory that others " +
        "can write to, gets a line, and there is no catch-all logger.",
      test: ["tests/containers/objects_test.ts", "links that a service's user has put there lead root nowhere"],
    },
    {
      ours: "**Fifos, devices, directories and files that are too large, where files are expected,** get a line: in " +
        "the four directories, in `/etc/passwd` and `/etc/group`, in the environment directories, and where exit " +
        "codes are written. `with-contenv` leaves out what is no file, and says so.",
      original: "The original blocks on a fifo, or reads without bound.",
      test: ["tests/containers/objects_test.ts", "fifos where files are expected hold nothing up"],
    },
    {
      ours: "**A child looks at what is on other file systems than the root.** Where one of the four directories, a " +
        "file in them, `/etc/passwd`, the log directory or the command is on a volume, `s6-overlay-prepare` " +
        "looks at it, so that a file system that does not answer leaves process 1 able to stop the container. " +
        "The same program applies fix-attrs.d and expands the patterns of `S6_STAGE2_HOOK`. " +
        "`/etc/s6/init/env-stage2` is read from the root file system only.",
      test: [
        "tests/containers/objects_test.ts",
        "directories of the user's on other file systems are provided all the same",
      ],
      also: [["tests/containers/mute_file_system_test.ts", "a boot that hangs in ${name} is stopped in time"]],
    },
    {
      ours: "**Process 1 keeps a large environment store in memory.** The kernel notifies it of what scripts change " +
        "there. Where the store is small, or the kernel does not notify, it is read at each start of a service.",
      test: [
        "tests/lib/overlay/environment_store_test.ts",
        "a large one is not read where it was just written, and then only what has changed",
      ],
      also: [["tests/containers/objects_test.ts", "35,000 variables, as Kubernetes gives them"]],
    },
  ]),
];
