// The grammar of execline scripts for the comparison with the original. What a script prints and leaves must not depend
// on who is faster. Tags say what could make it so, for what runs beside something else:
//   reads   standard input
//   files   reads or writes files, or moves descriptors
//   last    goes on while its program has ended: only where nothing follows
// Left out are trap and wait -t, which are about time; pids; the order of the environment and of directories; loops that
// go on after an error, as in a script that is torn apart they never end; and an empty PATH, where the original runs its
// own programs on both sides.

import type { ByteString } from "../../lib/bytes.ts";
import type { Random } from "../random.ts";
import { Grammar, type Terminal } from "./grammar.ts";

const PROGRAM = [
  "4* <ending>",
  // Substitution.
  "6* define <transform> <key> <value> <program>",
  "4* importas <absent> <transform> <key> <variable> <program>",
  "3* multisubstitute { <directive> <directives> } <program>",
  "2* multidefine <multiple> <value> { <key> <keys> } <program>",
  "2* elgetpositionals <least> <program>",
  "2* @files elglob <globbing> <key> <pattern> <program>",
  // The environment.
  "3* export <variable> <word> <program>",
  "unexport <variable> <program>",
  "emptyenv <emptying> <program>",
  "@files envfile <envfile> <program>",
  "2* shift <shifting> <program>",
  "elgetopt <letters> <program>",
  // Blocks.
  "4* foreground { <program> } <program>",
  "3* if <condition> { <program> } <program>",
  "ifelse <negated> { <program> } {+ <program> } <program>",
  "ifte <negated> {+ <program> } {+ <program> } <program!last>",
  "ifthenelse <crash> { <program> } { <program> } { <program> } <program>",
  "3* backtick <remedy> <variable> { <program+last> } <program>",
  "background { <program> } importas -iu PID ! wait { ${PID} } <program>",
  "pipeline { <program!files!reads+last> } <program+reads>",
  "@last pipeline -w { cat } <program!files>",
  "2* case <matching> <word> { <regexp> {+ <program> } <regexp> {+ <program> } } <program>",
  "tryexec <trying> { <program> } <program>",
  // Loops.
  "3* forx <loop> <variable> { <words> } <program!last>",
  "forx -p <bounds> <variable> { <words> } exit <code>",
  "2* forbacktickx <loop> <pieces> <variable> { <program!files!reads+last> } <program!last!reads>",
  "@reads forstdin <pieces> <variable> <program!last!reads>",
  "heredoc 0 <value> forstdin <loop> <pieces> <variable> <program!last!reads>",
  "@files loopwhilex ifelse { redirfd -x 3 once-<fresh> true } { foreground { <program> } exit 0 } exit 7",
  "@files loopwhilex -x 1,3,100,111,126,127 ifelse { redirfd -x 3 once-<fresh> true } { foreground { <program> } exit 0 } exit 3",
  "@files loopwhilex -o 0,4 ifelse { redirfd -x 3 once-<fresh> true } { foreground { <program> } exit 4 } exit 1",
  // Files and descriptors.
  "2* @files redirfd <writing> <descriptor> <file> <program>",
  "@files redirfd -r 0 <file> <program+reads>",
  "@files fdmove <copy> <descriptor> <descriptor> <program>",
  "2* @files fdmove -c <spare> <standard> <program>",
  "@files fdswap <descriptor> <descriptor> <program>",
  "@files fdclose <spare> <program>",
  "@files fdblock <nonblocking> <spare> <program>",
  "@files cd <directory> <program>",
  "umask <mask> <program>",
  "heredoc <double> 0 <value> <program+reads>",
  "@reads withstdinas <stdin> <variable> <program>",
  // Scripts in scripts.
  "2* execlineb <passing> -c <script> <words>",
  "execlineb -c <running> { <program> } <program>",
  "exec <becoming> <program>",
];

