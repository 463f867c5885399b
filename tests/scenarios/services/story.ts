// Four services: one in execline that drops its privileges, one in sh, one with a logger, and one whose finish script
// brings the container down.

import { equal, match } from "node:assert/strict";
import type { Story } from "../story.ts";

const SERVICES = "/var/run/s6/services";

export const story: Story = {
  setting: { environment: { GREETING: "hello" } },
  code: 0,
  unordered: true,
  steps: async (container) => {
    await container.printed("sh service is up");
    await container.printed("execline service is up, 65534, hello");
    for (const name of ["execline", "shell", "logged", "logged/log", "ending"]) {
      const { stdout } = await container.exec(["/command/s6-svstat", `${SERVICES}/${name}`]);
      match(stdout, /^up \(pid [0-9]+\) [0-9]+ seconds\n$/, name);
    }
    const waiting = await container.exec([
      "/bin/sh",
      "-c",
      "until grep -q line /var/log/myapp/current; do usleep 10000; done",
    ]);
    equal(waiting.code, 0);
    const log = await container.exec([
      "/bin/sh",
      "-c",
      "stat -c %U /var/log/myapp/current; cat /var/log/myapp/current",
    ]);
    match(log.stdout, /^nobody\n[0-9-]{10} [0-9:.]+ {2}a line for the logger\n$/);
    // The container may be gone before the program can tell how it ended.
    await container.exec(["/command/s6-svc", "-t", `${SERVICES}/ending`]);
  },
};
