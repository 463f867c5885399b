// What services say at their end is logged to the last line: 10,000 of them when they get TERM and 10,000 in their finish
// scripts, of one service that has a logger of its own and of one that has not. Nothing waits for a time to be over.

import { equal } from "node:assert/strict";
import type { Story } from "../story.ts";

export const story: Story = {
  setting: { environment: { S6_LOGGING: "1", S6_LOGGING_SCRIPT: "n20 s16000000" } },
  code: 0,
  unordered: true,
  steps: async (container) => {
    for (const name of ["plain", "logged"]) await container.printed(`${name} is up`);
    const { stderr } = await container.stop(60);
    equal(stderr, "");
  },
};
