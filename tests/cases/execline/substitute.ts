// Rows for cli/execline/substitute.ts: define, importas, import, multidefine, elgetpositionals.

import type { Case } from "../../rows/harness.ts";

/** The words behind the program, shown in brackets. */
function shown(name: string, ...argv: string[]): Case {
  return { name, argv: argv.map((word) => word === "P" ? "printf" : word) };
}

const SHOW = ["printf", "[%s]"];

function define(name: string, options: readonly string[], value: string, ...rest: string[]): Case {
  return shown(`define: ${name}`, "define", ...options, "x", value, ...SHOW, ...(rest.length > 0 ? rest : ["$x"]));
}

const defines: readonly Case[] = [
  define("a plain value", [], "v", "$x", "${x}", "a${x}b", "${x}${x}", "$x$x"),
  define("where a name ends", [], "v", "$x/y", "$x:", "$x]", "$x y", "$xy", "$x\\z", "$x${y}", "$x}", "$x{", "$x$"),
  define("what is no name", [], "v", "$", "${", "${x", "${}", "$$x", "${${x}}", "{x}", "$\\x", "${x$x}"),
  define("backslashes before it", [], "v", "\\$x", "\\\\$x", "\\\\\\$x", "\\\\\\\\${x}", "a\\b$x", "\\${x}\\${x}"),
  define("backslashes before other names", [], "v", "\\$y", "\\\\$y", "\\\\${y}\\$x", "$x\\$x", "$x\\\\$x"),
  define("the value is not looked at again", [], "$x ${x}", "$x"),
  define("an empty value", [], "", "$x", "a${x}b"),
  define("a key with blanks and bytes", [], "v", "$x\xe9", "${x}\xff"),
  define("-s", ["-s"], "a b", "p${x}s", "$x$x", " $x"),
  define("-s with a leading delimiter", ["-s"], " a  b"),
  define("-s with a trailing delimiter", ["-s"], "a b "),
  define("-s of nothing", ["-s"], "", "a", "p${x}s", "b"),
  define("-s at tabs and newlines", ["-s"], "a\tb\nc\rd"),
  define("-s -d", ["-s", "-d", ":,"], "a:b,c::d e"),
  define("-s -C", ["-sC"], "a  b   c  "),
  define("-s -C with different delimiters", ["-sCd:,"], "a:,b,:c"),
  define("-s -n", ["-sn"], "a b"),
  define("-s -n with a trailing delimiter", ["-sn"], "a b "),
  define("-s -n of one delimiter", ["-sn"], " "),
  define("-s -C -n", ["-sCn"], "  a  b  "),
  define("-C", ["-C"], "a  b\t\tc"),
  define("-n", ["-n"], "a \n"),
  define("-n twice is once", ["-nn"], "a\n\n"),
  define("the last of -n -N counts", ["-n", "-N"], "a\n"),
  define("the last of -C -c counts", ["-C", "-c"], "a  b"),
  define("netstrings", ["-s", "-d", ""], "1:a,2:bb,0:,7:xyz 123,1: ,"),
  define("no netstring", ["-s", "-d", ""], "abc"),
  define("a short netstring", ["-s", "-d", ""], "4:abc,"),
  define("a netstring without comma", ["-s", "-d", ""], "3:abc"),
  define("a netstring without length", ["-s", "-d", ""], ":,"),
  define("netstrings of nothing", ["-s", "-d", ""], ""),
  define("-d '' without -s", ["-d", "", "-C", "-n"], "a  b "),
  shown("define: a value that is an option", "define", "--", "x", "-n", ...SHOW, "$x"),
  shown("define: an empty key", "define", "", "v", ...SHOW, "${}"),
  shown(
    "define: keys that can never match",
    "define",
    "a$",
    "v",
    "define",
    "b}",
    "v",
    "define",
    "c\\",
    "v",
    ...SHOW,
    "${a$}",
    "${c\\}",
  ),
  shown("define: one of two in a row sees the other", "define", "a", "$b", "define", "b", "5", ...SHOW, "$a", "$b"),
  shown("define: no program", "define", "x", "v"),
  shown("define: no value", "define", "x"),
  shown("define: an unknown option", "define", "-z", "x", "v", "echo"),
  shown("define: nothing is left to run", "define", "-s", "x", "", "$x"),
  shown("define: the program is substituted", "define", "-s", "x", "printf [%s] a", "$x"),
  shown("define: the program is not there", "define", "x", "nope", "$x"),
  shown("define: a list stays in its block", "define", "-s", "x", "echo a", "foreground", " $x", "", ...SHOW, "end"),
  shown(
    "define: an empty list in a block",
    "define",
    "-s",
    "x",
    "",
    "foreground",
    " echo",
    " a",
    " $x",
    "",
    ...SHOW,
    "end",
  ),
  shown(
    "define: an empty value in a block",
    "define",
    "x",
    "",
    "foreground",
    " printf",
    " [%s]",
    " $x",
    "",
    ...SHOW,
    "end",
  ),
];

