// Rows about what source directories may hold, and what is wrong with them.

import { bundleOf, listing, longrun, needs, oneshot, source, type SourceTree } from "./definitions.ts";
import { compiled, type RecordedRow } from "./rc_row.ts";

/** One service named a, with these files. */
const one = (tree: SourceTree): SourceTree => source({ a: tree });

const names: readonly RecordedRow[] = [
  compiled("no services", { s: { directory: 0o755 } }),
  compiled("no services, said at no verbosity", { s: { directory: 0o755 } }, 0),
  compiled("no source", {}),
  compiled("a source that is a file", { s: "" }),
  compiled("files and hidden directories are no services", {
    ...source({ a: oneshot("a"), ".b": oneshot("b") }),
    "s/README": "",
    "s/link": { link: "a" },
    "s/file": { link: "README" },
  }),
  compiled("a name that belongs to s6-rc", source({ "s6rc-x": oneshot("a") })),
  compiled("a file with a name that belongs to s6-rc", { ...one(oneshot("a")), "s/s6-rc-x": "" }),
  compiled("a name with a newline", source({ "a\nb": oneshot("a") })),
  compiled("a file whose name has a newline", { ...one(oneshot("a")), "s/x\n": "" }),
  compiled("a link that leads nowhere", { ...one(oneshot("a")), "s/x": { link: "nowhere" } }),
  compiled(
    "names of blanks, quotes, high bytes and backslashes",
    source({
      "a b": oneshot("a"),
      "\xff\xe9": longrun(),
      'q"\\': longrun({ "consumer-for": "p\n" }),
      p: longrun({ "producer-for": 'q"\\\n' }),
      ",": bundleOf("a b", "\xff\xe9"),
    }),
  ),
  compiled("a link to a definition elsewhere", { ...source({ x: oneshot("a") }, "t"), "s/x": { link: "../t/x" } }),
];

const types = [
  "longrun\n\n",
  "oneshot\nanything",
  "bundle\n\n",
  "longrun\r\n",
  "oneshot ",
  "bundl",
  "bundle\nx",
  "bundle",
  "longrun",
  "oneshot",
  "oneshot\0x",
  "bundle\0",
  "longrun\0",
  "",
  "\n",
  " longrun",
  "Longrun",
  "longruns",
].map((type) => compiled(`the type ${JSON.stringify(type)}`, one({ ...longrun(), up: "a", contents: "", type })));

const files: readonly RecordedRow[] = [
  ...types,
  compiled("no type", { ...one(oneshot("a")), "s/base": { directory: 0o755 } }),
  compiled("a directory in the place of a type", one({ "type/x": "" })),
  compiled("a oneshot without up", one({ type: "oneshot\n" })),
  compiled("a directory in the place of up", one({ type: "oneshot\n", "up/x": "" })),
  compiled("a longrun without run", one({ type: "longrun\n" })),
  compiled("a directory in the place of run", one({ type: "longrun\n", "run/x": "" })),
  compiled("a run that is a link that leads nowhere", one({ type: "longrun\n", run: { link: "nowhere" } })),
  compiled("a run that is a link to a file", {
    ...one({ type: "longrun\n", run: { link: "../../run" } }),
    run: "#!/bin/sh\n",
  }),
  compiled("a bundle without contents", one({ type: "bundle\n" })),
  compiled("an empty bundle", one(bundleOf())),
  compiled("a file in the place of contents.d", one({ type: "bundle\n", "contents.d": "" })),
  compiled("a file in the place of dependencies.d", one(oneshot("a", { "dependencies.d": "" }))),
  compiled("a directory in the place of dependencies", one(oneshot("a", { "dependencies/x": "" }))),
];

const timeouts = [
  "10",
  "10\n\n",
  "",
  "\n",
  " 1",
  "+1",
  "-1",
  "0",
  "00012",
  "4294967295",
  "4294967296",
  "1\0" + "2",
  "1 ",
  "1\r\n",
  "0x10",
  "0".repeat(62) + "1",
  "0".repeat(70) + "1",
].map((text) => compiled(`the time ${JSON.stringify(text)}`, one(oneshot("a", { "timeout-up": text }))));

