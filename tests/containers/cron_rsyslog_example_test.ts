// examples/cron-rsyslog: what a job prints, which jobs cron starts, and what others tell syslog come out in the container's
// output, after a KILL of either daemon as well. With MINUTE=1 the example's job runs when it says, within a minute.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { pidAfter, startExample, story } from "../surroundings/example.ts";
import { untilHolds } from "../surroundings/inside.ts";

const AT_ONCE = Deno.env.get("MINUTE") === undefined;
/** Milliseconds: a minute, and what the machine takes. */
const PATIENCE = 90_000;

story("cron-rsyslog", "a job's line and lines to syslog are in the container's output", async (built) => {
  const jobs = `${built.path}/etc/cron.d/example`;
  const table = await Deno.readTextFile(jobs);
  if (AT_ONCE) await Deno.writeTextFile(jobs, table.replace(/^\* \* \* \* \*/m, "@reboot"));
  await using running = await startExample(built);
  const { container } = running;
  await untilHolds(() => container.stdout.includes("\nexample: a minute is over\n"), PATIENCE);
  match(container.stdout, /^CRON\[\d+\]: \(nobody\) CMD \(echo "a minute is over" 2>&1 \| logger -t example\)$/m);
  // A session of PAM's that fails, or a table that cron does not take, says so.
  ok(!/Unable|ERROR|Permission|bad /.test(container.stdout), container.stdout);

  for (const service of ["rsyslogd", "cron"]) {
    const pid = await pidAfter(running, service, "");
    await running.told(`kill -KILL ${pid}`);
    await pidAfter(running, service, pid);
    await running.told(`logger -t operator after the KILL of ${service}`);
    await container.printed(`\noperator: after the KILL of ${service}\n`);
  }
  await container.printed("cron[", 4);
  const { code, cause, stderr } = await running.stop();
  deepEqual([code, cause], [0, "TERM"], stderr);
  match(stderr, /service cron successfully stopped\n[^]*service rsyslogd successfully stopped\n/);
  equal(stderr.includes("KILL"), false, stderr);
});
