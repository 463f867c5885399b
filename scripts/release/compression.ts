// How archives are compressed. Each setting is fixed, and one thread does the work, as more of them cut the input into blocks:
// the same file gives the same bytes with the same version of the program.

import { output } from "../command.ts";

export type Format = "gz" | "xz" | "zst";

/** full: what is published. least: the same by form, for tests. */
export type Effort = "full" | "least";

const COMMANDS: Readonly<Record<Format, Readonly<Record<Effort, readonly string[]>>>> = {
  gz: { full: ["gzip", "--no-name", "-6"], least: ["gzip", "--no-name", "-1"] },
  // Much of it is the memory of a process, in words of eight bytes. The filters for code busybox does not know.
  xz: { full: xz("preset=9e,lc=3,lp=1,pb=3"), least: xz("preset=0") },
  zst: { full: zstd("-19"), least: zstd("-1") },
};

/** Where these programs look for options. */
const NO_OPTIONS = { GZIP: "", XZ_DEFAULTS: "", XZ_OPT: "" } as const;

function xz(settings: string): readonly string[] {
  return ["xz", "--format=xz", "--check=crc64", "--threads=1", `--lzma2=${settings}`];
}

function zstd(level: string): readonly string[] {
  return ["zstd", "--quiet", "--single-thread", "--check", level];
}

/** Compresses a file into another one. */
export async function compress(from: string, to: string, format: Format, effort: Effort): Promise<void> {
  const command = [...COMMANDS[format][effort], "--stdout", from];
  await output(["sh", "-c", 'to=$1; shift; exec "$@" >"$to"', "sh", to, ...command], { env: NO_OPTIONS });
}
