// Rows for cli/s6/setuidgid.ts. They change ids, so they mean something only for root.

import { ownNamespaces } from "../../../scripts/namespaces.ts";
import type { Case } from "../../rows/harness.ts";

const IDS = "grep -E '^(Uid|Gid|Groups)' /proc/self/status; env | grep -E '^(UID|GID|GIDLIST)=' | sort";

function ids(name: string, argv: readonly string[], env: Record<string, string> = {}): Case {
  return { name, argv: [...argv, "sh", "-c", IDS], env };
}

const VARIABLES = { UID: "5", GID: "6", GIDLIST: "7,8" };

const setuidgid: readonly Case[] = [
  ids("s6-setuidgid sets uid, gid and groups", ["s6-setuidgid", "nobody"]),
  ids("s6-setuidgid leaves no variables behind", ["s6-setuidgid", "daemon"], VARIABLES),
  ids("s6-setuidgid takes a pair of numbers", ["s6-setuidgid", "1:2"]),
  ids("s6-setuidgid with numbers leaves the variables alone", ["s6-setuidgid", "1:2"], VARIABLES),
  ids("s6-setuidgid with an empty name changes nothing", ["s6-setuidgid", ""]),
  { name: "s6-setuidgid of a bare number looks for a user of that name", argv: ["s6-setuidgid", "1", "true"] },
  { name: "s6-setuidgid of an unknown user", argv: ["s6-setuidgid", "no-such-user", "true"] },
  { name: "s6-setuidgid needs both numbers: uid only", argv: ["s6-setuidgid", "1:", "true"] },
  { name: "s6-setuidgid needs both numbers: gid only", argv: ["s6-setuidgid", ":1", "true"] },
  { name: "s6-setuidgid takes no names in a pair", argv: ["s6-setuidgid", "daemon:daemon", "true"] },
  { name: "s6-setuidgid takes no third number", argv: ["s6-setuidgid", "1:2:3", "true"] },
  { name: "s6-setuidgid of a number that is too large", argv: ["s6-setuidgid", "99999999999:1", "true"] },
  { name: "s6-setuidgid of the user's id that means unchanged", argv: ["s6-setuidgid", "4294967295:1", "id", "-u"] },
  { name: "s6-setuidgid of the group's id that means unchanged", argv: ["s6-setuidgid", "1:4294967295", "id", "-u"] },
  { name: "s6-setuidgid without a program", argv: ["s6-setuidgid", "nobody"], stderr: true },
  { name: "s6-setuidgid of a program that cannot be executed", argv: ["s6-setuidgid", "nobody", "/etc/passwd"] },
  { name: "s6-setuidgid with an unknown option", argv: ["s6-setuidgid", "-x", "nobody", "true"] },
  { name: "s6-setuidgid of a missing program", argv: ["s6-setuidgid", "nobody", "nope"] },
  { name: "s6-setuidgid cannot be undone", argv: ["s6-setuidgid", "nobody", "s6-setuidgid", "daemon", "true"] },
];

const envuidgid: readonly Case[] = [
  ids("s6-envuidgid sets three variables", ["s6-envuidgid", "daemon"]),
  ids("s6-envuidgid -u sets the user's", ["s6-envuidgid", "-u", "games"]),
  ids("s6-envuidgid -g sets the group's", ["s6-envuidgid", "-g", "games"]),
  ids("s6-envuidgid -B takes user and group", ["s6-envuidgid", "-B", "games:daemon"]),
  ids("s6-envuidgid -B without a user", ["s6-envuidgid", "-B", ":daemon"]),
  ids("s6-envuidgid -B without a group", ["s6-envuidgid", "-B", "games:"]),
  ids("s6-envuidgid -n takes numbers", ["s6-envuidgid", "-n", "55"]),
  ids("s6-envuidgid -nB takes numbers", ["s6-envuidgid", "-nB", "55:games"]),
  ids("s6-envuidgid -D replaces an unknown account", ["s6-envuidgid", "-D", "5:6:7,8", "no-such-user"]),
  ids("s6-envuidgid -D without a list", ["s6-envuidgid", "-D", "5:6", "no-such-user"]),
  ids("s6-envuidgid -D with the uid only", ["s6-envuidgid", "-D", "5", "no-such-user"]),
  ids("s6-envuidgid -BD replaces what is unknown", ["s6-envuidgid", "-BD", "5:6:7", "games:no-such-group"]),
  ids("s6-envuidgid -i undoes -D", ["s6-envuidgid", "-D", "1:2", "-i", "no-such-user"]),
  ids("s6-envuidgid leaves other variables alone", ["s6-envuidgid", "-u", "games"], VARIABLES),
  { name: "s6-envuidgid of an unknown user", argv: ["s6-envuidgid", "no-such-user", "true"], stderr: true },
  { name: "s6-envuidgid of an unknown group", argv: ["s6-envuidgid", "-B", "games:nope", "true"], stderr: true },
  { name: "s6-envuidgid -D of a word", argv: ["s6-envuidgid", "-D", "a:6:7", "games", "true"] },
  { name: "s6-envuidgid with an unknown option", argv: ["s6-envuidgid", "-x", "games", "true"], stderr: true },
  { name: "s6-envuidgid of a missing program", argv: ["s6-envuidgid", "games", "nope"], stderr: true },
  { name: "s6-envuidgid -D of nothing", argv: ["s6-envuidgid", "-D", "", "games", "true"], stderr: true },
  { name: "s6-envuidgid -n of an unknown word", argv: ["s6-envuidgid", "-n", "nope", "true"], stderr: true },
  { name: "s6-envuidgid -u of an unknown user", argv: ["s6-envuidgid", "-u", "nope", "true"], stderr: true },
  { name: "s6-envuidgid -g of an unknown group", argv: ["s6-envuidgid", "-g", "nope", "true"], stderr: true },
  { name: "s6-envuidgid -B of an unknown user", argv: ["s6-envuidgid", "-B", "nope:games", "true"], stderr: true },
  {
    name: "s6-envuidgid -n of the number that means unchanged",
    argv: ["s6-envuidgid", "-nu", "4294967295", "env"],
    exception: "the original passes it on, and s6-applyuidgid fails",
    expect: { stdout: "", code: 111 },
  },
  {
    name: "s6-envuidgid -n of a number with text behind it",
    argv: ["s6-envuidgid", "-nu", "5x", "printenv", "UID"],
    exception: "the original takes the digits that a word begins with",
    expect: { stdout: "", stderr: "s6-envuidgid: fatal: unknown user: 5x\n", code: 1 },
  },
  { name: "s6-envuidgid without a program", argv: ["s6-envuidgid", "games"], stderr: true },
];