const ENDING = [
  "12* printf [%s] ^ <words>",
  "4* pipeline { env -0 -u PATH -u ! } sort -z",
  "2* exit <code>",
  "2* sh -c <shell>",
  "2* printenv <variable>",
  "2* dollarat <delimiters>",
  "@reads cat",
  "@files cat <file>",
  "true",
  "false",
  "eltest <test>",
  "getpid -E PID eltest ${PID} -gt 1",
  "nonesuch <words>",
  "<word> <words>",
  "-Z <words>",
  "runblock <number> printf [%s] ^ <words>",
  "",
];

const TRANSFORM = [
  ...["6*", "4* -s", "-C", "-n", "-s -C", "-s -n", "-sCn", "-d : -s", "-s -d <set>", "-sC -d <set>"],
  ...["-sn -d <set>", "-sd <nothing>", "-N -c -s", "-n -N"],
];

const RULES: Readonly<Record<string, readonly string[]>> = {
  program: PROGRAM,
  ending: ENDING,
  transform: TRANSFORM,
  words: ["<word>", "3* <word> <words>", ""],
  keys: ["", "<key> <keys>", "<nothing> <keys>"],
  directives: ["", "<directive> <directives>"],
  directive: [
    "3* define <transform> <key> <value>",
    "2* importas <absent> <transform> <key> <variable>",
    "multidefine <multiple> <value> { <key> <keys> }",
    "elgetpositionals <least>",
  ],
  absent: ["6*", "-i", "4* -D <value>", "2* -u"],
  multiple: ["3*", "-r", "-0", "-C", "-r -0", "-d :", "-n -r"],
  least: ["3*", "-P <number>"],
  globbing: ["-s", "-s0", "-sm", "-se"],
  emptying: ["-p", "-c", "-P", "-o"],
  shifting: ["3*", "-n <number>", "-b 1 { <words> }"],
  condition: ["8*", "4* -n", "-t", "-x <code>", "-X", "-nX", "-X -x <code>"],
  negated: ["2*", "-n", "-X", "-nX"],
  crash: ["2*", "-X"],
  remedy: ["4*", "-i", "-I", "-x", "-D <value>", "-N", "-n", "-I -N", "2* -E", "-E -D <value>"],
  stdin: ["3*", "-i", "-I", "-D <value>", "-N", "-E"],
  matching: ["4*", "-i", "-N", "-e", "-s", "-N -i", "-s -e"],
  trying: ["3*", "-n", "-l", "-a name"],
  loop: ["3*", "-E", "-E <bounds>", "<bounds>"],
  bounds: ["-o 0", "-x 1", "-o 0,1,2", "-x <code>,<code>", "-o <code>"],
  pieces: ["3*", "-N", "-C", "-d <set>", "-Cd <set>", "-d <nothing>", "-N -d <set>"],
  writing: ["2* -w", "-a", "-x", "-u", "-wn", "-wb"],
  copy: ["", "2* -c"],
  nonblocking: ["", "-n"],
  double: ["2*", "-d"],
  passing: ["2* -P", "3*", "-p", "2* -S0", "-S1", "-S2", "-s1", "-WS1", "-qs2"],
  becoming: ["-a name", "-l"],
  delimiters: ["2*", "-n", "-0", "-d <set>", "-d <nothing>"],
  // One substitution by itself, and one test.
  substitution: ["multisubstitute { <directive> <directives> } execlineb -c <netstrings> -- <words>"],
  expression: ["6* eltest <test>", "eltest <tokens>"],
  tokens: ["", "3* <token> <tokens>", "<operand> <tokens>"],
  test: [
    "<operand>",
    "<unary> <operand>",
    "2* <operand> <binary> <operand>",
    "2* <integer> <comparison> <integer>",
    "@files <kind> <file>",
    "-v <variable>",
    "! <test>",
    "( <test> )",
    "2* <test> <connective> <test>",
    "<token> <test>",
  ],
};

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

const TERMINALS: Readonly<Record<string, Terminal>> = {
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

export const language: Grammar = new Grammar(RULES, TERMINALS);
