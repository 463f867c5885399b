// Rows about bytes that are not UTF-8: words, names and values of variables, and names of files pass through every
// program that carries them as they are. Only what is said to people has them in a form that no terminal obeys.

import type { Case } from "../../rows/harness.ts";

const ALL = Array.from({ length: 127 }, (_, at) => String.fromCharCode(at + 129)).join("");
const WORD = "\xff\xc3(\xe9\x80";

function block(...words: readonly string[]): string[] {
  return [...words.map((word) => ` ${word}`), ""];
}

const SHOW = ["printf", "[%s]"];
/** Shows a file of that name, and leaves none that cannot be named in text. */
const LOOK = ["sh", "-c", "printf '[%s]' *; cat ./*; rm -- *"];

const CARRIED: Readonly<Record<string, readonly string[]>> = {
  "define": ["define", "x", WORD, ...SHOW, "p${x}s"],
  "define, the key": ["define", WORD, "v", ...SHOW, `\${${WORD}}`],
  "define -s -d": ["define", "-sd", "\xff", "x", `a\xffb${ALL}`, ...SHOW, "$x"],
  "importas": ["export", "V", ALL, "importas", "x", "V", ...SHOW, "$x"],
  "importas, the variable": ["export", WORD, "v", "importas", "x", WORD, ...SHOW, "$x"],
  "importas -D": ["importas", "-D", WORD, "x", "V", ...SHOW, "$x"],
  "export": ["export", WORD, ALL, "env", "-u", "PATH", "-u", "_"],
  "unexport": ["export", WORD, "v", "unexport", WORD, "env", "-u", "PATH", "-u", "_"],
  "multidefine": ["multidefine", "-d", "\xfe", `${WORD}\xfeb`, ...block("x", "y"), ...SHOW, "$x", "$y"],
  "multisubstitute": ["multisubstitute", ...block("define", "x", WORD), ...SHOW, "$x"],
  "backtick": ["backtick", "v", ...block("printf", ALL), "printenv", "v"],
  "backtick -D": ["backtick", "-D", WORD, "v", ...block("false"), "printenv", "v"],
  "heredoc": ["heredoc", "0", ALL, "cat"],
  "foreground": ["foreground", ...block("printf", WORD), "true"],
  "forx": ["forx", "-E", "v", ...block(WORD, "\x80"), ...SHOW, "$v"],
  "forbacktickx": ["forbacktickx", "-d", "\xff", "v", ...block("printf", "%s", `a${WORD}b\xff`), "printenv", "v"],
  "exec -a": ["exec", "-a", WORD, "sh", "-c", 'printf "[%s]" "$0"'],
  "execlineb": ["execlineb", "-S1", "-c", `printf [%s] "${ALL}" $1`, WORD],
  "execlineb, escapes": ["execlineb", "-Pc", 'printf [%s] "\\0xff\\0377\\233\\128"'],
  "execlineb, the frame": ["execlineb", "-c", "elgetpositionals printf [%s] $1 $@", WORD],
  "elgetopt": ["execlineb", "-c", "elgetopt a: printenv ELGETOPT_a", "--", `-a${WORD}`],
  "dollarat": ["execlineb", "-c", "dollarat", WORD, ALL],
  "case": [
    "case",
    "-N",
    `a${WORD}`,
    " a(.*)",
    ..."elgetpositionals printf [%s] $1".split(" ").map((w) => `  ${w}`),
    " ",
    "",
  ],
  "case, the pattern": ["case", WORD, ` ${WORD}`, "  echo", "  yes", " ", "", "echo", "no"],
  "eltest": ["eltest", WORD, "=", WORD],
  "eltest, the order of bytes": ["eltest", "\xff", ">", "\x7f"],
  "redirfd, the file": ["redirfd", "-w", "3", WORD, "sh", "-c", 'echo a >&3; exec "$@"', "sh", ...LOOK],
  "elglob": ["redirfd", "-w", "3", WORD, "elglob", "g", "?*", "sh", "-c", 'rm -- *; printf "[%s]" "$0"', "$g"],
  "elglob, the pattern": [
    "redirfd",
    "-w",
    "3",
    WORD,
    "elglob",
    "g",
    "\xff[\xc0-\xcf]*",
    "sh",
    "-c",
    'rm -- *; printf "[%s]" "$0"',
    "$g",
  ],
  "cd": [
    "foreground",
    ...block("mkdir", WORD),
    "cd",
    WORD,
    "sh",
    "-c",
    'printf "[%s]" "${PWD##*/}"; rmdir "../${PWD##*/}"',
  ],
  "getcwd": [
    "foreground",
    ...block("mkdir", WORD),
    "cd",
    WORD,
    "getcwd",
    "d",
    "sh",
    "-c",
    'printf "[%s]" "${d##*/}"; rmdir "$d"',
  ],
  "posix-cd": [
    "foreground",
    ...block("mkdir", WORD),
    "posix-cd",
    WORD,
    "sh",
    "-c",
    'printf "[%s]" "${PWD##*/}"; rmdir "$PWD"',
  ],
  "pipeline": ["pipeline", ...block("printf", ALL), "cat"],
  "tryexec": ["tryexec", ...block("printf", "[%s]", WORD), "true"],
  "runblock": ["execlineb", "-c", "runblock 1", "--", " printf", " [%s]", ` ${WORD}`, ""],
  "shift": ["execlineb", "-c", "shift printenv 1", "a", WORD],
};

const READ: Readonly<Record<string, Pick<Case, "argv"> & Partial<Case>>> = {
  "withstdinas": { argv: ["withstdinas", "v", "printenv", "v"], stdin: ALL },
  "forstdin": { argv: ["forstdin", "-E", "v", ...SHOW, "$v"], stdin: `${WORD}\n${ALL}\n` },
  "envfile": { argv: ["envfile", "f", "printenv", "V"], files: { f: `V=${WORD}\n` } },
  "envfile, quoted": { argv: ["envfile", "f", "printenv", "V"], files: { f: `V="${ALL}\\x8f\\377"\n` } },
  "execlineb, a file": { argv: ["execlineb", "-P", "s"], files: { s: `printf [%s] ${WORD} "${ALL}"\n` } },
  "a message": {
    argv: ["execlineb", "-Pc", WORD],
    stderr: true,
    expect: {
      code: 127,
      stderr: "execlineb: fatal: unable to exec \\xff\\xc3(\\xe9\\x80: No such file or directory\n",
    },
    exception: "a message quotes what is not UTF-8 as \\xNN",
  },
};

export const cases: readonly Case[] = [
  ...Object.entries(CARRIED).map(([name, argv]): Case => ({ name, argv, unordered: true })),
  ...Object.entries(READ).map(([name, row]): Case => ({ name, ...row })),
];
