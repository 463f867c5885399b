// A finish script that ends the container when its service failed by itself: not after exit code 0, and not after the
// death by a signal, which finish gets as 256.

import { equal } from "node:assert/strict";
import type { Story } from "../story.ts";

export const story: Story = {
  setting: {},
  code: 0,
  steps: async (container) => {
    await container.printed("start 1");
    await container.printed("start 2");
    equal((await container.exec(["/command/s6-svc", "-k", "/var/run/s6/services/work"])).code, 0);
    await container.printed("start 3");
  },
};
