// Programs of aarch64 on another machine: the kernel starts qemu-user for them, in a namespace of the caller's alone.

import { CollectedProcess } from "./container_process.ts";

/** How the kernel knows programs of aarch64: binfmt_misc's magic and mask. */
const MAGIC = String.raw`\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00`;
const MASK = String.raw`\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff`;

/** Ways that emulators are registered: the second puts the path of a program in the place of argv[0]. */
export const REGISTRATIONS = {
  "keeps argv[0]": "/usr/libexec/qemu-binfmt/aarch64-binfmt-P:OPF",
  "does not keep argv[0]": "/usr/bin/qemu-aarch64-static:F",
} as const;

/** All ids but the one that means none. */
const IDS = "0 0 4294967295\n";

// $1 what is registered, the rest a command. The ids of a user namespace come from outside, and then a line.
const ENTER = `echo waits; read -r _
exec unshare --mount sh -euc '
  mount -t binfmt_misc none /proc/sys/fs/binfmt_misc
  printf "%s" "$1" >/proc/sys/fs/binfmt_misc/register
  shift; exec "$@"' sh "$@"`;

/**
 * Starts a command, as root of a user namespace, for which the kernel runs programs of aarch64. Needs root, and
 * qemu-user-static on the machine.
 */
export async function startEmulating(
  way: keyof typeof REGISTRATIONS,
  command: readonly string[],
): Promise<CollectedProcess> {
  const registration = `:qemu-aarch64:M::${MAGIC}:${MASK}:${REGISTRATIONS[way]}`;
  const process = new CollectedProcess(["unshare", "--user", "sh", "-c", ENTER, "sh", registration, ...command], null);
  await process.printed("waits");
  for (const map of ["uid_map", "gid_map"]) await Deno.writeTextFile(`/proc/${process.pid}/${map}`, IDS);
  await process.type("go\n");
  return process;
}

/** Whether this kernel knows programs of others in a namespace alone, as Linux does from 6.7 on, and the emulator is there. */
export async function canEmulate(): Promise<boolean> {
  return await startEmulating("keeps argv[0]", ["true"])
    .then(async ({ ended }) => (await ended).code === 0, () => false);
}
