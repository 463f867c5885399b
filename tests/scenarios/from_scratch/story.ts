// On an empty image execlineb is the shell: scripts, a service and the command need nothing but the overlay.

import type { Story } from "../story.ts";

export const story: Story = {
  setting: { layout: "scratch", arguments: ["/command/s6-echo", "command"] },
  code: 0,
};
