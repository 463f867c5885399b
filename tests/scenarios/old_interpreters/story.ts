// Scripts name their interpreters where earlier versions had them. Nothing is there: ours run, wherever a script starts.

import type { Story } from "../story.ts";

export const story: Story = {
  setting: {
    environment: { GREETING: "hello", S6_CMD_WAIT_FOR_SERVICES: "1" },
    arguments: ["/opt/command"],
  },
  code: 0,
  unordered: true,
};