const applyuidgid: readonly Case[] = [
  ids("s6-applyuidgid sets the uid alone", ["s6-applyuidgid", "-u", "5"]),
  ids("s6-applyuidgid sets the gid alone", ["s6-applyuidgid", "-g", "5"]),
  ids("s6-applyuidgid sets groups alone", ["s6-applyuidgid", "-G", "7,8"]),
  ids("s6-applyuidgid -G of nothing", ["s6-applyuidgid", "-u", "5", "-G", ""]),
  ids("s6-applyuidgid sets all", ["s6-applyuidgid", "-u", "5", "-g", "6", "-G", "8,7"]),
  ids("s6-applyuidgid -G ends at a word", ["s6-applyuidgid", "-u", "5", "-g", "6", "-G", "7,x"]),
  ids("s6-applyuidgid -U reads the environment", ["s6-applyuidgid", "-U"], VARIABLES),
  ids("s6-applyuidgid -Uz unsets what it has read", ["s6-applyuidgid", "-Uz"], VARIABLES),
  ids("s6-applyuidgid -z unsets", ["s6-applyuidgid", "-z"], VARIABLES),
  ids("s6-applyuidgid: what comes last counts", ["s6-applyuidgid", "-U", "-u", "9"], VARIABLES),
  ids("s6-applyuidgid: -U last", ["s6-applyuidgid", "-u", "9", "-U"], VARIABLES),
  ids("s6-applyuidgid: 0 leaves things as they are", ["s6-applyuidgid", "-u", "0", "-g", "0"]),
  ...["-u", "-g", "-G"].map((option) => ({
    name: `s6-applyuidgid ${option} of the number that means unchanged`,
    argv: ["s6-applyuidgid", option, "4294967295", "id", "-u"],
    ...(option === "-G" ? { exception: "the original leaves it to the system", expect: { code: 100 } } : {}),
  })),
  {
    name: "s6-applyuidgid -G of a number that is too large",
    argv: ["s6-applyuidgid", "-G", "1,4294967296", "id", "-G"],
    exception: "the original takes it for two numbers",
    expect: { stdout: "", code: 100 },
  },
  {
    name: "s6-applyuidgid needs no /proc",
    argv: [...ownNamespaces("mount"), "sh", "-c", "mount -t tmpfs none /proc; s6-applyuidgid -u 1 -g 1 id -ru"],
    expect: { stdout: "1\n", code: 0 },
  },
  { name: "s6-applyuidgid -U without UID", argv: ["s6-applyuidgid", "-U", "true"], stderr: true },
  { name: "s6-applyuidgid -U without GIDLIST", argv: ["s6-applyuidgid", "-U", "true"], env: { UID: "1", GID: "2" } },
  { name: "s6-applyuidgid -U of a word", argv: ["s6-applyuidgid", "-U", "true"], env: { ...VARIABLES, GID: "x" } },
  { name: "s6-applyuidgid -u of a word", argv: ["s6-applyuidgid", "-u", "x", "true"] },
  { name: "s6-applyuidgid -G of a word", argv: ["s6-applyuidgid", "-G", ",7", "true"] },
  { name: "s6-applyuidgid -g of a word", argv: ["s6-applyuidgid", "-g", "x", "true"], stderr: true },
  { name: "s6-applyuidgid -U without GID", argv: ["s6-applyuidgid", "-U", "true"], env: { UID: "1" }, stderr: true },
  { name: "s6-applyuidgid with an unknown option", argv: ["s6-applyuidgid", "-x", "true"], stderr: true },
  { name: "s6-applyuidgid of a missing program", argv: ["s6-applyuidgid", "-z", "nope"], stderr: true },
  {
    name: "s6-applyuidgid of a user who may not",
    argv: ["s6-setuidgid", "nobody", "s6-applyuidgid", "-u", "5", "true"],
  },
  { name: "s6-applyuidgid without a program", argv: ["s6-applyuidgid", "-z"], stderr: true },
];

export const cases: readonly Case[] = [...setuidgid, ...envuidgid, ...applyuidgid];
