// The smallest use: a command on a bare busybox image. Its exit code is the container's.

import type { Story } from "../story.ts";

export const story: Story = { setting: { arguments: ["/bin/sh", "-c", "echo running; exit 3"] }, code: 3 };