const scripts = [
  "",
  "# nothing\n",
  "a b",
  "#!/command/with-contenv sh\n/etc/s6-overlay/scripts/a\n",
  "a { b } c",
  "a { b",
  "a }",
  'a "b',
  "a\\",
  'a "b c" d\\ e "\\0x41\\n"',
  "a $1 ${RC_NAME}",
  "a\\\nb",
  "a # no\nb #c",
  "a b\0c d",
  "{ }",
  "} {",
  "\xe9 \xff",
  "a { { b } }",
  'a "\\0256"',
  "a\tb\r\n",
  "a{ b }",
  "a\\{b",
].map((up) => compiled(`the script ${JSON.stringify(up)}`, one(oneshot(up))));

const oneshots: readonly RecordedRow[] = [
  ...timeouts,
  ...scripts,
  compiled("three scripts", one(oneshot("up 1", { down: "down 1 2", reload: "reload" }))),
  compiled("an error in down", one(oneshot("up", { down: "a {" }))),
  compiled("an error in reload", one(oneshot("up", { reload: "a }" }))),
  compiled("a timeout-down", one(oneshot("up", { "timeout-down": "5000\n", "timeout-up": "1" }))),
  compiled("flags", source({ a: oneshot("a", { "flag-essential": "" }), b: longrun({ "flag-recommended": "" }) })),
  compiled(
    "a flag that is a directory or a link that leads nowhere",
    source({
      a: oneshot("a", { "flag-essential/x": "" }),
      b: longrun({ "flag-recommended": { link: "nowhere" } }),
    }),
  ),
];

const lists: readonly RecordedRow[] = [
  compiled(
    "a list with blanks, comments and no end of line",
    source({
      a: oneshot("a", { dependencies: "# these\n\n \tb\n  # not this\nc" }),
      b: oneshot("b"),
      c: oneshot("c"),
    }),
  ),
  compiled("a list with a trailing blank", source({ a: oneshot("a", { dependencies: "b \n" }), b: oneshot("b") })),
  {
    ...compiled("a list with CRLF", source({ a: oneshot("a", { dependencies: "b\r\n" }), b: oneshot("b") })),
    differs: {
      reason: "control characters that are quoted reach no terminal",
      stderr: "s6-rc-compile: fatal: during dependency resolution for service a: undefined service name b\\x0d\n",
    },
  },
  compiled("a list with a NUL", source({ a: oneshot("a", { dependencies: "b\0c\n" }), b: oneshot("b") })),
  compiled("a name twice in a list", source({ a: oneshot("a", { dependencies: "b\nb\n" }), b: oneshot("b") }), 2),
  compiled(
    "a name twice in a list is said at verbosity 2 only",
    source({
      a: oneshot("a", { dependencies: "b\nb\n" }),
      b: oneshot("b"),
    }),
  ),
  compiled("a name of s6-rc in a list", source({ a: oneshot("a", { dependencies: "s6rc-oneshot-runner\n" }) })),
  compiled("a name of s6-rc in a directory", source({ a: oneshot("a", needs("s6-rc-x")) })),
  compiled("a name of s6-rc among contents", source({ a: bundleOf("s6rc-fdholder") })),
  compiled(
    "a directory wins over a list",
    source({
      a: oneshot("a", needs("b"), { dependencies: "c\n" }),
      b: oneshot("b"),
      c: oneshot("c"),
    }),
  ),
  compiled("an empty directory wins over a list", {
    ...source({ a: oneshot("a", { dependencies: "nobody\n" }) }),
    "s/a/dependencies.d": { directory: 0o755 },
  }),
  compiled("entries of a directory may be anything, and hidden ones do not count", {
    ...source({ a: oneshot("a", needs(".x"), listing("dependencies.d/b", "c")), b: oneshot("b"), c: oneshot("c") }),
    "s/a/dependencies.d/c": { link: "nowhere" },
  }),
];

export const definitionRows: readonly RecordedRow[] = [...names, ...files, ...oneshots, ...lists];
