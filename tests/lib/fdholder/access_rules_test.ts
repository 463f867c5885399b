// Rules of access where the system refuses to tell, and databases that are broken. What they mean otherwise is for the
// rows of s6-fdholderd, which run on the original too.

import { deepEqual, equal, throws } from "node:assert/strict";
import { databaseRules, directoryRules, judgeClient, type RulesOs } from "../../../lib/fdholder/access_rules.ts";
import { OsError } from "../../../lib/report.ts";

const CLIENT = { uid: 5, gid: 6 };
const OWN = { uid: 0, gid: 0 };

function rules(files: readonly string[], refused: Readonly<Record<string, string>>): RulesOs {
  return {
    mayRead: (path) => files.includes(path),
    find: (path) => {
      const errno = refused[path];
      if (errno !== undefined) throw new OsError("stat", path, errno, errno);
      return undefined;
    },
    readFile: (path) => {
      throw new OsError("open", path, "ENOENT", "");
    },
    listDirectory: () => [],
  };
}

Deno.test("a rule that cannot be read for another reason than permissions lets nobody on to the next", () => {
  const book = (errno: string): ReturnType<typeof directoryRules> =>
    directoryRules(rules(["r/uid/default/allow"], { "r/uid/5/deny": errno }), "r", () => []);
  throws(() => judgeClient(book("EIO"), CLIENT, OWN), OsError);
  deepEqual(judgeClient(book("EACCES"), CLIENT, OWN), { variables: [], command: "" });
});

Deno.test("a broken database is an error, not an allowance", () => {
  throws(() => databaseRules(new Uint8Array(2047)), RangeError);
  const wild = new Uint8Array(2048).fill(0xff);
  throws(() => judgeClient(databaseRules(wild), CLIENT, OWN), RangeError);
  equal(judgeClient(databaseRules(new Uint8Array(2048)), CLIENT, OWN), undefined);
});
