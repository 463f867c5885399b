// Rows for cli/s6/access_rules.ts.

import type { Case, Given } from "../../rows/harness.ts";

const COMPILER = "s6-accessrules-cdb-from-fs";
const DECOMPILER = "s6-accessrules-fs-from-cdb";

type Files = Readonly<Record<string, Given>>;

const RULES: Files = {
  "r/uid/0/allow": "",
  "r/uid/0/env/FOO": "bar\nsecond line\n",
  "r/uid/0/env/GONE": "",
  "r/uid/0/env/EMPTY": "\n",
  "r/uid/0/env/BYTES": "\xff\0\xfe \t\n",
  "r/uid/0/env/A=B": "no name of a variable",
  "r/uid/0/env/.hidden": "neither",
  "r/uid/7/deny": "",
  "r/gid/5/allow": "",
  "r/gid/5/deny": "",
  "r/gid/5/exec": 'echo "from exec"\n',
  "r/gid/6/neither": "",
  "r/uid/default/deny": "",
  "r/ip4/192.168.0.0_27/allow": "",
  "r/reversedns/example.org/deny": "",
  "r/uid/.hidden/allow": "",
  "r/.hidden/0/allow": "",
};
/** Records are in the order of the directory: the file system's, which is that of this row's files, twice. */
const ONE_RULE: Files = { "r/uid/0/allow": "" };
const ONE_VARIABLE: Files = { ...ONE_RULE, "r/uid/0/env/ABCD": "value\n" };

const row = (name: string, command: string, files: Files, more: Partial<Case> = {}): Case => ({
  name,
  argv: ["sh", "-c", `umask 022; { ${command}; echo $?; } 2>err; rm -f err`],
  files,
  ...more,
});

/** A file of the original is taken apart. */
const taken = (name: string, change: string, files: Files = ONE_RULE, more: Partial<Case> = {}): Case =>
  row(
    `${DECOMPILER} ${name}`,
    `/usr/bin/${COMPILER} whole r; LC_ALL=C sed '${change}' whole >c; rm whole; ${DECOMPILER} out c`,
    files,
    more,
  );

/** Nothing is written, not in the directory and not beside it. */
const refused = (name: string, change: string, files: Files): Case =>
  row(
    `${DECOMPILER} refuses ${name}`,
    `/usr/bin/${COMPILER} c r; LC_ALL=C sed -i '${change}' c; ${DECOMPILER} out c; echo $?; rm -r c r err; ls`,
    files,
    { exception: "The original writes outside of its directory.", expect: { stdout: "111\n0\n", files: {} } },
  );

const NEWER = "-m and long options are those of s6 2.12 and later";
const readsOf = (compiler: string, access: string, who: string): Case => ({
  name: `s6-ipcserver-access -x (${access}) reads a file of ${compiler}: ${who}`,
  argv: [
    "sh",
    "-c",
    `${compiler} c r; env PROTO=IPC IPCREMOTEEUID=${who} ${access} -v0 -l here -x c sh -c 'env | grep -aE "FOO|GONE|EMPTY|BYTES"'; echo $?; rm c`,
  ],
  files: RULES,
  env: { GONE: "still there" },
  unordered: true,
});
const CLIENTS = ["0 IPCREMOTEEGID=0", "7 IPCREMOTEEGID=5", "8 IPCREMOTEEGID=5", "8 IPCREMOTEEGID=6"];

