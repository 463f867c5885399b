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
  const directories = new Set(["/", "./", ...paths.filter((path) => path.endsWith("/"))]);
  const plain = (path: string): string => path.replace(/\/+/g, "/");
  return {
    exists: (path) => {
      const asked = plain(path).replace(/\/\.$/, "/");
      return asked.endsWith("/") ? directories.has(asked) : paths.includes(asked) || directories.has(`${asked}/`);
    },
    listDirectory: (path) => {
      const start = plain(`${path}/`);
      if (!directories.has(start) || start === "/locked/") throw new Error(`cannot list ${path}`);
      const below = paths.filter((name) => start === "./" ? !name.startsWith("/") : name.startsWith(start));
      const names = below.map((name) => name.slice(start === "./" ? 0 : start.length).replace(/\/$/, ""));
      return names.filter((name) => name !== "" && !name.includes("/"));
    },
  };
}

function found(pattern: string, options?: GlobOptions): string[] {
  return glob(
    tree("/t/", "/t/b", "/t/a", "/t/.h", "/t/d/", "/t/d/x", "/t/e/", "/t/l", "z", "/locked/"),
    pattern,
    options,
  );
}

Deno.test("names come in the directory's order, or sorted", () => {
  deepEqual(found("/t/*"), ["/t/b", "/t/a", "/t/d", "/t/e", "/t/l"]);
  deepEqual(found("/t/*", { sort: true }), ["/t/a", "/t/b", "/t/d", "/t/e", "/t/l"]);
});

Deno.test("a plain path is found if it exists", () => {
  deepEqual(found("/t/a"), ["/t/a"]);
  deepEqual(found("/t/nothing"), []);
  deepEqual(found(""), []);
});

Deno.test("a pattern may stand in any part of the path", () => {
  deepEqual(found("/t/*/x"), ["/t/d/x"]);
  deepEqual(found("/*/d/*"), ["/t/d/x"]);
  deepEqual(found("?"), ["z"]);
  deepEqual(found("/t//[ab]"), ["/t//b", "/t//a"]);
});

Deno.test("a slash at the end leaves only directories, or is lost", () => {
  deepEqual(found("/t/*/"), ["/t/d/", "/t/e/"]);
  deepEqual(found("/t/d/"), ["/t/d/"]);
  deepEqual(found("/t/a/"), ["/t/a"]);
});

Deno.test("marking puts a slash behind directories", () => {
  deepEqual(found("/t/[ad]", { mark: true }), ["/t/a", "/t/d/"]);
  deepEqual(found("/t/*/", { mark: true }), ["/t/d//", "/t/e//"]);
});

Deno.test("a backslash takes the meaning from the next character unless told otherwise", () => {
  deepEqual(found("/t/\\a"), ["/t/a"]);
  deepEqual(found("/t/\\a", { literalBackslash: true }), []);
});

Deno.test("a directory that cannot be read is reported and is empty", () => {
  const told: string[] = [];
  deepEqual(found("/locked/*", { onError: (directory) => told.push(directory) }), []);
  deepEqual(told, ["/locked/"]);
});
