// What programs printed and left, as it is kept beside the tests: the database of a row is packed, as most of it is zeros.

import { deflateRawSync, inflateRawSync } from "node:zlib";
import { rawBytes } from "../../lib/bytes.ts";
import { type Result, run } from "../rows/harness.ts";
import { COMPILE, type RecordedRow } from "./rc_row.ts";

/** What a row left, but for its sources. */
export interface Recorded {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
  readonly files: Readonly<Record<string, string>>;
}

/** The rows of a recording, packed, and where they come from. */
export interface Recording {
  readonly program: string;
  readonly command: string;
  readonly rows: Readonly<Record<string, Packed>>;
}

type Packed = Omit<Recorded, "files"> & { readonly files: string };

export const RECORDING: URL = new URL("./rc.json", import.meta.url);

export function readRecording(): ReadonlyMap<string, Recorded> {
  const { rows } = JSON.parse(Deno.readTextFileSync(RECORDING)) as Recording;
  return new Map(Object.entries(rows).map(([name, row]) => [name, { ...row, files: unpacked(row.files) }]));
}

export function packed(recorded: Recorded): Packed {
  const text = new TextEncoder().encode(JSON.stringify(recorded.files));
  return { ...recorded, files: deflateRawSync(text, { level: 9 }).toString("base64") };
}

function unpacked(files: string): Recorded["files"] {
  const text = inflateRawSync(Uint8Array.from(atob(files), (char) => char.charCodeAt(0)));
  return JSON.parse(new TextDecoder().decode(text));
}

/** Runs a row with the programs of this PATH. */
export async function play({ name, files, script = [COMPILE] }: RecordedRow, path: string): Promise<Recorded> {
  // What is made has the modes that are asked for.
  const argv = ["/bin/sh", "-c", `umask 022\n${script.join("\n")}`];
  return withoutSources(await run({ name, argv, files }, path));
}

function withoutSources({ stdout, stderr, code, files }: Result): Recorded {
  const left = Object.entries(files).filter(([path]) => /^(d|live)(\/|$)/.test(path)).sort(([a], [b]) =>
    a < b ? -1 : 1
  );
  return { stdout, stderr, code, files: Object.fromEntries(left) };
}

/** With the paths of programs that ours writes into scripts. */
export function inOurPlaces(recorded: Recorded): Recorded {
  const files = Object.entries(recorded.files).map(([path, found]) => [
    path,
    /^d\/servicedirs\/[^/]*\/(run|finish)$/.test(path)
      ? found.replaceAll(/\/usr\/(bin|lib\/execline\/bin|libexec)\//g, "/command/")
      : found,
  ]);
  return { ...recorded, files: Object.fromEntries(files) };
}

/** Bytes of a file that was left, of which the text also tells mode and kind. */
export function bytesOf(found: string): Uint8Array<ArrayBuffer> {
  return rawBytes(/^[0-7]+ file ([^]*)$/.exec(found)![1]!);
}