const imports: readonly Case[] = [
  { ...shown("importas", "importas", "x", "V", ...SHOW, "$x", "$V", "p${x}s"), env: { V: "a b" } },
  { ...shown("importas of an empty variable", "importas", "x", "V", ...SHOW, "p${x}s"), env: { V: "" } },
  shown("importas of nothing", "importas", "x", "V", ...SHOW, "a", "p${x}s", "b"),
  shown("importas -i of nothing", "importas", "-i", "x", "V", ...SHOW, "a"),
  shown("importas -D", "importas", "-D", "d e", "x", "V", ...SHOW, "$x"),
  shown("importas -D -s", "importas", "-D", "d e", "-s", "x", "V", ...SHOW, "$x"),
  shown("importas -D ''", "importas", "-D", "", "x", "V", ...SHOW, "[${x}]"),
  shown("importas -i before -D", "importas", "-i", "-D", "d", "x", "V", ...SHOW, "a"),
  { ...shown("importas -D with a value", "importas", "-D", "d", "x", "V", ...SHOW, "$x"), env: { V: "v" } },
  {
    ...shown("importas -u", "importas", "-u", "x", "V", "env", "-u", "PATH", "W=$x"),
    env: { V: "v" },
    unordered: true,
  },
  { ...shown("importas -s -C -n -d", "importas", "-sCnd:", "x", "V", ...SHOW, "$x"), env: { V: "a::b:c::" } },
  { ...shown("importas netstrings", "importas", "-sd", "", "x", "V", ...SHOW, "$x"), env: { V: "3:a b,0:," } },
  { ...shown("importas of bytes", "importas", "x", "V", ...SHOW, "$x"), env: { V: "\xff\xe9" } },
  { ...shown("importas of the positional variables", "importas", "x", "1", ...SHOW, "$x"), env: { "1": "one" } },
  shown("importas of a name with =", "importas", "x", "A=B", ...SHOW, "a", "$x"),
  shown("importas with an empty key", "importas", "", "V", ...SHOW, "a"),
  shown("importas: no variable", "importas", "x"),
  shown("importas: no program", "importas", "x", "V"),
  {
    ...shown("importas -S", "importas", "-S", "V", ...SHOW, "$V"),
    env: { V: "v" },
    exception: "new in 2.9.6",
    expect: { stdout: "[v]", code: 0 },
  },
  {
    ...shown("import", "import", "V", ...SHOW, "$V"),
    env: { V: "v" },
    exception: "removed in 2.5",
    expect: { stdout: "[v]", code: 0 },
  },
  {
    ...shown("import -i of nothing", "import", "-i", "V", ...SHOW, "$V"),
    exception: "removed in 2.5",
    expect: { stdout: "", stderr: "import: fatal: V not set\n", code: 100 },
  },
  ...Object.entries({
    "-s": "[ a::b:][]",
    "-sd:": "[][ a][][b]",
    "-sCd:": "[][ a][b]",
    "-sCcd:": "[][ a][][b]",
    "-nd:": "[: a::b]",
    "-nNd:": "[: a::b:]",
    "-u": "[: a::b:]",
  }).map(([options, stdout]): Case => ({
    name: `import ${options}`,
    argv: ["import", options, "V", ...SHOW, "$V"],
    env: { V: ": a::b:" },
    exception: "removed in 2.5",
    expect: { stdout: options === "-s" ? "[:][a::b:]" : stdout, code: 0 },
  })),
  {
    ...shown("import -u", "import", "-u", "V", "sh", "-c", "echo ${V-unset}$V"),
    env: { V: "v" },
    exception: "removed in 2.5",
    expect: { stdout: "unsetv\n", code: 0 },
  },
  ...([
    ["an unknown option", ["-z", "V", "true"], 100],
    ["an option of importas alone", ["-S", "V", "true"], 100],
    ["no name", [], 100],
    ["no program", ["V"], 0],
    ["a program that is not there", ["V", "nope"], 127],
    ["an empty name", ["", "true"], 111],
  ] as const).map(([what, words, code]): Case => ({
    name: `import: ${what}`,
    argv: ["import", ...words],
    exception: "removed in 2.5",
    expect: { stdout: "", code },
  })),
  {
    ...shown("import in a script", "execlineb", "-Pc", "import -D d V printf [%s] x${V}y"),
    exception: "removed in 2.5",
    expect: { stdout: "[xdy]", code: 0 },
  },
  { ...shown("importas -n -N", "importas", "-n", "-N", "x", "V", ...SHOW, "$x"), env: { V: "a\n" } },
  { ...shown("importas -s -C -c", "importas", "-sCc", "x", "V", ...SHOW, "$x"), env: { V: "a  b" } },
  {
    ...shown("import -D of nothing", "import", "-D", "d", "V", ...SHOW, "$V"),
    exception: "removed in 2.5",
    expect: { stdout: "[d]", code: 0 },
  },
];