export const cases: readonly Case[] = [
  row(`${COMPILER} compiles rules of all kinds`, `${COMPILER} c r`, RULES),
  row(`${COMPILER} compiles no rules`, `${COMPILER} c r`, { r: { directory: 0o755 } }),
  row(`${COMPILER} replaces a file, and its mode`, `${COMPILER} c r`, {
    ...RULES,
    c: { content: "old", mode: 0o666 },
  }),
  row(`${COMPILER} does not go by the umask`, `umask 0; ${COMPILER} c r`, ONE_RULE),
  row(`${COMPILER} of a path with a slash at its end`, `${COMPILER} c r/`, ONE_RULE),
  row(`${COMPILER} leaves further words alone`, `${COMPILER} c r more words`, ONE_RULE),
  row(`${COMPILER} of a directory that is not there`, `${COMPILER} c none`, {}),
  row(`${COMPILER} of a file`, `${COMPILER} c r`, { r: "" }),
  row(`${COMPILER} of a file among the kinds`, `${COMPILER} c r`, { ...ONE_RULE, "r/README": "" }),
  row(`${COMPILER} of a file among the rules`, `${COMPILER} c r`, { ...ONE_RULE, "r/uid/5": "" }),
  row(`${COMPILER} of a link to itself among the rules`, `${COMPILER} c r`, { "r/uid/5": { link: "5" } }),
  row(`${COMPILER} of a link to nowhere, which allows nobody`, `${COMPILER} c r`, {
    "r/uid/5/allow": { link: "none" },
  }),
  row(`${COMPILER} of a command that is a link to nowhere`, `${COMPILER} c r`, {
    ...ONE_RULE,
    "r/uid/0/exec": { link: "none" },
  }),
  row(`${COMPILER} of variables in a file`, `${COMPILER} c r`, { ...ONE_RULE, "r/uid/0/env": "" }),
  row(`${COMPILER} of a variable that is a directory`, `${COMPILER} c r`, { ...ONE_RULE, "r/uid/0/env/D/file": "" }),
  row(`${COMPILER} of a command that is a directory`, `${COMPILER} c r`, { ...ONE_RULE, "r/uid/0/exec/file": "" }),
  row(`${COMPILER} of a command of the longest length`, `${COMPILER} c r`, {
    ...ONE_RULE,
    "r/uid/0/exec": "x".repeat(4096),
  }),
  row(`${COMPILER} cuts a command, and warns`, `${COMPILER} c r; wc -l <err`, {
    ...ONE_RULE,
    "r/uid/0/exec": "x".repeat(4097),
  }),
  row(`${COMPILER} of the most variables`, `${COMPILER} c r`, { ...ONE_RULE, "r/uid/0/env/V": "x".repeat(4093) }),
  row(`${COMPILER} of too many variables`, `${COMPILER} c r`, {
    ...ONE_RULE,
    "r/uid/0/env/V": "x".repeat(4000),
    "r/uid/0/env/W": "x".repeat(4000),
  }),
  row(
    `${COMPILER} of variables that a reader refuses`,
    `${COMPILER} c r || cat err`,
    { ...ONE_RULE, "r/uid/0/env/V": "x".repeat(4094) },
    {
      exception: "The original writes up to 4100 bytes, and no program of it reads more than 4096.",
      expect: {
        stdout: `${COMPILER}: fatal: r/uid/0/env has 4097 bytes of variables, and a rule may have 4096\n0\n`,
      },
    },
  ),
  row(`${COMPILER} where there is no directory`, `${COMPILER} none/c r`, ONE_RULE),
  row(`${COMPILER} in place of a directory leaves nothing behind`, `${COMPILER} c r`, {
    ...ONE_RULE,
    c: { directory: 0o755 },
  }),
  row(`${COMPILER} of one word`, `${COMPILER} c`, {}),
  ...["-m 644", "-m644", "-m 4755", "--mode=0640"].map((option) =>
    row(`${COMPILER} ${option}`, `umask 077; ${COMPILER} ${option} -- c r; stat -c %a c; rm c`, ONE_RULE, {
      exception: NEWER,
      expect: { stdout: `${{ "-m 4755": "4755", "--mode=0640": "640" }[option] ?? "644"}\n0\n`, code: 0 },
    })
  ),
  ...["-m x", "-m 9", "-m ''", "--mode", "-z"].map((option) =>
    row(`${COMPILER} ${option} is wrong usage`, `${COMPILER} ${option} c r`, ONE_RULE, {
      exception: NEWER,
      expect: { stdout: "100\n", code: 0 },
    })
  ),
  row(
    `${DECOMPILER} makes a directory of a file of ours`,
    `${COMPILER} c r; ${DECOMPILER} out c; rm c`,
    RULES,
  ),
  taken("makes a directory of a file of the original", "", RULES),
  taken("makes an empty directory of no rules", "", { r: { directory: 0o755 } }),
  row(`${DECOMPILER} goes by the umask for files`, `${COMPILER} c r; umask 077; ${DECOMPILER} out c`, ONE_VARIABLE),
  row(`${DECOMPILER} of a path with a slash at its end`, `${COMPILER} c r; ${DECOMPILER} out/ c`, ONE_RULE),
  row(`${DECOMPILER} into a directory that is there`, `${COMPILER} c r; ${DECOMPILER} out c`, {
    ...ONE_RULE,
    out: { directory: 0o755 },
  }),
  row(`${DECOMPILER} into a file`, `${COMPILER} c r; ${DECOMPILER} out c`, { ...ONE_RULE, out: "" }),
  row(`${DECOMPILER} where there is no directory`, `${COMPILER} c r; ${DECOMPILER} none/out c`, ONE_RULE),
  row(`${DECOMPILER} of a file that is not there`, `${DECOMPILER} out c`, {}),
  row(`${DECOMPILER} of a directory`, `${DECOMPILER} out c`, { c: { directory: 0o755 } }),
  row(`${DECOMPILER} of an empty file`, `${DECOMPILER} out c`, { c: "" }),
  row(`${DECOMPILER} of another file`, `${DECOMPILER} out c`, { c: "abc" }),
  row(`${DECOMPILER} of a file cut short`, `${COMPILER} whole r; head -c 2055 whole >c; ${DECOMPILER} out c`, ONE_RULE),
  row(`${DECOMPILER} takes no options`, `${COMPILER} c r; ${DECOMPILER} -- out c`, ONE_RULE),
  row(`${DECOMPILER} leaves further words alone`, `${COMPILER} c r; ${DECOMPILER} out c more words`, ONE_RULE),
  row(`${DECOMPILER} of one word`, `${DECOMPILER} out`, {}),
  taken("of a record that is none of a rule", "s/uid.0A/uid\\/0B/"),
  taken("of a name without a kind", "s/uid.0A/uidx0A/"),
  taken("of a rule longer than its record", "s/uid.0A\\x00/uid\\/0A\\x01/"),
  taken("of variables that are cut short", "s/A\\x00\\x0bABCD/A\\x00\\x0aABCD/", ONE_VARIABLE),
  taken("leaves nothing where a variable has no name", "s/ABCD=/=BCD=/", ONE_VARIABLE),
  refused("a name that leads out", "s/uid.0A/..\\/oxA/", ONE_RULE),
  refused("a variable that leads out", "s/ABCD/..\\/C/", ONE_VARIABLE),
  ...CLIENTS.flatMap((who) => [
    readsOf(COMPILER, "/usr/bin/s6-ipcserver-access", who),
    readsOf(`/usr/bin/${COMPILER}`, "s6-ipcserver-access", who),
    readsOf(COMPILER, "s6-ipcserver-access", who),
  ]),
];
