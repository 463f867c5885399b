// Rows for cli/overlay/fix_attrs.ts. There is no original to compare with: what must come out is in the rows.
// Setting owners takes root.

import type { Case } from "../../rows/harness.ts";

const FILES = {
  "d/a": { content: "", mode: 0o644 },
  "d/.h": { content: "", mode: 0o644 },
  "d/s p/c": { content: "", mode: 0o644 },
};
const LEAVES = ["d", "d/a", "d/.h", "d/s p", "d/s p/c"];

function after(d: string, a: string, h: string, sp: string, c: string): Record<string, string> {
  const [file, directory] = [(mode: string) => `${mode} file `, (mode: string) => `${mode} directory`];
  return { d: directory(d), "d/a": file(a), "d/.h": file(h), "d/s p": directory(sp), "d/s p/c": file(c) };
}

const UNTOUCHED = after("755", "644", "644", "755", "644");

function rules(name: string, stdin: string, expect: Case["expect"], env: Record<string, string> = {}): Case {
  return { name, argv: ["fix-attrs"], stdin, env, files: FILES, leaves: LEAVES, expect: { stdout: "", ...expect! } };
}

const rows: readonly Case[] = [
  rules("a recursive rule leaves hidden names alone", "d true root 0640 0750\n", {
    code: 0,
    stderr: "",
    files: after("750", "640", "644", "750", "640"),
  }),
  rules("the setting makes it take them too", "d true root 0640 0750\n", {
    code: 0,
    stderr: "",
    files: after("750", "640", "640", "750", "640"),
  }, { S6_KEEP_ENV: "1", S6_FIX_ATTRS_HIDDEN: "1" }),
  rules("without recursion only the path is changed, and a last line needs no end", "d/s?p false root 0640 0750", {
    code: 0,
    stderr: "",
    files: after("755", "644", "644", "750", "644"),
  }),
  rules("no rules at all are a failure", "", { code: 1, stderr: "", files: UNTOUCHED }),
  rules(
    "comments, empty lines and patterns without matches do nothing",
    "# d true root 0 0\n\n  \nn* true root 0 0\n",
    {
      code: 0,
      stderr: "",
      files: UNTOUCHED,
    },
  ),
  rules(
    "an unknown account is told with its line, and the next rule applies",
    "d true no-such-user 0 0\nd/a false root 600 -\n",
    {
      code: 0,
      stderr: "fix-attrs: warning: line 1: unknown user: no-such-user\n",
      files: after("755", "600", "644", "755", "644"),
    },
  ),
  rules("symbolic modes are refused, the rest of the rule applies", "d true root u+x 0700\n", {
    code: 0,
    stderr: "fix-attrs: warning: line 1: d: u+x is not an octal mode for files\n",
    files: after("700", "644", "644", "700", "644"),
  }),
  {
    name: "fix-attrs has no options",
    argv: ["fix-attrs", "-x"],
    expect: { stdout: "", code: 100, stderr: "fix-attrs: usage: fix-attrs < rules\n" },
  },
];

/** What becomes of each kind of account; user and group daemon have the number 1. */
const ACCOUNTS: readonly (readonly [account: string, owner: string])[] = [
  ["daemon", "1:1"],
  ["daemon,3:4", "1:1"],
  ["2:2,3:4", "2:2"],
  ["daemon:11111,3:4", "1:11111"],
  ["11111:daemon,3:4", "11111:1"],
  ["daemon:nope,3:4", "1:4"],
  ["nope:daemon,3:4", "3:1"],
  ["nope,3:4", "3:4"],
  ["nope:5,3:4", "3:5"],
  ["daemon:,3:4", "1:4"],
  [":daemon,3:4", "3:1"],
  ["5,3:4", "3:4"],
  ["5:6", "5:6"],
  ["nope,3", "3:0"],
  ["nope,:4", "0:4"],
  ["daemon:nope", "7:8"],
  ["nope:daemon", "7:8"],
  ["5", "7:8"],
  ["nope,foo", "7:8"],
];

const accounts = ACCOUNTS.map(([account, owner]): Case => ({
  name: `the account ${account} is ${owner}`,
  argv: ["sh", "-c", `chown 7:8 f; echo 'f false ${account} - -' | fix-attrs; code=$?; stat -c %u:%g f; exit $code`],
  files: { f: "" },
  leaves: [],
  expect: { stdout: `${owner}\n`, code: 0 },
}));

export const cases: readonly Case[] = Deno.uid() === 0 ? [...rows, ...accounts] : [];