function multidefine(name: string, options: readonly string[], value: string, keys: readonly string[]): Case {
  const block = [...keys.map((key) => ` ${key}`), ""];
  return shown(`multidefine: ${name}`, "multidefine", ...options, value, ...block, ...SHOW, "$x", "p${y}s", "$z");
}

const multidefines: readonly Case[] = [
  multidefine("as many words as keys", [], "a b c", ["x", "y", "z"]),
  multidefine("fewer words", [], "a", ["x", "y", "z"]),
  multidefine("fewer words, -0", ["-0"], "a", ["x", "y", "z"]),
  multidefine("more words", [], "a b c d", ["x", "y"]),
  multidefine("more words, -r", ["-r"], "a b c d", ["x", "y"]),
  multidefine("fewer words, -r", ["-r"], "a", ["x", "y"]),
  multidefine("fewer words, -r -0", ["-r0"], "a", ["x", "y"]),
  multidefine("a key left out", [], "a b c", ["x", "", "z"]),
  multidefine("the last key left out, -r", ["-r"], "a b c", ["x", ""]),
  multidefine("no keys", [], "a b c", []),
  multidefine("a key twice", [], "a b", ["x", "x"]),
  multidefine("-d", ["-d:"], "a b:c", ["x", "y"]),
  multidefine("-C", ["-C"], "a   b", ["x", "y"]),
  multidefine("-n", ["-n"], "a b", ["x", "y"]),
  multidefine("-s, which it has not", ["-s"], "a b", ["x", "y"]),
  multidefine("-C -c", ["-C", "-c"], "a   b", ["x", "y"]),
  multidefine("-n -N", ["-n", "-N"], "a b ", ["x", "y"]),
  multidefine("netstrings", ["-d", ""], "3:a b,1:c,", ["x", "y"]),
  multidefine("no netstrings", ["-d", ""], "3:a", ["x", "y"]),
  multidefine("an empty value", [], "", ["x", "y"]),
  shown("multidefine: no block", "multidefine", "a b", "x", "y"),
  shown("multidefine: no value", "multidefine"),
  shown("multidefine: no program", "multidefine", "a b", " x", ""),
];

const frame = { "#": "2", "0": "script", "1": "a", "2": "b c" };

const positionals: readonly Case[] = [
  { ...shown("elgetpositionals", "elgetpositionals", ...SHOW, "$#", "$0", "$1", "${2}x", "p${@}s", "$3"), env: frame },
  {
    ...shown("elgetpositionals -P", "elgetpositionals", "-P", "3", ...SHOW, "$#", "$1", "[${3}]", "$4", "$@"),
    env: frame,
  },
  ...["1", "2"].map((strict) => ({
    ...shown(`elgetpositionals -P, EXECLINE_STRICT ${strict}`, "elgetpositionals", "-P", "3", ...SHOW, "$3"),
    env: { ...frame, EXECLINE_STRICT: strict },
    stderr: true,
  })),
  ...["1", "2"].map((strict) => ({
    ...shown(`elgetpositionals -P of enough, EXECLINE_STRICT ${strict}`, "elgetpositionals", "-P1", ...SHOW, "$1"),
    env: { ...frame, EXECLINE_STRICT: strict },
    stderr: true,
  })),
  { ...shown("elgetpositionals -P less than there is", "elgetpositionals", "-P1", ...SHOW, "$#", "$2"), env: frame },
  { ...shown("elgetpositionals -P x", "elgetpositionals", "-Px", ...SHOW), env: frame },
  {
    ...shown("elgetpositionals without arguments", "elgetpositionals", ...SHOW, "a", "$@"),
    env: { "#": "0", "0": "s" },
  },
  shown("elgetpositionals without a frame", "elgetpositionals", ...SHOW),
  { ...shown("elgetpositionals: # is no number", "elgetpositionals", ...SHOW), env: { ...frame, "#": "x" } },
  { ...shown("elgetpositionals: a variable is missing", "elgetpositionals", ...SHOW), env: { ...frame, "#": "3" } },
  { ...shown("elgetpositionals: $0 is missing", "elgetpositionals", ...SHOW), env: { "#": "0" } },
  { ...shown("elgetpositionals: no program", "elgetpositionals"), env: frame },
];

export const cases: readonly Case[] = [...defines, ...imports, ...multidefines, ...positionals];
