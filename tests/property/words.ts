// The words of random scripts: what the terminals of the grammar stand for. Many refer to what a script may have defined.

import type { ByteString } from "../../lib/bytes.ts";
import type { Random } from "../random/random.ts";
import type { Terminal } from "./grammar.ts";

const KEYS = ["a", "a", "b", "b", "c", "k-1", "\xe9"];

const NAMES = ["A", "A", "A", "B", "B", "B", "C", "C", "\xe9", "1", "2", "?", "ELGETOPT_a"];
const WRONG_NAMES = ["", "A=", "none", "#", "0"];

const ATOMS = [
  ...[
    "x",
    "y z",
    "1",
    "{",
    "}",
    "#h",
    '"',
    "\\",
    "\xe9",
    "\xff\x80",
    "\n",
    "\t",
    "\x01",
    " ",
    "/",
    ":",
    "'",
    "*",
    "=",
    "-n",
  ],
  ...[
    "$a",
    "${a}",
    "${b}",
    "$b",
    "p${c}s",
    "\\${a}",
    "\\\\${b}",
    "\\\\\\$c",
    "${k-1}",
    "${\xe9}",
    "$\xe9",
    "$a/",
    "${b}:",
  ],
  ...[
    "$1",
    "${1}",
    "${2}",
    "${@}",
    "$@",
    "$#",
    "${#}",
    "${0}",
    "$?",
    "${",
    "$",
    "${a",
    "$}",
    "${}",
    "$$a",
    "${a${b}}",
    "\\",
  ],
];

function word(random: Random): ByteString {
  if (random.chance(0.1)) return "";
  return Array.from({ length: 1 + random.below(3) }, () => random.pick(ATOMS)).join("");
}

function value(random: Random): ByteString {
  const parts = ["v", "w", " ", " ", "  ", ":", ":", "\n", "\t", "\xe9", "$b", "${a}", "\\", "1:v,", "2:ab,", "7"];
  return Array.from({ length: random.below(5) }, () => random.pick(parts)).join("");
}

export const TERMINALS: Readonly<Record<string, Terminal>> = {
  word,
  value,
  key: (random) => random.chance(0.02) ? word(random) : random.pick(KEYS),
  nothing: [""],
  netstrings: ['dollarat -d ""'],
  variable: (random) => random.pick(random.chance(0.03) ? WRONG_NAMES : NAMES),
  fresh: (random) => String(random.below(1_000_000)),
  number: ["0", "1", "1", "2", "3", "12", "x", "-1"],
  code: [
    "0",
    "1",
    "1",
    "2",
    "3",
    "5",
    "7",
    "99",
    "100",
    "111",
    "126",
    "127",
    "128",
    "129",
    "200",
    "255",
    "256",
    "300",
    "x",
  ],
  set: [":", " ", "\n", ": ", "v", "", "\xe9", "\\"],
  pattern: ["*.txt", "d/*", "*", "[ab].txt", "none*", "?.txt", "b\\.txt", "{a,b}.txt", "*.\xe9", ".*", "$a*", ""],
  file: ["a.txt", "b.txt", "new", "d/new", "d", "none/x", "$a"],
  envfile: ["vars", "vars", "vars", "a.txt", "none"],
  directory: ["d", "d", ".", "none", "a.txt"],
  letters: ["ab:", "ab:", "a", ":b", "a:", ""],
  regexp: [
    "x.*",
    "v",
    "(.*)",
    "(.)(.?).*",
    "[[:alpha:]]+",
    "\\(.*\\)",
    "*",
    "?",
    "",
    ".",
    "x|y.*",
    "[^x]*",
    "$a",
    "(x",
    "\xe9+",
  ],
  mask: ["022", "077", "0", "002", "777", "8", "u=rwx"],
  descriptor: ["1", "1", "3", "4", "5"],
  standard: ["1", "1", "2", "0"],
  spare: ["3", "4", "5", "9"],
  // The original crashes on an empty block with nothing ahead of it.
  running: [
    "runblock 1 umask 022",
    "runblock -r 1",
    "runblock -P 1 export C c",
    "runblock -n 1 1 define a b",
    "runblock 2 foreground { true }",
    "foreground { runblock 1 export C c } runblock -r 1",
    "runblock 1 printf [%s] ^",
  ],
  shell: [
    "exit 3",
    "exit 200",
    "kill -TERM $$",
    "kill -KILL $$",
    'printf "%s|" "$A" "$B" "$C"',
    "echo out; exit 1",
    "printf 'a b\\n\\nc'; exit 0",
    "printf 'a\\0b'",
    "echo $a",
    "umask",
  ],
  operand: ["a", "b", "", "\\-n", "\\!", "\\(", "5", "0", "abc", "$a", "\xe9"],
  unary: ["-n", "-z", "-n", "-z", "-t"],
  binary: ["=", "!=", "<", "<=", ">", ">=", "=~", "=="],
  integer: ["1", "-5", "+7", "12x", "x", "007", "99999999999", ""],
  comparison: ["-eq", "-ne", "-lt", "-le", "-gt", "-ge"],
  kind: ["-b", "-c", "-d", "-e", "-f", "-g", "-h", "-k", "-L", "-O", "-p", "-r", "-s", "-S", "-u", "-w", "-x"],
  connective: ["-a", "-o"],
  token: ["!", "(", ")", "-a", "-o", "=", "-eq", "", "-n", "-f", "\\"],
};
