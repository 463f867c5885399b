// Differences from the original. Where files are, and what is missing.

import { type Difference, inArea } from "./row.ts";

export const PLACES_OF_FILES: readonly Difference[] = [
  ...inArea("Files", [
    {
      ours: "**Everything is in `/usr/lib/s6-overlay`**, with links in `/command` and `/usr/bin`. `/bin` and `/sbin` " +
        "get nothing, because they are links themselves on many images. Where they are not, `#!/bin/execlineb` " +
        "works as said above; a shell that names `/bin/s6-svc` has to say `/usr/bin/s6-svc`.",
      test: ["tests/build/build_test.ts", "the tarball holds nothing in /bin, /sbin and /lib"],
    },
  ]),
  ...inArea("Not there yet", [
    {
      ours: "The programs for repositories of s6-rc 0.6, and `s6-rc-update`.",
      missing: true,
    },
    {
      ours: "The programs of s6 that [applets.md](applets.md) does not list.",
      missing: true,
    },
  ]),
];
