// On an empty image as well: neither env nor any interpreter is there but ours.

import type { Story } from "../story.ts";

export const story: Story = {
  setting: {
    layout: "scratch",
    environment: { GREETING: "hello", S6_CMD_WAIT_FOR_SERVICES: "1" },
    arguments: ["/command.sh"],
  },
  code: 0,
  unordered: true,
};
