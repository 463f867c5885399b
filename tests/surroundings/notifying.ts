// Containers with a service that speaks systemd's notify protocol, by a client in perl, which Debian always has.

import { equal } from "node:assert/strict";
import type { ServiceStatus, StatusReport } from "../../lib/overlay/status/status_report.ts";
import type { Given } from "../rows/harness.ts";
import { type Inside, insideOf, untilFits } from "./inside.ts";
import { machineRoot, startOnMachine } from "./machine_root.ts";
import { canIsolate } from "./namespace.ts";
import { limited, type Quick } from "./quick.ts";

const ignore = !canIsolate;
export const executable = (content: string): Given => ({ content, mode: 0o755 });

/** Sends each line that comes into its fifo, with ";" for the end of a line, from its own process. */
const CLIENT = executable(`#!/usr/bin/perl
use Socket;
use POSIX;
my $fifo = "/tmp/tell-$ARGV[0]-$$";
umask 0;
mkfifo($fifo, 0666) or die "$!";
socket(my $socket, AF_UNIX, SOCK_DGRAM, 0) or die "$!";
my $address = $ENV{NOTIFY_SOCKET} =~ s/^@/\\0/r;
open my $lines, "+<", $fifo or die "$!";
while (<$lines>) {
  chomp;
  exit $1 if /^exit ([0-9]+)/;
  send($socket, s/;/\\n/gr, 0, pack_sockaddr_un($address)) // print STDERR "send: $!\\n";
}
`);

/** Sends its second word to the address in the first. */
export const SAY = executable(`#!/usr/bin/perl
use Socket;
socket(my $socket, AF_UNIX, SOCK_DGRAM, 0) or die "$!";
send($socket, $ARGV[1], 0, pack_sockaddr_un($ARGV[0] =~ s/^@/\\0/r)) // die "$!\\n";
`);

const asNobody = (name: string): Given =>
  executable(`#!/usr/bin/with-contenv sh\nexec s6-setuidgid nobody /usr/libexec/client ${name}\n`);

export const FILES: Readonly<Record<string, Given>> = {
  "usr/libexec/client": CLIENT,
  "usr/libexec/say": SAY,
  "etc/services.d/web/run": asNobody("web"),
  "etc/services.d/web/data/overlay/notify-socket": "",
};

/** Boots a container, and ends it behind the work. */
async function within(
  files: Readonly<Record<string, Given>>,
  quick: Quick,
  work: (inside: Inside) => Promise<void>,
): Promise<void> {
  await using made = await machineRoot({ ...FILES, ...files });
  const container = startOnMachine(made, quick);
  try {
    const inside = await insideOf(container);
    await container.printed("[services.d] done.\n");
    await work(inside);
    Deno.kill(inside.pid, "SIGTERM");
  } finally {
    const { stderr } = await limited(container);
    equal(stderr.includes("internal error"), false, stderr);
  }
}

export const story = (
  name: string,
  files: Readonly<Record<string, Given>>,
  work: (inside: Inside) => Promise<void>,
): void => Deno.test({ name, ignore, fn: () => within(files, {}, work) });

async function statusOf(inside: Inside, name = "web"): Promise<ServiceStatus> {
  const { stdout, stderr } = await inside.sh(`s6-overlay status -j ${name}`);
  equal(stderr, "");
  return (JSON.parse(stdout) as StatusReport).services[0]!;
}

export function untilStatus(
  inside: Inside,
  fits: (status: ServiceStatus) => boolean,
  name = "web",
): Promise<ServiceStatus> {
  return untilFits(() => statusOf(inside, name), fits);
}

/** Has the service send a message, once it listens. */
export async function tell(inside: Inside, message: string, name = "web"): Promise<void> {
  const { pid } = await untilStatus(inside, ({ state, pid }) => state === "up" && pid !== null, name);
  await tellProcess(inside, message, `/tmp/tell-${name}-${pid}`);
}

export async function tellProcess(inside: Inside, message: string, fifo: string): Promise<void> {
  const { code } = await inside.sh(
    `timeout 20 sh -c 'until test -p "$0"; do :; done; echo "$1" >"$0"' ${fifo} '${message}'`,
  );
  equal(code, 0);
}

export async function noticeAddressOf(inside: Inside, name = "web"): Promise<string> {
  const { pid } = await untilStatus(inside, ({ state, pid }) => state === "up" && pid !== null, name);
  const { stdout } = await inside.sh(`tr '\\0' '\\n' </proc/${pid}/environ | sed -n 's/^NOTIFY_SOCKET=//p'`);
  return stdout.trim();
}
