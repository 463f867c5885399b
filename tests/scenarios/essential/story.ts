// The container lives as long as its essential service: others come and go, but when this one has ended by itself, and
// its finish script after it, the container stops in order, with its exit code.

import type { Story } from "../story.ts";

export const story: Story = {
  setting: {},
  code: 3,
  unordered: true,
};
