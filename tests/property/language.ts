// The grammar of execline scripts for the comparison with the original. What a script prints and leaves must not depend
// on which is faster. Tags say what could make it so, for what runs beside something else:
//   reads   standard input
//   files   reads or writes files, or moves descriptors
//   last    goes on while its program has ended: only where nothing follows
//   waits   waits for all children: never while one of them waits for what the script is still to print
//   varies  is done otherwise by the newest original (tests/rows/versions.ts)
// Left out are trap and wait -t, which are about time; pids; the order of the environment and of directories; loops that
// go on after an error, as in a script that is torn apart they never end; and an empty PATH, where the original runs its
// own programs on both sides.

import { Grammar } from "./grammar.ts";
import { TERMINALS } from "./words.ts";

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
  "ifthenelse -s <crash> { <program> } { export <variable> <word> } { foreground { <program> } } <program>",
  // Ours sets "?" as later versions of the original do.
  "3* backtick <remedy> <variable> { <program+last> } unexport ? <program>",
  // For all children: inside another such program ${PID} is what that one started.
  "@waits background { <program> } importas -iu PID ! wait { } <program>",
  "pipeline { <program!files!reads+last> } <program+reads>",
  "@last pipeline -w { cat } <program!files!waits>",
  "2* case <matching> <word> { <regexp> {+ <program> } <regexp> {+ <program> } } <program>",
  "tryexec <trying> { <program> } <program>",
  // Loops.
  "3* forx <loop> <variable> { <words> } <program!last>",
  "@varies forx -p <bounds> <variable> { <words> } exit <code>",
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
  "@varies",
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

export const language: Grammar = new Grammar(RULES, TERMINALS);
