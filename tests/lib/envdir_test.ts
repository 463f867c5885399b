import { deepEqual, throws } from "node:assert/strict";
import { readEnvdir, readTrustedEnvdir, wholeContent } from "../../lib/envdir.ts";
import type { FileStatus } from "../../lib/os/os.ts";

const reader = (files: Record<string, string>): Parameters<typeof readEnvdir>[0] => ({
  listDirectory: () => Object.keys(files),
  readFile: (path) => files[path.slice("dir/".length)]!,
});

Deno.test("each file is a variable, but for hidden ones and names with an equals sign", () => {
  const files = { B: "b", A: "", ".hidden": "x", "C=D": "y", "\xff": "\xfe" };
  deepEqual(readEnvdir(reader(files), "dir", wholeContent), [["B", "b"], ["A", ""], ["\xff", "\xfe"]]);
});

Deno.test("a rule may remove a variable", () => {
  deepEqual(readEnvdir(reader({ A: "", B: "b" }), "dir", (content) => content || undefined), [["A", undefined], [
    "B",
    "b",
  ]]);
});

Deno.test("a newline stands for a NUL", () => {
  deepEqual(wholeContent("a\0b\n"), "a\nb\n");
});

/** A directory and files with owners and modes, as process 1 opens them. */
function trusted(
  directory: Partial<FileStatus>,
  files: Readonly<Record<string, { uid?: number; mode?: number }>>,
): [string, string | undefined][] {
  const status = ({ uid = 0, mode = 0o644 }: Partial<FileStatus>): FileStatus => ({ uid, mode }) as FileStatus;
  const os = {
    close: () => {},
    door: {
      hold: () => 3,
      find: () => status(directory),
      list: () => Object.keys(files),
      readOwned: (name: string) => ({ content: name.toLowerCase(), status: status(files[name]!) }),
    },
  };
  return readTrustedEnvdir(os, "env", wholeContent);
}

Deno.test("process 1 reads what root alone can write, and refuses everything else", () => {
  deepEqual(trusted({ mode: 0o755 }, { A: {}, B: { mode: 0o600 }, ".c": {} }), [["A", "a"], ["B", "b"]]);
  const refused = { errno: "EPERM" };
  throws(() => trusted({ uid: 1 }, { A: {} }), refused);
  throws(() => trusted({ mode: 0o775 }, { A: {} }), refused);
  throws(() => trusted({ mode: 0o1777 }, { A: {} }), refused);
  throws(() => trusted({}, { A: {}, B: { uid: 1 } }), refused);
  throws(() => trusted({}, { A: { mode: 0o666 } }), refused);
});
