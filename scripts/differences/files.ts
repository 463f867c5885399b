// Differences from the original. Where files are, and what is missing.

import { type Difference, inArea } from "./row.ts";

export const PLACES_OF_FILES: readonly Difference[] = [
  ...inArea("Files", [
    {
      ours: "**Everything is in `/usr/lib/s6-overlay`**, with links in `/command` and `/usr/bin`. `/bin` and `/sbin` " +
        "get no program, because they are links themselves on many images. Where they are not, `#!/bin/execlineb` " +
        "works as said above; a shell that names `/bin/s6-svc` has to say `/usr/bin/s6-svc`.",
      test: ["tests/build/build_test.ts", "the tarball holds nothing in /sbin and /lib, one file in /bin"],
    },
  ]),
  ...inArea("Left out", [
    {
      ours:
        "**The makers of s6-linux-init**, which lay out the boot of a machine: in a container `/init` does that, and " +
        "`halt`, `reboot` and `poweroff` are there.",
      missing: true,
    },
    {
      ours:
        "**s6-dns and s6-networking**: the original has them in archives of their own. What an image has of them runs " +
        "as before.",
      missing: true,
    },
    {
      ours:
        "**Programs that only the original's own programs call**, as `s6-ftrigrd`. All others of s6 2.15 and execline " +
        "2.9.9 are there.",
      test: ["tests/cli/newest_programs_test.ts", "ours has all programs of the newest s6 and execline"],
    },
  ]),
];
