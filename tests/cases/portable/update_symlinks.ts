// Rows for cli/portable/update_symlinks.ts. Paths have to be absolute, so the rows are scripts, which print what comes out.

import type { Case, Given } from "../../rows/harness.ts";
import { fails, misused, row } from "./rows.ts";

const USAGE = "/destdir /srcdir [ /srcdir ... ]";

const FILES: Readonly<Record<string, Given>> = {
  "one/1": "",
  "one2/1": "",
  "both/1": "",
  "both/2": "",
  "sub/s/1": "",
  "sub3/s/3": "",
  "sub13/s/1": "",
  "sub13/s/3": "",
  "subs/s/1": "",
  "dir/1/in": "",
  "hidden/.h": "",
  "linked/s": { link: "../one" },
  "dangling/s": { link: "nowhere" },
  empty: { directory: 0o755 },
  empty2: { directory: 0o755 },
  file: "",
};

const SHOW = `find d | LC_ALL=C sort | while read f; do
  if test -L "$f"; then echo "$f > $(readlink "$f")"; elif test -d "$f"; then echo "$f/"; else echo "$f"; fi; done | tr '\\n' ' '`;

/** The tree of these sources; each place with where it leads, "." being the directory of the row. */
function makes(sources: string, tree: string, before = "true", code = 0): Case {
  const words = sources.split(" ").map((source) => `"$PWD/${source}"`).join(" ");
  const script =
    `{ ${before}; s6-update-symlinks "$PWD/d" ${words}; echo "$?"; ${SHOW}; ls | grep :; } 2>&1 | sed "s|$PWD|.|g"`;
  return {
    ...row(["sh", "-c", script], { stdout: `${code}\n${tree} ` }, { files: FILES }),
    name: `${sources}, ${before}`,
  };
}

const fault = (sources: string, error: string, code: number): Case => ({
  ...makes(sources, ""),
  expect: { stdout: `s6-update-symlinks: fatal: ${error}\n${code}\nfind: 'd': No such file or directory\n` },
});

export const cases: readonly Case[] = [
  makes("one", "d > ./one"),
  makes("nope", "d > ./nope"),
  makes("file", "d > ./file"),
  makes("one one", "d > ./one"),
  makes("one one2", "d > ./one2"),
  makes("one both", "d/ d/1 > ./both/1 d/2 > ./both/2"),
  makes("both one", "d/ d/1 > ./one/1 d/2 > ./both/2"),
  makes("one both one2", "d/ d/1 > ./one2/1 d/2 > ./both/2"),
  makes("empty one", "d/ d/1 > ./one/1"),
  makes("one empty", "d/ d/1 > ./one/1"),
  makes("one empty one2", "d > ./one2"),
  makes("empty empty2", "d > ./empty2"),
  makes("one hidden", "d/ d/.h > ./hidden/.h d/1 > ./one/1"),
  makes("one sub", "d/ d/1 > ./one/1 d/s > ./sub/s"),
  makes("sub sub3", "d/ d/s/ d/s/1 > ./sub/s/1 d/s/3 > ./sub3/s/3"),
  makes("sub sub13", "d/ d/s/ d/s/1 > ./sub13/s/1 d/s/3 > ./sub13/s/3"),
  makes("sub subs", "d > ./subs"),
  makes("sub3 linked", "d/ d/s/ d/s/1 > ./linked/s/1 d/s/3 > ./sub3/s/3"),
  makes("one dir", "d > ./dir"),
  makes("one/", "d > ./one/"),
  makes("one dangling", "d/ d/1 > ./one/1 d/s > ./dangling/s"),
  makes("one both", "d/ d/1 > ./both/1 d/2 > ./both/2", "mkdir d; echo old >d/old"),
  makes("one both", "d/ d/1 > ./both/1 d/2 > ./both/2", "ln -s empty d"),
  makes("one both", "d/ d/1 > ./both/1 d/2 > ./both/2", "echo old >d"),
  makes("one", "d > ./one", "mkdir -p d/old/er"),
  makes("one", "d > ./one", "ln -s empty d"),
  makes("one", "d > ./one", "echo old >d"),
  fault("dir one", "destination ./d/1 conflicts with source ./one/1", 100),
  fault("one file", "destination ./d conflicts with source ./file", 100),
  fault("one nope", "error processing ./nope: No such file or directory", 111),
  fault("sub dangling", "error processing ./dangling: No such file or directory", 111),
  {
    ...makes("dir one", "", "ln -s $PWD/empty d"),
    expect: { stdout: "s6-update-symlinks: fatal: destination ./d/1 conflicts with source ./one/1\n100\nd > ./empty " },
  },
  row(["sh", "-c", 's6-update-symlinks "$PWD/d/" "$PWD/one/" "$PWD/both"; readlink d/1 | grep -c /both/1'], {
    stdout: "1\n",
    code: 0,
  }, { files: FILES }),
  row(["sh", "-c", 's6-update-symlinks "$PWD/no/d" "$PWD/one" 2>&1 | sed "s|$PWD|.|"; ls'], {
    stdout: "s6-update-symlinks: fatal: unable to make ./no/d: No such file or directory\nfile\n",
  }, { files: { file: "" } }),
  fails("s6-update-symlinks d /one", `s6-update-symlinks: usage: s6-update-symlinks ${USAGE}`, 100),
  fails("s6-update-symlinks /d one", `s6-update-symlinks: usage: s6-update-symlinks ${USAGE}`, 100),
  fails("s6-update-symlinks /d", `s6-update-symlinks: usage: s6-update-symlinks ${USAGE}`, 100),
  ...misused("s6-update-symlinks", USAGE),
];
