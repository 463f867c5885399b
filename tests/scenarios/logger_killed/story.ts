// The catch-all logger dies while a service prints as fast as it can: the service waits and goes on, and no line is
// missing. KILL meets it when it has nothing in hand; on HUP it finishes what it has.

import { equal } from "node:assert/strict";
import { untilSupervised } from "../../surroundings/supervised.ts";
import type { Story } from "../story.ts";

const LOGGER = "/var/run/s6/services/s6-svscan-log";
const LOG = "/var/log/s6-uncaught-logs";

const STEPS = `set -e
until_true() { until "$@"; do usleep 10000; done; }
other() { now=$(s6-svstat -o pid ${LOGGER}); [ "$now" -gt 1 ] && [ "$now" != $pid ]; }
logged() { grep -qs "^line [0-9]*$1" ${LOG}/current; }
die() { pid=$(s6-svstat -o pid ${LOGGER}); s6-svc $1 ${LOGGER}; until_true other; s6-svwait -U ${LOGGER}; }
until_true grep -qs "services.d. done" ${LOG}/current
s6-svc -p ${LOGGER}
${untilSupervised("/var/run/s6/services/flood")}
s6-svc -u /var/run/s6/services/flood
# As much as the fifo holds, or nearly.
until_true [ -e /run/full ]
die -k
until_true logged 0000
die -h
lines=$(grep -c ^line ${LOG}/current)
grown() { [ $(grep -c ^line ${LOG}/current) -gt $((lines + 1000)) ]; }
until_true grown
die -h
: >/run/enough
until_true grep -q ^end ${LOG}/current
cat ${LOG}/@* ${LOG}/current 2>/dev/null | awk '
  /^line/ { if ($2 != ++count) { print "line " count " is missing"; exit } }
  /^end/ { print ($2 == count ? "all lines are there" : "the last lines are missing") }'
s6-svdt ${LOGGER} | grep -c .`;

export const story: Story = {
  setting: { environment: { S6_LOGGING: "1", S6_LOGGING_SCRIPT: "n20 s200000000" } },
  code: 0,
  steps: async (container) => {
    await container.printed("begun");
    const { stdout, stderr } = await container.exec(["/bin/sh", "-c", STEPS]);
    equal(`${stdout}${stderr}`, "all lines are there\n3\n");
    equal((await container.stop(60)).stderr, "");
  },
};
