// What people read when a definition is wrong: where it is wrong, and what makes it right. That the first line is the
// original's is seen in tests/recorded.

import { deepEqual, equal } from "node:assert/strict";
import { compileDefinitions } from "../../../lib/rc/compile.ts";
import { DefinitionFailure } from "../../../lib/rc/definition.ts";
import { withListings } from "../../../lib/rc/listed_names.ts";
import { readSources, type SourcePorts } from "../../../lib/rc/source.ts";
import { diskWith, filesIn } from "./disk.ts";

/** The failure and the cure that these files lead to, whether what is missing is known by listings or looked for. */
function failureOf(files: Readonly<Record<string, string>>): readonly [string, string | undefined] | undefined {
  const disk = filesIn(diskWith(files));
  const found = failureWith(disk);
  deepEqual(failureWith(withListings(disk)), found);
  return found;
}

function failureWith(os: SourcePorts): readonly [string, string | undefined] | undefined {
  try {
    compileDefinitions(readSources(os, ["s"], () => {}), () => {});
    return undefined;
  } catch (error) {
    if (!(error instanceof DefinitionFailure)) throw error;
    return [error.message, error.cure];
  }
}

const oneshot = (name: string, more: Readonly<Record<string, string>> = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ type: "oneshot\n", up: "x\n", ...more }).map(([file, text]) => [`s/${name}/${file}`, text]),
  );

const longrun = (name: string, more: Readonly<Record<string, string>> = {}): Record<string, string> =>
  oneshot(name, { type: "longrun", run: "", ...more });

const rows: readonly (readonly [name: string, files: Record<string, string>, text: string, cure: string])[] = [
  [
    "a directory without a type",
    { "s/base/x": "" },
    "unable to read s/base/type: No such file or directory",
    "a definition has a file type with the word oneshot, longrun or bundle; move away what is no service",
  ],
  [
    "a type with CRLF",
    oneshot("a", { type: "longrun\r\n" }),
    "invalid s/a/type: must be oneshot, longrun, or bundle",
    "it has CRLF line ends",
  ],
  [
    "a need that is misspelled in a list",
    oneshot("a", { dependencies: "# first\n\nbsae\n" }),
    "during dependency resolution for service a: undefined service name bsae",
    "s/a/dependencies, line 3 names it: define it, or take its name away",
  ],
  [
    "a need that is misspelled in a directory",
    oneshot("a", { "dependencies.d/bsae": "" }),
    "during dependency resolution for service a: undefined service name bsae",
    "s/a/dependencies.d/bsae names it: define it, or take its name away",
  ],
  [
    "a circle, with each of its steps",
    {
      ...oneshot("a", { "dependencies.d/b": "" }),
      ...oneshot("b", { dependencies: "all\n" }),
      "s/all/type": "bundle",
      "s/all/contents.d/c": "",
      ...oneshot("c", { dependencies: "a\n" }),
    },
    "cyclic service dependency reached from c and involving c",
    "c needs a (s/c/dependencies, line 1), a needs b (s/a/dependencies.d/b), " +
    "b needs c (s/b/dependencies, line 1, by the bundle all)",
  ],
  [
    "a circle of bundles",
    { "s/a/type": "bundle", "s/a/contents": "b\n", "s/b/type": "bundle", "s/b/contents": "a\n" },
    "cyclic bundle definition: resolution of a encountered a cycle involving a",
    "each contains the next: a -> b -> a",
  ],
  [
    "a script that is none",
    oneshot("a", { up: "x\n  { y\n" }),
    "syntax error in s/a/up: unmatched {",
    "line 2, column 3: unterminated block",
  ],
  [
    "a oneshot without up",
    { "s/a/type": "oneshot" },
    "unable to open s/a/up: No such file or directory",
    "a oneshot needs a file up with the command line to run, which may be empty",
  ],
  [
    "a time with a unit",
    oneshot("a", { "timeout-up": "5s\n" }),
    "invalid s/a/timeout-up",
    "it holds a time in milliseconds, digits only",
  ],
  [
    "a producer without its other half",
    { ...longrun("a", { "producer-for": "l\n" }), ...longrun("l") },
    "longrun service a declares being a producer for a service named l that does not declare it back",
    "s/a/producer-for, line 1 says so: s/l/consumer-for has to hold a",
  ],
  [
    "two producer-for",
    longrun("a", { "producer-for": "l\nm\n" }),
    "s/a/producer-for should only contain one service name",
    "it has l, m",
  ],
  [
    "a bundle without contents",
    { "s/a/type": "bundle" },
    "unable to open s/a/contents: No such file or directory",
    "a bundle needs a directory contents.d with a file for each member, or a file contents with their names",
  ],
];

for (const [name, files, text, cure] of rows) {
  Deno.test(`${name} is told with its cure`, () => deepEqual(failureOf(files), [text, cure]));
}

Deno.test("a file that never ends is read in part", () => {
  const most = 4 * 1024 * 1024;
  const files = oneshot("a", { dependencies: `${"#".repeat(most + 1)}\n` });
  let told = "";
  try {
    failureOf(files);
  } catch (error) {
    told = String(error);
  }
  equal(told, "Error: unable to read s/a/dependencies: File too large");
});
