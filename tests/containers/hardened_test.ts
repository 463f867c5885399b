// Containers that may do less than others: on a root that cannot be written, without capabilities, without new
// privileges, with little memory, and all of it at once, as cautious clusters want it.

import { deepEqual, equal, match } from "node:assert/strict";
import { ENGINE, runToEnd, type Setting } from "../surroundings/container.ts";

function sh(...lines: string[]): string {
  return ["#!/bin/sh", ...lines, ""].join("\n");
}

const FILES = {
  "etc/cont-init.d/01": { content: "#!/usr/bin/with-contenv sh\necho init $GREETING\n", mode: 0o755 },
  "etc/services.d/execline/run": "#!/usr/bin/execlineb -P\nwith-contenv\nfdmove 1 2\ns6-sleep 1000\n",
  "etc/services.d/ready/run": sh("echo ready", "echo >&3", "exec sleep 1000"),
  "etc/services.d/ready/notification-fd": "3\n",
  "etc/services.d/logged/run": sh("echo a line for the log", "exec sleep 1000"),
  "etc/services.d/logged/log/run": sh("exec logutil-service /run/log"),
  "etc/cont-finish.d/01": sh("echo finish"),
};

const WORK: Setting = {
  files: FILES,
  environment: { GREETING: "hello", S6_CMD_WAIT_FOR_SERVICES: "1", S6_BEHAVIOUR_IF_STAGE2_FAILS: "2" },
  arguments: [
    "/bin/sh",
    "-c",
    "until grep -q 'a line' /run/log/current 2>/dev/null; do usleep 10000; done; echo command; exit 7",
  ],
};

const READ_ONLY = { S6_READ_ONLY_ROOT: "1" };
/** The logger is nobody, and makes its directory. */
const OPEN_RUN = "chmod 1777 /run";

const HARDENED: Readonly<Record<string, Setting>> = {
  "on a read-only root with a tmpfs on /var": {
    readOnly: true,
    temporary: ["/var:rw,exec"],
    environment: READ_ONLY,
    // The command waits for a log where it can be written here.
    files: {
      "etc/cont-init.d/02": sh("mkdir -p /var/log/work; chown nobody /var/log/work"),
      "etc/services.d/logged/log/run": sh("exec logutil-service /var/log/work"),
    },
    arguments: [
      "/bin/sh",
      "-c",
      "until grep -q 'a line' /var/log/work/current 2>/dev/null; do usleep 10000; done; echo command; exit 7",
    ],
  },
  "on a read-only root with a tmpfs on /run": { readOnly: true, temporary: ["/run"], prepare: OPEN_RUN },
  "on a read-only root with a tmpfs on /run, told of it": {
    readOnly: true,
    temporary: ["/run"],
    environment: READ_ONLY,
    prepare: OPEN_RUN,
  },
  "without capabilities": { withoutCapabilities: true },
  "without new privileges": { noNewPrivileges: true, prepare: OPEN_RUN },
  // What process 1 takes for itself, which is more on a compiled base of an older Deno, and 32 MiB.
  "with 32 MiB of free memory": { memory: "52m", prepare: OPEN_RUN },
  "as cautious clusters want it": {
    memory: "64m",
    user: "65532:65532",
    readOnly: true,
    temporary: ["/run"],
    withoutCapabilities: true,
    noNewPrivileges: true,
    environment: READ_ONLY,
    prepare: OPEN_RUN,
  },
};

for (const [how, setting] of Object.entries(HARDENED)) {
  const impossible = ENGINE === "namespaces" &&
    (setting.withoutCapabilities === true || setting.memory !== undefined);
  Deno.test({
    name: `a container ${how} boots${
      impossible ? " (not with plain namespaces: capabilities and memory stay as they are)" : ""
    }`,
    ignore: impossible,
    fn: async () => {
      const { code, stdout, stderr } = await runToEnd({
        ...WORK,
        ...setting,
        files: { ...WORK.files, ...setting.files },
        environment: { ...WORK.environment, ...setting.environment },
      });
      equal(stderr, "");
      equal(code, 7);
      const lines = stdout.split("\n").filter((line) => line !== "" && !line.startsWith("["));
      deepEqual(lines, ["init hello", "ready", "command", "finish"]);
    },
  });
}

Deno.test("on a root that cannot be written anywhere one line says what to do", async () => {
  const setting = { readOnly: true, temporary: ["/dev/shm:ro"] };
  const { code, stdout, stderr } = await runToEnd({ ...setting, arguments: ["/bin/true"] });
  deepEqual([code, stdout], [111, ""]);
  match(
    stderr,
    /^init: fatal: unable to mkdir \/var\/run\/s6: Read-only file system: mount a tmpfs on \/run [^\n]*\n$/,
  );
});
