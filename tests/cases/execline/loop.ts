// Rows for cli/execline/loop.ts.

import type { Case } from "../../rows/harness.ts";

function block(...words: readonly string[]): string[] {
  return [...words.map((word) => ` ${word}`), ""];
}

/** Iterations that end with the codes given, 9 being a death by that signal. */
function codes(options: string, list: string): Case {
  const body = "echo $(printenv v); test $(printenv v) = 9 && kill -9 $$; exit $(printenv v)";
  return {
    name: `forx ${options} over ${list}`,
    argv: [
      "forx",
      ...options.split(" ").filter((word) => word !== ""),
      "v",
      ...block(...list.split(" ")),
      "sh",
      "-c",
      body,
    ],
    unordered: options.includes("p"),
  };
}

const ITERATIONS = ["0 1 2", "0 0", "1 0", "0 200 0", "0 128", "0 9 1", "3 4 5"];
const OPTIONS = [
  "",
  "-o 0",
  "-o 0,1",
  "-x 1",
  "-x 1,2",
  "-x 200",
  "-x 128",
  "-x 137",
  "-p",
  "-p -o 0",
  "-p -x 1",
  "-o 0 -x 0",
  "-x 0 -o 0",
];

export const cases: readonly Case[] = [
  ...OPTIONS.flatMap((options) => ITERATIONS.map((list) => codes(options, list))),
  {
    name: "forx over words with blanks",
    argv: ["forx", "v", ...block("a b", "", "c"), "sh", "-c", "printf '[%s]' \"$v\""],
  },
  { name: "forx over nothing", argv: ["forx", "v", "", "echo", "a"] },
  { name: "forx -p over nothing", argv: ["forx", "-p", "v", "", "echo", "a"] },
  { name: "forx -E", argv: ["forx", "-E", "v", ...block("a b", "c"), "printf", "[%s]", "$v", "p${v}s"] },
  { name: "forx -E -e", argv: ["forx", "-E", "-e", "v", ...block("a"), "printenv", "v"] },
  { name: "forx of a name with =", argv: ["forx", "a=b", ...block("a"), "echo"] },
  { name: "forx without a block", argv: ["forx", "v", "a"] },
  ...["-e", "-E", "-p", "-o0", "-Eo0,1", "-Ex100"].map((options): Case => (
    { name: `forx ${options} without a body`, argv: ["forx", options, "v", ...block("a")] }
  )),
  { name: "forx without a name", argv: ["forx"] },
  { name: "forx -o of no number", argv: ["forx", "-o", "x", "v", ...block("a"), "echo"] },
  { name: "forx -o of nothing", argv: ["forx", "-o", "", "v", ...block("a"), "echo"] },
  { name: "forx over a body that is not there", argv: ["forx", "v", ...block("a", "b"), "nope"] },
  { name: "forx in a script", argv: ["execlineb", "-Pc", "forx -E i { 1 2 } forx -E j { a b } echo $i $j"] },
  {
    name: "forx -p runs all before it waits",
    argv: [
      "forx",
      "-pE",
      "v",
      ...block("a", "b"),
      "sh",
      "-c",
      "touch ${v}; while ! test -e a -a -e b; do sleep 0.05; done",
    ],
  },
  ...["", "-n", "-o 0", "-o 1", "-x 1", "-x 2", "-n -o 2", "-o 0,1"].map((options): Case => ({
    name: `loopwhilex ${options}`,
    argv: [
      "loopwhilex",
      ...options.split(" ").filter((word) => word !== ""),
      "sh",
      "-c",
      "echo x >>f; case $(wc -l <f) in 1) exit 0 ;; 2) exit 1 ;; 3) exit 2 ;; *) kill -9 $$ ;; esac",
    ],
  })),
  { name: "loopwhilex of what is not there", argv: ["loopwhilex", "nope"] },
  { name: "loopwhilex of nothing", argv: ["loopwhilex"] },
  { name: "loopwhilex of no number", argv: ["loopwhilex", "-o", "x", "true"] },
  { name: "forx of an empty name", argv: ["forx", "", ...block("a"), "true"] },
  { name: "forx of an empty name and an empty block", argv: ["forx", "", ...block(), "true"] },
  ...["", "-o 0", "-x 127", "-p", "-p -o 0"].map((options) => ({
    name: `forx -E ${options} of what is not there`,
    argv: ["forx", "-E", ...options.split(" ").filter((word) => word !== ""), "v", ...block("a", "b"), "nope", "$v"],
  })),
];
