// Differences from the original. What images do with our programs, and scripts that the kernel would not run.

import { type Difference, inArea } from "./row.ts";

export const IMAGES: readonly Difference[] = [
  ...inArea("Programs that images rename or move", [
    {
      ours: "**All programs are links**, which lead to `/usr/lib/s6-overlay/launcher` through one that has the " +
        "program's name. So `mv /init /s6-init`, `ln -s /init /s6-init` and `mv /usr/bin/with-contenv " +
        "/usr/bin/with-contenvb`, with a wrapper in the old place, work as in the original. A process 1 whose " +
        "name is not that of a program is `init`.",
      test: ["tests/containers/renamed_test.ts", "an init that was ${how} boots as /init does"],
      also: [["tests/containers/renamed_test.ts", "a with-contenv that was renamed, with a wrapper in its place"]],
    },
    {
      ours: "**The links are relative**, because some extractors refuse absolute ones.",
      test: ["tests/build/extraction_test.ts", "gives a ${layout} image all links, and leaves its own alone"],
    },
    {
      ours: "**A program of `/usr/bin` may be moved** to a directory in `/`, in `/usr` or in `/usr/local`. Elsewhere " +
        "a new link does the same: `ln -s /usr/bin/s6-setuidgid /deep/down/in/there/`.",
      test: ["tests/containers/renamed_test.ts", "programs that were moved to ${place} run there"],
    },
    {
      ours: "**One file in `./bin`.** Dockerfiles of generation 2 unpack twice where `/bin` is a link: " +
        '`tar ... -C / --exclude="./bin"` and `tar ... -C /usr ./bin`. The first does it all; for the second, ' +
        "`s6-overlay-amd64.tar.gz` has a file `./bin/.s6-overlay`, and no entry for the directory, which would replace " +
        "the link. busybox's tar does not find it by `./bin`. bsdtar and npm's tar put nothing behind a link and end " +
        "with an error there, all else unpacked: for them, and for a tree that `COPY` lays over an image, releases have " +
        "the `.tar.xz` and `.tar.zst`, without that file.",
      original: "The original has programs there.",
      test: ["tests/build/extraction_test.ts", "both steps that Dockerfiles of generation 2 have"],
      also: [
        ["tests/build/extraction_test.ts", "bsdtar names the one file that it does not put behind the link"],
        ["tests/build/build_test.ts", "the tarball holds nothing in /sbin and /lib, one file in /bin"],
        ["tests/build/release_test.ts", "each complete archive is the tarball, that of generation 2 with a file"],
      ],
    },
  ]),
  ...inArea("Images of other generations", [
    {
      ours: "**Services in `/etc/s6/services`** are supervised before cont-init.d, as in the original. Files of " +
        "`.s6-svscan` there handle signals. An `s6-svscan-log` there is the catch-all logger (ready when it is " +
        "up, unless it has a `notification-fd`). An image that removes `s6-fdholderd/down` has the descriptor " +
        "holder.",
      test: [
        "tests/containers/image_services_test.ts",
        "services in /etc/s6/services are supervised before cont-init.d",
      ],
      also: [["tests/containers/image_services_test.ts", "an image's own s6-svscan-log is the catch-all logger"]],
    },
    {
      ours: "**A service in `/etc/s6/services` that is on another file system than the root** is reported and not " +
        "started.",
      test: ["tests/containers/image_services_test.ts", "a service in /etc/s6/services that is on another file system"],
    },
    {
      ours: "**`/etc/s6/init/init-stage1` to `init-stage3`** exist so that builds that edit them go on. The boot " +
        "reports a file that was changed, as it has no effect.",
      test: [
        "tests/containers/image_services_test.ts",
        "builds that edit the stages of generation 2 go on, and the boot tells what was ignored",
      ],
    },
  ]),
  ...inArea("Scripts that the kernel would not run", [
    {
      ours: "**Our programs find each other where `PATH` has none of that name**: `if`, `exec`, `export`, `cd` and " +
        "others of execline are in `/command` only, and what `docker exec`, cron and health checks run has the " +
        "image's `PATH`. Other programs, including shells, search as always.",
      original: "The original finds its programs in `PATH` alone.",
      test: ["tests/cases/execline/execlineb.ts", "where PATH has none of our programs, ${name}"],
    },
    {
      ours: "**Interpreters where earlier versions had them.** A script that begins with `#!/bin/execlineb`, " +
        "`#!/bin/with-contenv` or the like runs though no such file exists: a path that is missing in " +
        "`/command`, `/bin`, `/sbin`, `/usr/bin`, `/usr/sbin` or `/usr/local/bin` and has the name of one of our " +
        "programs (but `init`) is that program. So is `#!/usr/bin/env NAME`, also with `-S`, for any program in " +
        "PATH where env itself is missing. This holds for all that process 1 and our own programs start: " +
        "initialization and finish scripts, services, the command, and what scripts of execline run. It does not " +
        "hold for what a shell starts, because the kernel decides there.",
      test: ["tests/scenarios/old_interpreters/story.ts", "ours run, wherever a script starts"],
      also: [[
        "tests/lib/image/follow_test.ts",
        "a script whose interpreter is missing but ours is run by the launcher",
      ]],
    },
    {
      ours: "**Without an executable bit** scripts of the four directories get it. Where it cannot be set, on a " +
        "read-only root or as another user than root, the interpreter that they name runs them. The copies of " +
        "services get their bits in any case.",
      test: ["tests/containers/bad_input_test.ts", "a script that is not executable is made so"],
      also: [["tests/lib/image/follow_test.ts", "a script without its executable bit runs if that is insisted on"]],
    },
    {
      ours: "**CRLF line ends.** An initialization or finish script, a script of a service, or the command, whose " +
        "`#!` line ends in CRLF is run as a copy in which all line ends are converted, with one warning that " +
        "names it. The user's file stays as it is. `$0` is what it always is " +
        "(`/var/run/s6/etc/cont-init.d/NAME`, `./run`), but for the command, whose copy is in " +
        "`/var/run/s6/etc/command`. A here-document that is meant to have CRLF loses them.",
      test: ["tests/scenarios/line_ends/story.ts", "Scripts with CRLF line ends run, each with one warning"],
      also: [[
        "tests/lib/overlay/boot/line_ends_test.ts",
        "a copy has the line ends converted, other carriage returns kept",
      ]],
    },
    {
      ours: "**CRLF elsewhere is not converted**: not in scripts that other programs start, nor in services that are " +
        "put into the scan directory at run time. Where one of our programs cannot start such a script, its line " +
        "says that the line ends are the cause. execline takes CRLF for whitespace in any case.",
      test: ["tests/lib/image/follow_test.ts", "a script whose CRLF line ends were not converted"],
    },
    {
      ours: "**`/run` mounted noexec.** The copy of a service has links to the programs and scripts of the image " +
        "instead of copies, so that these run from where they are, and so do those that a run script calls by a " +
        "relative path. A script that is only in `/run`, as that of a service made at run time, is run by its " +
        "interpreter. What does not work: a binary that exists nowhere but in `/run`, and a script there that " +
        "another script calls.",
      original: "The original cannot start anything there.",
      test: ["tests/scenarios/run_without_execution/story.ts", "Nothing may be executed on /run"],
    },
  ]),
];
