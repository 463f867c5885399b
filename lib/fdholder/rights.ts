// The rights of a client, as the variables of its rule spell them.

import type { ByteString } from "../bytes.ts";
import type { Variables } from "./access_rules.ts";
import type { Rights } from "./session.ts";

/** The names of the variables. */
export interface RightNames {
  readonly list: string;
  readonly getDump: string;
  readonly setDump: string;
  readonly store: string;
  readonly retrieve: string;
}

/** A regular expression as a question. It may throw what says that it is none. */
type Compile = (pattern: ByteString) => (text: ByteString) => boolean;

/** A variable that is set gives a right, whatever is in it; the names it covers are those that match its value. */
export function rightsFrom(variables: Variables, names: RightNames, compile: Compile): Rights {
  const valueOf = (name: string): ByteString | undefined => variables.find(([given]) => given === name)?.[1];
  const covered = (name: string): (text: ByteString) => boolean => {
    const pattern = valueOf(name);
    return pattern === undefined ? () => false : compile(pattern);
  };
  return {
    list: valueOf(names.list) !== undefined,
    getDump: valueOf(names.getDump) !== undefined,
    setDump: valueOf(names.setDump) !== undefined,
    mayStore: covered(names.store),
    mayRetrieve: covered(names.retrieve),
  };
}
