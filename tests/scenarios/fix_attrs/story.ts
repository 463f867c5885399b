// Rules for owners and modes are applied before any of the user's programs run: below a path without its hidden names,
// and not to what links lead to. A rule with an unknown account is reported and changes nothing.

import { equal } from "node:assert/strict";
import type { Story } from "../story.ts";

export const story: Story = {
  setting: { arguments: ["/bin/true"] },
  code: 0,
  steps: async (container) => {
    equal((await container.ended).stderr, "fix-attrs: warning: 02-mistake: line 2: unknown user: no-such-user\n");
  },
};
