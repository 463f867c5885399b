// Rows that need a live supervision tree: a few services under Debian's own s6-svscan, whatever tools the row tries.
// What differs from run to run (pids, stamps, seconds) is levelled before the comparison.

import { BOUND_SUPERVISOR } from "../surroundings/bound.ts";
import type { Case, Given } from "./harness.ts";

const SCANNER = "/usr/bin/s6-svscan";

/** A service that stays until it is stopped. */
const STEADY = { content: "#!/bin/sh\nexec sleep 1000\n", mode: 0o755 };
const script = (text: string): Given => ({ content: `#!/bin/sh\n${text}\n`, mode: 0o755 });

/** The services of the tree. */
export const SERVICES: Readonly<Record<string, Given>> = {
  "web/run": STEADY,
  "twin/run": STEADY,
  "idle/run": STEADY,
  "idle/down": "",
  // Tells when it is ready.
  "ready/run": script("echo >&3; exec sleep 1000"),
  "ready/notification-fd": "3\n",
  // Fails for good each time it is started.
  "failing/run": script("exit 3"),
  "failing/finish": script("exit 125"),
  "failing/notification-fd": "3\n",
  "failing/down": "",
  "slow/run": STEADY,
  "slow/finish": script("sleep 2"),
};

// From 2.13 on the process group stands behind the pid.
const LEVEL =
  "s/pid [0-9]+( pgid [0-9]+)?/pid N/; s/@[0-9a-f]{24}(:[A-Za-z0-9]{6})?/@STAMP/g; s/[0-9]+ seconds/S seconds/g";

/**
 * A row whose shell script runs in the scan directory of the tree. Each line of it is run as it is; its exit code is
 * printed behind it.
 */
export function onTree(name: string, ...lines: readonly string[]): Case {
  const steps = lines.map((line) => line.endsWith("&") ? line : `${line}\necho "= $?"`).join("\n");
  return {
    name,
    argv: ["sh", "-c", `${START}\n{\n${steps}\n} | sed -E '${LEVEL}'\n${STOP}`],
    files: SERVICES,
    leaves: [],
  };
}

const START = `
${BOUND_SUPERVISOR} ${SCANNER} . >/dev/null 2>&1 & scanner=$!
until /usr/bin/s6-svscanctl . 2>/dev/null; do sleep 0.05; done
for name in idle failing web twin slow ready; do until /usr/bin/s6-svstat $name >/dev/null 2>&1; do sleep 0.05; done; done
/usr/bin/s6-svwait -t 10000 web twin slow
/usr/bin/s6-svwait -U -t 10000 ready`;

const STOP = `
/usr/bin/s6-svscanctl -t .
wait $scanner`;
