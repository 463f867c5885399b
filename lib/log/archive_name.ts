// What an archive of a log directory is called. Follows s6-log(8), log directories.

import type { ByteString } from "../bytes.ts";

const ARCHIVE = /^@[0-9a-f]{24}\.[su]$/;

/** True for an at sign, the TAI64N stamp of the moment of archiving, and ".s" or, after an unclean stop, ".u". */
export function isArchiveName(name: ByteString): boolean {
  return ARCHIVE.test(name);
}
