// The engine's stop: services get TERM, their finish scripts run, then the container's finish scripts, and it ends with
// time to spare.

import { ok } from "node:assert/strict";
import type { Story } from "../story.ts";

const GRACE_SECONDS = 10;

export const story: Story = {
  setting: {},
  code: 0,
  steps: async (container) => {
    await container.printed("service is up");
    const { milliseconds } = await container.stop(GRACE_SECONDS);
    ok(milliseconds < GRACE_SECONDS * 1000, `stopping took ${milliseconds} ms`);
  },
};
