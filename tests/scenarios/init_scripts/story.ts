// Initialization scripts run in the order of their names, executable or not, with the environment they ask for.

import type { Story } from "../story.ts";

export const story: Story = {
  setting: {
    environment: { GREETING: "hello", CONFD_PREFIX: "/site one" },
    workingDirectory: "/home",
    arguments: ["/bin/sh", "-c", "echo $GREETING from $PWD"],
  },
  code: 0,
};
