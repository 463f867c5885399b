import { deepEqual, equal } from "node:assert/strict";
import { mountAbove, MountOptions, parseMountTable, parseSwaps, secondMount } from "../../lib/mount_table.ts";

Deno.test("a table of mounts is read", () => {
  const table = "# comment\n\n a b c d 0 0\n\te\tf\ng /x\\040y\\011z \\134 \xe4\nalone\n#a b c\n";
  deepEqual(parseMountTable(table), [
    { source: "a", target: "b", type: "c", options: "d" },
    { source: "e", target: "f", type: "none", options: "defaults" },
    { source: "g", target: "/x y\tz", type: "\\", options: "\xe4" },
  ]);
});

Deno.test("a table of swaps is read", () => {
  deepEqual(parseSwaps("Filename\tType\n/dev/a partition 1\n/b\\040c\tfile\n"), ["/dev/a", "/b c"]);
  deepEqual(parseSwaps("Filename\n"), []);
});

/** Flags and data of options. */
function asked(...lists: string[]): string {
  const { flags, data } = new MountOptions(lists);
  return [...flags].join(" ") + (data === "" ? "" : `: ${data}`);
}

Deno.test("words of options are flags, or are left to the file system", () => {
  equal(asked("defaults"), "");
  equal(asked("ro,nosuid,size=1m", "nodev,mode=755"), "readOnly noSetId noDevices: size=1m,mode=755");
  equal(asked("rbind,rprivate"), "bind recursive private");
  equal(asked(",,"), "");
  equal(asked("__proto__,constructor"), ": __proto__,constructor");
});

Deno.test("the last word counts", () => {
  equal(asked("ro", "rw"), "");
  equal(asked("ro,rw,ro"), "readOnly");
  equal(asked("nosuid,nodev,suid,exec,async,atime,diratime"), "noDevices");
});

Deno.test("a bind mount is mounted a second time if it is to be different", () => {
  const second = (words: string): string | undefined => secondMount(new MountOptions([words]).flags)?.join(" ");
  equal(second("bind"), undefined);
  equal(second("ro"), undefined);
  equal(second("bind,remount,ro"), undefined);
  equal(second("bind,ro,nosuid,sync"), "remount bind readOnly noSetId");
  equal(second("rbind,noexec"), "remount bind noExecution");
});

Deno.test("the mount above a path is the nearest, and the latest at its place", () => {
  const mounts = parseMountTable(
    "root / overlay\nlogs /var/log ext4\nserver:/logs /var/log nfs4\nsmall /var/lo tmpfs\n",
  );
  const typeAt = (path: string): string | undefined => mountAbove(mounts, path)?.type;
  deepEqual(["/", "/var", "/var/log", "/var/log/web", "/var/logs", "/var/lo/x"].map(typeAt), [
    "overlay",
    "overlay",
    "nfs4",
    "nfs4",
    "overlay",
    "tmpfs",
  ]);
  equal(mountAbove([], "/"), undefined);
});
