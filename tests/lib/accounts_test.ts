import { deepEqual, equal, throws } from "node:assert/strict";
import {
  type AccountFiles,
  credentialsOf,
  findGroup,
  findUser,
  groupWithId,
  parseGroupIds,
  userWithId,
} from "../../lib/accounts.ts";
import { Failure, OsError } from "../../lib/report.ts";

function accounts(files: Record<string, string>): AccountFiles {
  return {
    readFile(path): string {
      const content = files[path];
      if (content === undefined) throw new OsError("open", path, "ENOENT", "No such file or directory");
      return content;
    },
  };
}

const FILES = accounts({
  "/etc/passwd": [
    "root:x:0:0:root:/root:/bin/sh",
    "# a comment: x:1:1::/:",
    "short:x:7",
    "word:x:seven:7::/:/bin/sh",
    "web:x:33:34:the web, all of it:/srv/web:/sbin/nologin",
    "web:x:99:99::/:/bin/sh",
    "bare:x:5:6:",
    "",
  ].join("\n"),
  "/etc/group": [
    "root:x:0:",
    "web:x:34:web",
    "logs:x:40:root,web, other",
    "broken",
    "cobweb:x:41:cobweb",
    "mail:x:42:other,web",
  ].join("\n"),
});

Deno.test("a user is the first well-formed line of that name", () => {
  deepEqual(findUser(FILES, "web"), { name: "web", uid: 33, gid: 34, home: "/srv/web", shell: "/sbin/nologin" });
  equal(findUser(FILES, "short"), undefined);
  equal(findUser(FILES, "word"), undefined);
  equal(findUser(FILES, ""), undefined);
  deepEqual(findUser(FILES, "bare"), { name: "bare", uid: 5, gid: 6, home: "", shell: "" });
});

Deno.test("a group is found by name and by id", () => {
  equal(findGroup(FILES, "logs"), 40);
  equal(findGroup(FILES, "broken"), undefined);
  deepEqual(groupWithId(FILES, 40), { name: "logs", gid: 40, members: ["root", "web", "other"] });
  equal(userWithId(FILES, 33)?.name, "web");
});

Deno.test("a user's groups are all that list him, his primary one too if it does", () => {
  deepEqual(credentialsOf(FILES, "web"), { uid: 33, gid: 34, groups: [34, 40, 42] });
  deepEqual(credentialsOf(FILES, "bare"), { uid: 5, gid: 6, groups: [] });
});

Deno.test("an unknown user is an error with exit code 1", () => {
  throws(() => credentialsOf(FILES, "1"), (error) => error instanceof Failure && error.code === 1);
});

Deno.test("a container may have no account files at all", () => {
  throws(() => credentialsOf(accounts({}), "web"), /unknown user: web/);
  equal(findGroup(accounts({}), "web"), undefined);
});

Deno.test("a user without a group file has no supplementary groups", () => {
  const files = accounts({ "/etc/passwd": "web:x:33:34::/:/bin/sh" });
  deepEqual(credentialsOf(files, "web"), { uid: 33, gid: 34, groups: [] });
});

Deno.test("a list of group ids ends at the first word that is no number", () => {
  deepEqual(parseGroupIds(""), []);
  deepEqual(parseGroupIds("7"), [7]);
  deepEqual(parseGroupIds("7,8"), [7, 8]);
  deepEqual(parseGroupIds("7,,8 9:10"), [7, 8, 9, 10]);
  deepEqual(parseGroupIds("7,x,8"), [7]);
  equal(parseGroupIds(",7"), undefined);
  equal(parseGroupIds("x"), undefined);
  equal(parseGroupIds("4294967296"), undefined);
});
