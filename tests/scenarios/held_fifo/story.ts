// A fifo for a logger, its reading end in the descriptor holder: what is written while no logger runs waits for one.

import { equal } from "node:assert/strict";
import type { Story } from "../story.ts";

const SERVICES = "/var/run/s6/services";
const CURRENT = "/var/log/app/current";

export const story: Story = {
  setting: { environment: { S6_LOGGING_SCRIPT: "n3" } },
  code: 0,
  steps: async (container) => {
    const shell = (script: string): ReturnType<typeof container.exec> => container.exec(["/bin/sh", "-c", script]);
    const until = (condition: string): string => `until ${condition}; do usleep 10000; done`;
    await container.printed("[services.d] done.");
    const logged = await shell(
      `${until(`s6-svstat -u ${SERVICES}/writer | grep -q true`)}; s6-svc -u ${SERVICES}/logger;` +
        `${until(`grep -q service ${CURRENT}`)}; cat ${CURRENT}`,
    );
    equal(logged.stdout, "from a script\nfrom another writer\nfrom a service\n");
    // The logger goes, and what is written meanwhile is there for the next one.
    const later = await shell(
      `s6-svc -wD -dh ${SERVICES}/logger; echo later >/var/run/log-fifo; s6-svc -u ${SERVICES}/logger;` +
        `${until(`grep -q later ${CURRENT}`)}; tail -n 1 ${CURRENT}`,
    );
    equal(later.stdout, "later\n");
    await container.stop(30);
  },
};
