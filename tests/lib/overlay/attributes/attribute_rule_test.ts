// The account table of generation 2, row by row, and what a line may look like.

import { deepEqual, equal, throws } from "node:assert/strict";
import { parseRule, resolveOwner } from "../../../../lib/overlay/attributes/attribute_rule.ts";

const PASSWD = "root:x:0:0:root:/root:/bin/sh\ndaemon:x:2:2::/:/bin/false\nnobody:x:65534:65534::/:/bin/false\n";
const GROUP = "root:x:0:\ndaemon:x:2:\nnogroup:x:65534:\n";
const files = { readFile: (path: string): string => path === "/etc/passwd" ? PASSWD : GROUP };

const ACCOUNTS: readonly (readonly [account: string, uid: number | undefined, gid: number | undefined])[] = [
  ["daemon", 2, 2],
  ["daemon,3:4", 2, 2],
  ["2:2,3:4", 2, 2],
  ["daemon:11111,3:4", 2, 11111],
  ["11111:daemon,3:4", 11111, 2],
  ["daemon:daemon,3:4", 2, 2],
  ["daemon:unexisting,3:4", 2, 4],
  ["unexisting:daemon,3:4", 3, 2],
  ["11111:11111,3:4", 11111, 11111],
  ["nobody,32768:32768", 65534, 65534],
  ["unexisting,3:4", 3, 4],
  ["unexisting:unexisting,3:4", 3, 4],
  ["unexisting:5,3:4", 3, 5],
  ["daemon:,3:4", 2, 4],
  [":daemon,3:4", 3, 2],
  ["5,3:4", 3, 4],
  ["5:6", 5, 6],
  ["unexisting,3", 3, 0],
  ["unexisting,3:", 3, 0],
  ["unexisting,:4", 0, 4],
  ["unexisting,3:4:7", 3, 4],
  ["unexisting,3:4,5:6", 3, 4],
  ["a:b:c,3:4", 3, 4],
  ["unexisting,4294967294:4294967294", 4294967294, 4294967294],
  ["4294967294:4294967294", 4294967294, 4294967294],
  ["5x:6y", 5, 6],
  ["daemon:", 2, undefined],
  [":daemon", undefined, 2],
];

for (const [account, uid, gid] of ACCOUNTS) {
  Deno.test(`the account ${account} is uid ${uid} and gid ${gid}`, () => {
    const owner = resolveOwner(files, account);
    deepEqual({ uid: owner.uid, gid: owner.gid }, { uid, gid });
  });
}

const REFUSED: readonly (readonly [account: string, text: string])[] = [
  ["daemon:unexisting", "unknown group: unexisting"],
  ["unexisting:daemon", "unknown user: unexisting"],
  ["unexisting", "unknown user: unexisting"],
  ["5", "unknown user: 5"],
  ["daemon:b:c", "unknown group: b:c"],
  ["unexisting,foo", "invalid fallback foo: expected numbers, uid:gid"],
  ["5,foo", "invalid fallback foo: expected numbers, uid:gid"],
  ["unexisting,4294967295", "invalid fallback 4294967295: expected numbers, uid:gid"],
  ["4294967295:5", "unknown user: 4294967295"],
  ["daemon,foo:1", "invalid fallback foo:1: expected numbers, uid:gid"],
];

for (const [account, text] of REFUSED) {
  Deno.test(`the account ${account} is refused`, () => {
    throws(() => resolveOwner(files, account), { message: text });
  });
}

Deno.test("a rule is five words with blanks and tabs between them, the rest of the line is ignored", () => {
  deepEqual(parseRule("/var/lib/mysql\ttrue  mysql 0600 2700 and more \r"), {
    pattern: "/var/lib/mysql",
    recurse: true,
    account: "mysql",
    fileMode: 0o600,
    directoryMode: 0o2700,
    faults: [],
  });
});

Deno.test("a hyphen leaves modes alone", () => {
  const rule = parseRule("/a false daemon - -");
  deepEqual([rule?.fileMode, rule?.directoryMode, rule?.faults], [undefined, undefined, []]);
});

for (
  const [word, mode] of [["2644", 0o2644], ["4755", 0o4755], ["01777", 0o1777], ["7777", 0o7777], ["0", 0]] as const
) {
  Deno.test(`the mode ${word} has its twelve bits`, () => {
    const rule = parseRule(`/a false daemon ${word} ${word}`);
    deepEqual([rule?.fileMode, rule?.directoryMode, rule?.faults], [mode, mode, []]);
  });
}

Deno.test("empty lines, blank lines and comments are no rules", () => {
  for (const line of ["", " \t", "\r", "# comment", "  #comment"]) equal(parseRule(line), undefined);
});

Deno.test("a line may begin with blanks", () => {
  equal(parseRule("  /a true daemon 0600 0700")?.pattern, "/a");
});

Deno.test("a rule without an account cannot be understood", () => {
  throws(() => parseRule("/a true"), /expected a path/);
  throws(() => parseRule("/a"), /expected a path/);
});

const FAULTS: readonly (readonly [line: string, ...faults: string[]])[] = [
  ["/a yes daemon 0600 0700", "/a: yes is neither true nor false"],
  ["/a true daemon u+x 0700", "/a: u+x is not an octal mode for files"],
  ["/a true daemon 0600 10000", "/a: 10000 is not an octal mode for directories"],
  ["/a true daemon 0600", "/a: no mode for directories"],
  ["/a true daemon", "/a: no mode for files", "/a: no mode for directories"],
];

for (const [line, ...faults] of FAULTS) {
  Deno.test(`the rule ${line} applies as far as it can be understood`, () => {
    const rule = parseRule(line);
    equal(rule?.account, "daemon");
    deepEqual(rule.faults, faults);
  });
}
