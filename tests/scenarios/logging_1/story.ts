// S6_LOGGING=1: everything but the command's output goes to the catch-all logger, to the last line of the stop. The logger
// repeats here what it gets, with a mark.

import { equal } from "node:assert/strict";
import type { Story } from "../story.ts";

// The command ends when the service has been heard.
const COMMAND = `until grep -q "service says" /var/log/s6-uncaught-logs/current; do usleep 10000; done
echo command with S6_LOGGING=$S6_LOGGING
stat -c '%U %a %n' /var/log/s6-uncaught-logs
stat -c '%U %a %F' /var/run/s6/uncaught-logs-fifo`;

export const story: Story = {
  setting: {
    environment: { S6_LOGGING: "1", S6_LOGGING_SCRIPT: "plogged: 1" },
    arguments: ["/bin/sh", "-c", COMMAND],
  },
  code: 0,
  // The service ends while the first lines of the stop are printed.
  unordered: true,
  steps: async (container) => {
    const { stderr } = await container.ended;
    equal(stderr, "");
  },
};
