// The user of loggers: an unprivileged account, so that whatever finds its way into a log is handled without
// privileges.

import { type AccountFiles, credentialsOf, findUser } from "../../accounts.ts";
import type { ByteString } from "../../bytes.ts";
import type { Credentials } from "../../os/operands.ts";
import { SETTINGS } from "../settings.ts";

/** The account of loggers, unless another is asked for. */
export const LOG_USER: ByteString = SETTINGS.catchAllUser.default;

/** The user of the logger where there is no such account. */
const FALLBACK: Credentials = { uid: 32768, gid: 32768, groups: [32768] };

/**
 * The ids of a logger.
 * @throws Failure if another account is asked for and does not exist
 */
export function logCredentials(accounts: AccountFiles, name: ByteString = LOG_USER): Credentials {
  if (name === LOG_USER && findUser(accounts, name) === undefined) return FALLBACK;
  const { uid, gid, groups } = credentialsOf(accounts, name);
  return { uid, gid, groups: groups.includes(gid) ? groups : [gid, ...groups] };
}
