// Rows about databases that are torn, changed or not whole.

import { bundleOf, longrun, oneshot, source } from "./definitions.ts";
import { COMPILE, type RecordedRow } from "./rc_row.ts";

/** Changes a database with dd. */
const patched = (file: string, at: number, bytes: string): string =>
  `printf '${bytes}' | dd of=d/${file} bs=1 seek=${at} conv=notrunc 2>/dev/null`;

const CHECKS = ['s6-rc-db -c d check; echo "= $?"'];

function broken(name: string, change: string, stderr: string, reason = "", stdout?: string): RecordedRow {
  const files = source({ a: oneshot("a b", { down: "c" }), b: longrun(), c: bundleOf("a", "b") });
  const differs = reason === "" ? {} : { differs: { reason, stderr, ...(stdout === undefined ? {} : { stdout }) } };
  return { name, files, script: [COMPILE, change, ...CHECKS], ...differs };
}

const TORN = "the original takes a short file for a failed read: 111, and whatever errno was";
const SIZE = "the original does not compare sizes";
const DETAIL = "ours says in which way";

export const brokenRows: readonly RecordedRow[] = [
  broken("no lock", "rm d/lock", ""),
  broken("no file n", "rm d/n", ""),
  broken("no file db", "rm d/db", ""),
  broken(
    "a directory in the place of services",
    "rm d/db; mkdir d/db",
    "s6-rc-db: fatal: d/db is no part of a database\n",
    TORN,
    "= 4\n",
  ),
  broken(
    "torn sizes",
    "head -c 23 d/n >n; cp n d/n",
    "s6-rc-db: fatal: invalid service database in d/n\n",
    TORN,
    "= 4\n",
  ),
  broken("long sizes", "echo >>d/n", "s6-rc-db: fatal: invalid service database in d/n\n", TORN, "= 4\n"),
  broken(
    "torn services",
    "head -c 100 d/db >n; cp n d/db",
    "s6-rc-db: fatal: invalid service database in d/db: it has 100 bytes, not the 273 that n speaks of\n",
    TORN,
    "= 4\n",
  ),
  broken(
    "empty services",
    ": >d/db",
    "s6-rc-db: fatal: invalid service database in d/db: it has 0 bytes, not the 273 that n speaks of\n",
    TORN,
    "= 4\n",
  ),
  broken(
    "long services",
    "echo >>d/db",
    "s6-rc-db: fatal: invalid service database in d/db: it has 274 bytes, not the 273 that n speaks of\n",
    SIZE,
    "= 4\n",
  ),
  broken(
    "another beginning",
    patched("db", 0, "x"),
    "s6-rc-db: fatal: invalid service database in d/db: it begins otherwise\n",
    DETAIL,
  ),
  broken(
    "another end",
    patched("db", 271, "x"),
    "s6-rc-db: fatal: invalid service database in d/db: it ends otherwise\n",
    DETAIL,
  ),
];
