// Nothing may be executed on /run, and the image cannot be changed: scripts run all the same, by their
// interpreters or where the image has them, and so does a binary that a service brings along.

import { byteString } from "../../../lib/bytes.ts";
import type { Story } from "../story.ts";

export const story: Story = {
  setting: {
    readOnly: true,
    temporary: ["/run:rw,noexec,mode=755"],
    files: {
      "etc/services.d/script/data/sleep": { content: byteString(Deno.readFileSync("/bin/busybox")), mode: 0o755 },
    },
    environment: { S6_READ_ONLY_ROOT: "1", S6_CMD_WAIT_FOR_SERVICES: "1" },
    arguments: ["/bin/sh", "-c", "s6-svwait -U /run/s6/services/later; echo command"],
  },
  code: 0,
  unordered: true,
};
