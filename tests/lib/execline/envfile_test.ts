// Files of variables.

import { deepEqual, throws } from "node:assert/strict";
import { parseEnvfile } from "../../../lib/execline/envfile.ts";

function reads(text: string, ...expected: [string, string][]): void {
  deepEqual(parseEnvfile(text, "f"), expected, text);
}

function fails(text: string, line: number): void {
  throws(() => parseEnvfile(text, "f"), { code: 1, message: `in f: syntax error line ${line}` });
}

Deno.test("blanks around names and values are no part of them", () => {
  reads(" A = b c \t\r\nB=\n", ["A", "b c"], ["B", ""]);
});

Deno.test("empty lines and comments are passed over", () => {
  reads("\n  \n# A=b\n  #c\nD=#e", ["D", "#e"]);
});

Deno.test("quotes keep blanks and know C escapes", () => {
  reads('A="a \\n\\x41\\101\\q " b"c"', ["A", "a \nAAq  bc"]);
  reads('A="a\\\nb"', ["A", "ab"]);
});

Deno.test("a backslash newline joins lines", () => {
  reads("A=a\\\n  b", ["A", "a  b"]);
  reads("A=\\\n  b\nC=d", ["A", "  b"], ["C", "d"]);
});

Deno.test("outside quotes a backslash keeps blanks, quotes and itself", () => {
  reads('A=a\\ \\"\\\\', ["A", 'a "\\']);
  fails("A=\\t", 1);
});

Deno.test("names may hold nearly everything", () => {
  reads("1x=2\nA-B.C=3\nA#=4", ["1x", "2"], ["A-B.C", "3"], ["A#", "4"]);
  for (const name of ["", '"A"', "A B", "A'", "A?", "A\\"]) fails(`X=1\n${name}=b`, 2);
});

Deno.test("NUL ends the file, and a value that has one", () => {
  reads("A=b\0c\nD=e", ["A", "b"]);
  reads('A="b\\000c"', ["A", "b"]);
});

Deno.test("what is no line of variables is refused", () => {
  fails("A", 1);
  fails('A="b', 1);
  fails("A=b\nC\n", 2);
  fails('A="\\x4"', 1);
});

Deno.test("a value in quotes may be as long as the file", () => {
  const [[name, value] = []] = parseEnvfile(`A = "${"a".repeat(8_000_000)}\\n"`, "f");
  deepEqual([name, value?.length], ["A", 8_000_001]);
});
