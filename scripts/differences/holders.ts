// Differences from the original. Descriptor holders.

import { type Difference, inArea } from "./row.ts";

export const DESCRIPTOR_HOLDERS: readonly Difference[] = [
  ...inArea("Descriptor holders", [
    {
      ours: "**A dump may have more than 253 descriptors.**",
      original: "The original puts 255 into one call, which the system does not accept.",
      test: ["tests/cases/s6/fdholder.ts", "a dump of more than a call can send goes in several"],
    },
    {
      ours: "**A message may come in parts.**",
      original: "The original drops a client whose message it does not find whole.",
      test: [
        "tests/lib/fdholder/message_test.ts",
        "messages arrive as they were sent, however many bytes a call takes",
      ],
      also: [["tests/cases/s6/fdholderd.ts", "s6-fdholder-daemon -T is the patience with clients at the end"]],
    },
    {
      ours: "**An upload that replaces what is held** does only that.",
      original: "The original (2.11.3) may loop.",
      test: ["tests/lib/fdholder/session_test.ts", "a dump comes in messages of 255, replaces what has its names"],
    },
    {
      ours: "**`s6-fdholder-store` of a closed standard input** fails.",
      original: "The original stores its own connection.",
      test: ["tests/cases/s6/fdholder.ts", "s6-fdholder-store of closed standard input"],
    },
    {
      ours: "**`s6-fdholder-delete` names the identifier** that it could not delete.",
      original: "The original (2.11.3) names the socket.",
      test: ["tests/cases/s6/fdholder.ts", "s6-fdholder-delete names the identifier"],
    },
    {
      ours: "**A holder keeps room for its clients** where few descriptors are allowed, and goes on where there is " +
        "none after all.",
      original: "The original ends, and what it held is lost.",
      test: ["tests/cases/s6/fdholderd.ts", "a holder with few descriptors is never without one for a client"],
    },
    {
      ours: "**Idle clients give way.** Where there are as many clients as `-c` allows, an idle one is disconnected " +
        "for a new one: at once if its user has more of them than the new client's, else when it has done " +
        "nothing for a second. 64 more are accepted and wait. Beyond that, waiting clients of the user who has " +
        "the most are dropped.",
      original: "In the original any user who may connect can keep all others out.",
      test: ["tests/lib/fdholder/server_test.ts", "idle clients give way to new ones of their user"],
      also: [[
        "tests/lib/fdholder/server_test.ts",
        "however many clients a user has, they give way to those of others at once",
      ]],
    },
    {
      ours: "**`-t` counts from the last thing that a client did**, in the middle of an operation, as the manual " +
        "says.",
      test: ["tests/cases/s6/fdholder.ts", "s6-fdholder-daemon -t counts from what a client did last"],
    },
    {
      ours: "**`s6-fdholder-daemon` writes names of programs**, not paths.",
      test: ["tests/cases/s6/fdholderd.ts", "s6-fdholder-daemon ${args} becomes a chain"],
    },
    {
      ours: "**`logutil-newfifo` without `-o`** needs no account of the name root.",
      test: [
        "tests/containers/image_services_test.ts",
        "logutil-newfifo makes a fifo of root's where there are no accounts",
      ],
    },
  ]),
];
