// Where a file is put, and where it is not, with other users' links and directories on the way.

import { equal, match, throws } from "node:assert/strict";
import { descriptors } from "../../../../lib/os/descriptor.ts";
import { door } from "../../../../lib/os/door.ts";
import { files } from "../../../../lib/os/file.ts";
import { placeFile } from "../../../../lib/overlay/timeline/placed_file.ts";

const ignore = Deno.uid() !== 0;
const OTHER = 1234;
const as = (uid: number): Parameters<typeof placeFile>[0] => ({
  ...files,
  ...descriptors,
  door,
  credentials: () => ({ uid, gid: uid, groups: [] }),
});
const root = as(0);

/** A directory of root's with own/, other/ (another user's), shared/ (as /tmp is) and target/. */
async function inPlace(work: (directory: string) => void): Promise<void> {
  const directory = await Deno.makeTempDir();
  try {
    await Deno.chmod(directory, 0o755);
    for (const name of ["own", "other", "shared", "target"]) await Deno.mkdir(`${directory}/${name}`);
    await Deno.chown(`${directory}/other`, OTHER, OTHER);
    await Deno.chmod(`${directory}/shared`, 0o1777);
    work(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

function link(target: string, path: string, owner = 0): void {
  Deno.symlinkSync(target, path);
  if (owner !== 0) new Deno.Command("chown", { args: ["-h", `${owner}`, path] }).outputSync();
}

Deno.test({
  name: "a file is put into any directory, and takes the place of a file only",
  ignore,
  fn: () =>
    inPlace((directory) => {
      for (const name of ["own", "other", "shared"]) {
        const path = `${directory}/${name}/boot.svg`;
        placeFile(root, path, "one");
        placeFile(root, path, "two");
        equal(Deno.readTextFileSync(path), "two");
        equal(Deno.statSync(path).mode! & 0o777, 0o644);
        equal([...Deno.readDirSync(`${directory}/${name}`)].length, 1, "nothing is left beside it");
      }
      Deno.mkdirSync(`${directory}/own/a.svg`);
      throws(() => placeFile(root, `${directory}/own/a.svg`, ""), /unable to write \S*a.svg: a directory is there/);
      throws(
        () => placeFile(root, `${directory}/none/a.svg`, ""),
        /unable to write \S*a.svg: No such file or directory/,
      );
    }),
});

Deno.test({
  name: "a link in the file's place is not followed, and not replaced",
  ignore,
  fn: () =>
    inPlace((directory) => {
      Deno.writeTextFileSync(`${directory}/target/secret`, "secret");
      for (const name of ["own", "other"]) {
        const path = `${directory}/${name}/boot.svg`;
        link("../target/secret", path);
        throws(() => placeFile(root, path, "x"), /a link is there/);
        // Nor is one where the new content is prepared.
        Deno.removeSync(path);
        link("../target/secret", `${path}.new`, OTHER);
        placeFile(root, path, "x");
      }
      equal(Deno.readTextFileSync(`${directory}/target/secret`), "secret");
    }),
});

const WAYS: Readonly<Record<string, readonly [directory: string, owner: number, follows: boolean]>> = {
  "root's link in root's directory": ["own", 0, true],
  "another user's link in root's directory": ["own", OTHER, false],
  "root's link in a directory that all write to": ["shared", 0, true],
  "another user's link in a directory that all write to": ["shared", OTHER, false],
  "root's link in another user's directory": ["other", 0, false],
  "another user's link in its directory": ["other", OTHER, false],
};

for (const [name, [place, owner, follows]] of Object.entries(WAYS)) {
  Deno.test({
    name: `root ${follows ? "follows" : "does not follow"} ${name}`,
    ignore,
    fn: () =>
      inPlace((directory) => {
        for (const target of ["../target", `${directory}/target`]) {
          const way = `${directory}/${place}/way`;
          link(target, way, owner);
          const put = (): void => placeFile(root, `${way}/boot.svg`, "x");
          if (follows) put();
          else throws(put, /unable to write \S*way\/boot.svg: way is a link that root has not made/);
          equal([...Deno.readDirSync(`${directory}/target`)].length, follows ? 1 : 0);
          // Who is not root has nothing that it could be made to give away.
          placeFile(as(OTHER), `${way}/mine.svg`, "x");
          equal(Deno.readTextFileSync(`${directory}/target/mine.svg`), "x");
          for (const path of [way, `${directory}/target/mine.svg`]) Deno.removeSync(path);
          if (follows) Deno.removeSync(`${directory}/target/boot.svg`);
        }
      }),
  });
}

Deno.test({
  name: "links that lead in a circle come to an end",
  ignore,
  fn: () =>
    inPlace((directory) => {
      link("b", `${directory}/a`);
      link("a", `${directory}/b`);
      throws(() => placeFile(root, `${directory}/a/boot.svg`, "x"), (error: Error) => {
        match(error.message, /unable to write \S*boot.svg: Too many levels of symbolic links/);
        return true;
      });
    }),
});
