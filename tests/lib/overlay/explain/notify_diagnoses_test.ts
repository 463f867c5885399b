// Why a service that speaks systemd's notify protocol is not ready, and what helps.

import { equal, match } from "node:assert/strict";
import { diagnose } from "../../../../lib/overlay/explain/diagnoses.ts";
import type { ServiceSnapshot } from "../../../../lib/overlay/journal/snapshot.ts";
import { factsWith } from "./host.ts";

const BY_SOCKET = { fd: undefined, isOpen: undefined, hasSocket: true } as const;

const CASES: Readonly<Record<string, readonly [service: Partial<ServiceSnapshot>, why: RegExp, cure: RegExp]>> = {
  "that tells nothing": [
    {},
    /has not sent READY=1 to the socket in NOTIFY_SOCKET, by which it would tell that it is ready$/,
    /redis: --supervised systemd/,
  ],
  "for which another process tells": [
    { ignoredMessages: 2 },
    /2 messages of other processes were ignored$/,
    /begin its last command with exec, or write "all" into .*notify-socket$/,
  ],
  "that has told that it ends, and does not": [
    { leaving: true },
    /it has told that it ends \(STOPPING=1\), and has not ended/,
    /s6-svc -r restarts it/,
  ],
};

for (const [name, [service, why, cure]] of Object.entries(CASES)) {
  Deno.test(`a service ${name} is diagnosed`, () => {
    const diagnosed = diagnose(factsWith({ ready: false, ...service }, { notification: BY_SOCKET }))!;
    equal(diagnosed.name, "never-ready");
    match(diagnosed.why, why);
    match(diagnosed.cure, cure);
  });
}
