// Patterns on names as fnmatch(3) judges them, and their expansion over a tree that is only a list of paths.

import { deepEqual, equal } from "node:assert/strict";
import { glob, type GlobOptions, type GlobPorts, isPattern, matches } from "../../lib/glob.ts";

const rows: readonly (readonly [pattern: string, matching: string, others: string])[] = [
  ["*", "a ab a.b", ".a . .."],
  ["a*", "a ab a.b", "b ba"],
  ["*a*b*c", "abc xaxbxc aabbcc abcabc", "ab acb abcd"],
  ["?", "a", "ab ."],
  [".*", ".a . ..", "a"],
  ["?a", "ba", ".a"],
  ["[.]a", "", ".a"],
  ["a?", "ab a.", "a abc"],
  ["[abc]", "a b c", "d ab"],
  ["[a-c]x", "ax bx cx", "dx -x"],
  ["[!a-c]", "d", "a b c"],
  ["[^a-c]", "d ]", "a b c"],
  ["[]a]", "] a", "b"],
  ["[!]a]", "b [", "] a"],
  ["[a-]", "a -", "b"],
  ["[[:digit:]_]*", "1a _", "a1"],
  ["[![:alpha:]]", "1 -", "a Z"],
  ["[a", "[a", "a"],
  ["a[", "a[", "a"],
  ["[c-a]", "", "a b c"],
  ["\\*", "*", "a \\*"],
  ["[\\]]", "]", "\\ \\]"],
  ["a\\b", "ab", "a\\b"],
  ["\\", "\\", "a"],
  ["\xe9[\xe0-\xff]", "\xe9\xe9 \xe9\xff", "\xe9a"],
];

for (const [pattern, matching, others] of rows) {
  Deno.test(`the pattern ${pattern} matches whole names and nothing else`, () => {
    for (const name of matching.split(" ").filter(Boolean)) equal(matches(pattern, name), true, name);
    for (const name of others.split(" ")) equal(matches(pattern, name), false, name);
  });
}

Deno.test("a pattern made to be slow takes no time to speak of", () => {
  equal(matches("a*".repeat(40) + "b", "a".repeat(250)), false);
});

Deno.test("only what could match several names is a pattern", () => {
  deepEqual(["a", "a/b", "a\\*", "[", "a*", "a/?/c", "[a]"].map((text) => isPattern(text)), [
    false,
    false,
    false,
    false,
    true,
    true,
    true,
  ]);
  equal(isPattern("\\*", true), true);
});

/** A tree as its paths: a directory ends in a slash. */
function tree(...paths: string[]): GlobPorts {
  const kinds = new Map<string, "file" | "directory" | "link">([[".", "directory"], ["/", "directory"]]);
  for (const path of paths) kinds.set(path.replace(/[/@]$/, ""), path.endsWith("/") ? "directory" : "file");
  for (const path of paths) if (path.endsWith("@")) kinds.set(path.slice(0, -1), "link");
  const kindOf = (path: string): "file" | "directory" | "link" | undefined =>
    kinds.get(path.replace(/\/+/g, "/").replace(/(?<=.)\/$/, ""));
  const lookUp = (path: string): { kind: "file" | "directory" | "link" } | undefined => {
    const kind = kindOf(path);
    return kind === undefined || path.endsWith("/") && kind !== "directory" ? undefined : { kind };
  };
  return {
    find: (path) => lookUp(path)?.kind === "link" ? undefined : lookUp(path),
    lstat: (path) => {
      const found = lookUp(path);
      if (found === undefined) throw new Error("ENOENT");
      return found;
    },
    listDirectory: (path) => {
      if (kindOf(path) !== "directory" || path === "/locked/") throw new Error(`cannot list ${path}`);
      const start = path === "." ? "" : path.replace(/\/*$/, "/");
      return [...kinds.keys()].filter((name) =>
        name !== "." && name !== "/" && name.startsWith(start) && !name.slice(start.length).includes("/")
      ).map((name) => name.slice(start.length));
    },
  };
}

function found(pattern: string, options?: GlobOptions): string[] {
  return glob(
    tree("/t/", "/t/b", "/t/a", "/t/.h", "/t/d/", "/t/d/x", "/t/e/", "/t/l@", "z", "/locked/"),
    pattern,
    options,
  );
}

Deno.test("names come in the directory's order, or sorted", () => {
  deepEqual(found("/t/*"), ["/t/b", "/t/a", "/t/d", "/t/e", "/t/l"]);
  deepEqual(found("/t/*", { sort: true }), ["/t/a", "/t/b", "/t/d", "/t/e", "/t/l"]);
});

Deno.test("a plain path is found if it exists, even a link that leads nowhere", () => {
  deepEqual(found("/t/a"), ["/t/a"]);
  deepEqual(found("/t/l"), ["/t/l"]);
  deepEqual(found("/t/nothing"), []);
  deepEqual(found(""), []);
});

Deno.test("a pattern may stand in any part of the path", () => {
  deepEqual(found("/t/*/x"), ["/t/d/x"]);
  deepEqual(found("/*/d/*"), ["/t/d/x"]);
  deepEqual(found("?"), ["z"]);
  deepEqual(found("/t//[ab]"), ["/t//b", "/t//a"]);
});

Deno.test("a slash at the end leaves only directories", () => {
  deepEqual(found("/t/*/"), ["/t/d/", "/t/e/"]);
  deepEqual(found("/t/a/"), []);
});

Deno.test("marking puts a slash behind directories", () => {
  deepEqual(found("/t/[ad]", { mark: true }), ["/t/a", "/t/d/"]);
});

Deno.test("a backslash takes the meaning from the next character unless told otherwise", () => {
  deepEqual(found("/t/\\a"), ["/t/a"]);
  deepEqual(found("/t/\\a", { literalBackslash: true }), []);
});

Deno.test("a directory that cannot be read is told of and is empty", () => {
  const told: string[] = [];
  deepEqual(found("/locked/*", { onError: (directory) => told.push(directory) }), []);
  deepEqual(told, ["/locked/"]);
});
