// A dump of held descriptors in an environment: S6_FD# says how many there are, S6_FD_0, S6_FDID_0 and S6_FDLIMIT_0 the
// number, name and limit of the first.

import type { ByteString } from "../../lib/bytes.ts";
import type { Environment } from "../../lib/environment.ts";
import { systemError } from "../../lib/errno.ts";
import { forEver, isForEver, limitText, parseLimit } from "../../lib/fdholder/limit.ts";
import { type HeldDescriptor, LONGEST_NAME } from "../../lib/fdholder/protocol.ts";
import type { Instant, Os } from "../../lib/os/os.ts";
import { DUMP_VARIABLES } from "../../lib/overlay/variable_names.ts";
import { invalid } from "../../lib/report.ts";
import { unsigned } from "../getopt.ts";

/** The variables that describe the dump. What is held without end has no limit. */
export function dumpVariables(dump: readonly HeldDescriptor[], now: Instant): [ByteString, ByteString | undefined][] {
  return [
    [DUMP_VARIABLES.count, `${dump.length}`],
    ...dump.flatMap(({ name, fd, limit }, index): [ByteString, ByteString | undefined][] => [
      [`${DUMP_VARIABLES.fd}${index}`, `${fd}`],
      [`${DUMP_VARIABLES.name}${index}`, name],
      [`${DUMP_VARIABLES.limit}${index}`, isForEver(limit, now) ? undefined : limitText(limit)],
    ]),
  ];
}

/** How many descriptors the environment describes. */
export function readCount(environment: Environment): number {
  return numberIn(environment, DUMP_VARIABLES.count);
}

/** The number of descriptors that the environment describes. */
export function readDump(environment: Environment, count: number, now: Instant): HeldDescriptor[] {
  return Array.from({ length: count }, (_, index): HeldDescriptor => {
    const fd = numberIn(environment, `${DUMP_VARIABLES.fd}${index}`);
    const name = valueOf(environment, `${DUMP_VARIABLES.name}${index}`);
    if (name === "" || name.length > LONGEST_NAME) throw invalid(`invalid ${DUMP_VARIABLES.name}${index}`);
    const text = environment.get(`${DUMP_VARIABLES.limit}${index}`);
    const limit = text === undefined ? forEver(now) : parseLimit(text);
    if (limit === undefined) throw invalid(`invalid ${DUMP_VARIABLES.limit}${index}`);
    return { fd, name, limit };
  });
}

function valueOf(environment: Environment, name: string): ByteString {
  const value = environment.get(name);
  if (value === undefined) throw invalid(`${name} not set`);
  return value;
}

function numberIn(environment: Environment, name: string): number {
  const value = valueOf(environment, name);
  if (!/^[0-9]{1,9}$/.test(value)) throw invalid(`invalid ${name}`);
  return unsigned(value);
}

/** A descriptor that only the runtime has is none of the caller's. */
export function checkSendable(os: Pick<Os, "isInherited">, fd: number): void {
  if (!os.isInherited(fd)) throw systemError("send descriptor", `${fd}`, "EBADF");
}
