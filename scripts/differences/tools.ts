// Differences from the original. Programs that talk to supervisors.

import { type Difference, inArea } from "./row.ts";

export const TOOLS_OF_SUPERVISION: readonly Difference[] = [
  ...inArea("Programs that talk to supervisors", [
    {
      ours: "**`s6-svc -w` waits by itself.** Messages of a wait therefore begin with `s6-svc`.",
      original: "The original becomes s6-svlisten1 or s6-svwait, which then start it again.",
      test: ["tests/cases/s6/svc.ts", "s6-svc -w waits by itself"],
    },
    {
      ours: "**A dead supervisor is reported at once by `s6-svc -w`.**",
      original: "The original waits for it.",
      test: ["tests/cases/s6/svc.ts", "s6-svc -w tells at once that the supervisor is dead"],
    },
    {
      ours: "**Wrong calls of `s6-svc` are explained**: an option that has taken a service directory for its value.",
      original: "The original only prints its usage.",
      test: ["tests/cases/s6/svc.ts", "tells which option has taken a service directory"],
    },
    {
      ours: "**`s6-svc` acts on all service directories that it is given**, takes `-s SIGNAL`, and exits 102 for one " +
        "that is not supervised, as from s6 2.14 on.",
      original: "Older versions act on the first only, and exit 100.",
      test: ["tests/cases/s6/svstat_fields.ts", "s6-svc with several directories"],
      also: [["tests/cases/s6/svc.ts", "s6-svc ends as the last directory makes it"]],
    },
    {
      ours:
        "**`s6-svstat` has the field `pgid`** (`-g`) of s6 2.13, and the line for people without it: scripts read it.",
      test: ["tests/cases/s6/svstat_fields.ts", "s6-svc with several directories"],
    },
    {
      ours: "**`s6-svunlink` of a supervised directory that is no link** fails at once.",
      original: "The original ignores that it cannot be removed.",
      test: ["tests/cases/s6/svlink.ts", "s6-svunlink of a directory"],
    },
    {
      ours: "**`s6-svlink -d` and `-D` leave a file `down` as it is** where one is there.",
      original: "The original empties it, or the file that a link in its place leads to.",
      test: ["tests/cases/s6/svlink.ts", "s6-svlink -D leaves what a link down leads to"],
    },
    {
      ours: "**`s6-svc -Q` makes a file `down`** whatever the service does.",
      original: "The newest makes none, against its manual.",
      test: ["tests/cases/s6/supervise.ts", "D, U and Q move the file down"],
    },
    {
      ours: "**`s6-instance-maker` writes `s6-svscan -C`**, twice as many where there are loggers, as from s6 2.15 on.",
      original: "The original writes `-c`, which the newest s6-svscan does not know.",
      test: ["tests/cases/s6/instance_maker.ts", "s6-instance-maker -L"],
    },
    {
      ours: "**`s6-instance-maker` writes names of programs**, not paths, and quotes the prefix of `-P`.",
      test: ["tests/cases/s6/instance_maker.ts", "s6-instance-maker -P of several words"],
    },
    {
      ours: "**`s6-instance-list` sorts.**",
      test: ["tests/cases/s6/instance.ts", "s6-instance-list sorts"],
    },
    {
      ours: "**`s6-cleanfifodir` removes listeners that are gone.**",
      original: "The original (2.11.3) expects names of another length.",
      test: ["tests/cases/s6/fifodir.ts", "s6-cleanfifodir removes listeners that are gone"],
    },
    {
      ours:
        "**`s6-ftrig-wait` and `s6-ftrig-listen` know the anchors `^` and `$`**, as from s6 2.15 on. Each event is " +
        "the end once, also where several come together.",
      original: "In the original (2.11.3) they never match; in the newest some events are never the end.",
      test: ["tests/cases/s6/ftrig.ts", "s6-ftrig-wait knows anchors"],
      also: [["tests/cases/s6/ftrig.ts", "s6-ftrig-wait knows the end of each event"]],
    },
    {
      ours: "**`s6-ftrig-wait` and `s6-ftrig-listen1` print all events that they have heard**, and `s6-ftrig-wait` " +
        "exits 99 when its time is over, as from s6 2.15 on.",
      original: "The original prints the last event, and exits 1.",
      test: ["tests/cases/s6/ftrig.ts", "s6-ftrig-wait collects events"],
      also: [["tests/cases/s6/ftrig.ts", "s6-ftrig-wait gives up in time"]],
    },
  ]),
];
