// What tells, in a container, that a call of s6-svwait waits: for an answer of process 1, or by itself.

import type { Given } from "../rows/harness.ts";

// A launcher waits for one descriptor without a limit once process 1 has told it that its answer comes later. A program
// waits for its fifo.
const SCRIPT = `#!/bin/sh
all=$(ls "$2/event" | grep -c ^ftrig1:)
for process in /proc/[0-9]*; do
  read -r name <$process/comm && [ "$name" = s6-svwait ] || continue
  read -r number poll count limit rest <$process/syscall && [ "$count $limit" = "0x1 0x0" ] && : $((all += 1))
done 2>/dev/null
[ $all -ge $1 ]
`;

/** `/waited COUNT DIRECTORY` succeeds if as many wait in all, those by themselves for this service. */
export const WAITED: Readonly<Record<string, Given>> = { waited: { content: SCRIPT, mode: 0o755 } };

/** Words of a shell that go on once as many wait. */
export function untilWaited(count: number, directory: string): string {
  return `until /waited ${count} ${directory}; do :; done`;
}
