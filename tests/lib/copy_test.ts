// Copying within limits, in slices, and with other owners, on real files.

import { deepEqual, equal, throws } from "node:assert/strict";
import { copyInSlices, copyTree, TooMuch } from "../../lib/copy.ts";
import { descriptors } from "../../lib/os/descriptor.ts";
import { files } from "../../lib/os/file.ts";

const os = { ...files, ...descriptors, credentials: () => ({ uid: Deno.uid()!, gid: Deno.gid()!, groups: [] }) };

function inScratch(name: string, body: (root: string) => void): void {
  Deno.test(name, () => {
    const root = Deno.makeTempDirSync();
    try {
      Deno.mkdirSync(`${root}/from`);
      body(root);
    } finally {
      Deno.removeSync(root, { recursive: true });
    }
  });
}

inScratch("so many entries are copied, and one more is too much", (root) => {
  const limits = { entries: 10, bytes: 100 };
  for (let n = 0; n < 10; n++) Deno.writeTextFileSync(`${root}/from/${n}`, "");
  copyTree(os, `${root}/from`, `${root}/to`, { limits });
  Deno.mkdirSync(`${root}/from/more`);
  throws(() => copyTree(os, `${root}/from`, `${root}/other`, { limits }), {
    constructor: TooMuch,
    message: "it has more than 10 entries",
  });
});

inScratch("so many bytes are copied, and one more is too much, be it a hole", (root) => {
  const limits = { entries: 10, bytes: 100 };
  Deno.writeTextFileSync(`${root}/from/file`, "x".repeat(100));
  copyTree(os, `${root}/from`, `${root}/to`, { limits });
  Deno.truncateSync(`${root}/from/file`, 2 ** 40);
  throws(() => copyTree(os, `${root}/from`, `${root}/other`, { limits }), {
    constructor: TooMuch,
    message: "its files have more than 100 bytes",
  });
  equal(Deno.readDirSync(`${root}/other`)[Symbol.iterator]().next().done, true, "nothing of it was written");
});

inScratch("between slices others have their turn", (root) => {
  const slices = (): number => [...copyInSlices(os, `${root}/from`, `${root}/to`)].length;
  equal(slices(), 0);
  for (let n = 0; n < 200; n++) Deno.writeTextFileSync(`${root}/from/${n}`, "");
  equal(slices(), 3);
  Deno.writeFileSync(`${root}/from/0`, new Uint8Array(4 * 1024 * 1024));
  equal(slices() > 5, true);
});

inScratch("modes are what the caller says, by paths below the top", (root) => {
  Deno.mkdirSync(`${root}/from/d`);
  Deno.writeTextFileSync(`${root}/from/d/f`, "");
  const seen: string[] = [];
  const attributes: NonNullable<Parameters<typeof copyTree>[3]>["attributes"] = ({ uid, gid }, path) => {
    if (!seen.includes(path)) seen.push(path);
    return { uid, gid, mode: path === "d/f" ? 0o604 : 0o705 };
  };
  copyTree(os, `${root}/from`, `${root}/to`, { attributes });
  const mode = (path: string): number => files.lstat(`${root}/to${path}`).mode;
  deepEqual([mode(""), mode("/d"), mode("/d/f")], [0o705, 0o705, 0o604]);
  deepEqual(seen, ["", "d", "d/f"]);
});

inScratch("a path may be relative to a directory that is held", (root) => {
  Deno.writeTextFileSync(`${root}/from/f`, "content");
  const base = files.open(root, ["path", "directory"]);
  copyTree(os, "from", `${root}/to`, { base });
  files.close(base);
  equal(Deno.readTextFileSync(`${root}/to/f`), "content");
});
