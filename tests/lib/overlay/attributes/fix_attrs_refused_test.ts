// fix-attrs where nothing is permitted, as in a container of another user: on real files, but for the calls that change.

import { deepEqual } from "node:assert/strict";
import { files } from "../../../../lib/os/file.ts";
import { applyRules, type FixPorts } from "../../../../lib/overlay/attributes/fix_attrs.ts";
import { OsError } from "../../../../lib/report.ts";

function refuse(action: string): () => never {
  return () => {
    throw new OsError(action, "", "EPERM", "Operation not permitted");
  };
}

Deno.test("what is never permitted is told once for each rule and action, with how many more there were", async () => {
  const root = await Deno.makeTempDir();
  try {
    files.makeDirectory(`${root}/d`, 0o755);
    for (const name of ["a", "b", "c"]) files.writeFile(`${root}/d/${name}`, "", 0o644);
    const ports: FixPorts = {
      ...files,
      credentials: () => ({ uid: 0, gid: 0, groups: [] }),
      fchown: refuse("chown"),
      fchmod: refuse("chmod"),
    };
    const lines: string[] = [];
    const rules = `${root}/d true 7:7 0600 0700\n${root}/d/a false 7:7 - -\n`;
    const work = applyRules(ports, rules, { hidden: false, warn: (line) => lines.push(line) });
    deepEqual([...work], []);
    deepEqual(lines, [
      `line 1: unable to chown ${root}/d: Operation not permitted`,
      `line 1: unable to chmod ${root}/d: Operation not permitted`,
      "line 1: unable to chown 3 more: Operation not permitted",
      "line 1: unable to chmod 3 more: Operation not permitted",
      `line 2: unable to chown ${root}/d/a: Operation not permitted`,
    ]);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
