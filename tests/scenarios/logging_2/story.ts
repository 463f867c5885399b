// S6_LOGGING=2: the command's output goes to the catch-all logger too. The warning of a failed initialization is the one
// thing that does not.

import { equal } from "node:assert/strict";
import type { Story } from "../story.ts";

export const story: Story = {
  setting: {
    environment: { S6_LOGGING: "2", S6_LOGGING_SCRIPT: "plogged: 1", S6_BEHAVIOUR_IF_STAGE2_FAILS: "1" },
    arguments: ["/bin/sh", "-c", "echo command with S6_LOGGING=$S6_LOGGING; echo on standard error >&2; exit 7"],
  },
  code: 7,
  // The warning does not take the way through the logger.
  unordered: true,
  steps: async (container) => {
    const { stderr } = await container.ended;
    equal(stderr, "");
  },
};
