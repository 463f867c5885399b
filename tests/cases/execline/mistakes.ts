// Rows for what every program of execline can be given wrongly: options, operands, blocks, and the program to go on with.

import type { Case } from "../../rows/harness.ts";

interface Call {
  readonly name: string;
  /** The words before the blocks. */
  readonly operands?: readonly string[];
  /** Blocks as they should be; a leading blank on each word of a level is added. */
  readonly blocks?: readonly (readonly string[])[];
  readonly env?: Readonly<Record<string, string>>;
  /** What begins with "-" is an operand. */
  readonly noOptions?: true;
  /** It ends without a command to go on with. */
  readonly noProgram?: true;
}

const FRAME = { "#": "1", "0": "s", "1": "a" };

const CALLS: readonly Call[] = [
  { name: "background", blocks: [["true"]] },
  { name: "backtick", operands: ["v"], blocks: [["true"]] },
  { name: "case", operands: ["v"], blocks: [["a", " true", ""]] },
  { name: "cd", operands: ["/"], noOptions: true },
  { name: "define", operands: ["k", "v"] },
  { name: "dollarat", env: FRAME, noProgram: true },
  { name: "elgetopt", operands: ["ab"], env: FRAME },
  { name: "elgetpositionals", env: FRAME },
  { name: "elglob", operands: ["k", "*"] },
  { name: "emptyenv" },
  { name: "envfile", operands: ["f"] },
  { name: "exec" },
  { name: "execline-cd", operands: ["/"], noOptions: true },
  { name: "execline-umask", operands: ["022"], noOptions: true },
  { name: "export", operands: ["k", "v"], noOptions: true },
  { name: "fdblock", operands: ["0"] },
  { name: "fdclose", operands: ["9"], noOptions: true },
  { name: "fdmove", operands: ["9", "0"] },
  { name: "fdreserve", operands: ["1"], noOptions: true },
  { name: "fdswap", operands: ["0", "1"], noOptions: true },
  { name: "forbacktickx", operands: ["v"], blocks: [["echo", "a"]] },
  { name: "foreground", blocks: [["true"]], noOptions: true },
  { name: "forstdin", operands: ["v"] },
  { name: "forx", operands: ["v"], blocks: [["a", "b"]] },
  { name: "getcwd", operands: ["v"] },
  { name: "getpid", operands: ["v"] },
  { name: "heredoc", operands: ["0", "text"] },
  { name: "if", blocks: [["true"]] },
  { name: "ifelse", blocks: [["false"], ["true"]] },
  { name: "ifte", blocks: [["echo", "then"], ["echo", "else"]] },
  { name: "ifthenelse", blocks: [["true"], ["true"], ["true"]] },
  { name: "importas", operands: ["k", "V"] },
  { name: "loopwhilex" },
  { name: "multidefine", operands: ["a b"], blocks: [["k", "l"]] },
  { name: "multisubstitute", blocks: [["define", "k", "v"]], noOptions: true },
  { name: "pipeline", blocks: [["true"]] },
  { name: "piperw", operands: ["8", "9"], noOptions: true },
  { name: "posix-cd", operands: ["/"] },
  { name: "posix-umask", operands: ["022"] },
  { name: "redirfd", operands: ["-r", "0", "/dev/null"] },
  { name: "runblock", operands: ["0"], env: FRAME },
  { name: "shift", env: FRAME },
  { name: "trap", blocks: [["HUP", " true", ""]] },
  { name: "tryexec", blocks: [["nope"]] },
  { name: "umask", operands: ["022"], noOptions: true },
  { name: "unexport", operands: ["k"], noOptions: true },
  { name: "wait", blocks: [[]] },
  { name: "withstdinas", operands: ["v"] },
];

function quoted(blocks: readonly (readonly string[])[]): string[] {
  return blocks.flatMap((words) => [...words.map((word) => ` ${word}`), ""]);
}

function mistakes({ name, operands = [], blocks = [], env, noOptions, noProgram }: Call): Case[] {
  const row = (what: string, argv: readonly string[], more: Partial<Case> = {}): Case => ({
    name: `${name}: ${what}`,
    argv: [name, ...argv],
    files: { f: "" },
    ...(env && { env }),
    ...more,
  });
  const whole = [...operands, ...quoted(blocks)];
  const rows: Case[] = [];
  if (!noOptions) rows.push(row("an unknown option", ["-z", ...whole, "echo", "a"]));
  for (let least = 0; least < operands.length; least++) {
    rows.push(row(`${least} operands`, operands.slice(0, least)));
  }
  if (!noProgram) {
    rows.push(
      row("no program", whole),
      row("a program that is not there", [...whole, "nope"]),
      row("a program that may not be executed", [...whole, "./f"]),
    );
  }
  return [...rows, ...badBlocks(name, row, operands, blocks)];
}

function badBlocks(
  name: string,
  row: (what: string, argv: readonly string[], more?: Partial<Case>) => Case,
  operands: readonly string[],
  blocks: readonly (readonly string[])[],
): Case[] {
  return blocks.flatMap((words, at) => {
    const before = [...operands, ...quoted(blocks.slice(0, at))];
    // In the original it is another program of execline that reads the block.
    const stderr = name !== "forbacktickx";
    const behind = [...quoted(blocks.slice(at + 1)), "echo", "a"];
    const strict = (level: string, block: readonly string[]): Case =>
      row(`unquoted words in block ${at + 1}, EXECLINE_STRICT=${level}, ${block.length} words`, [
        ...before,
        ...block,
        "",
        ...behind,
      ], { env: { EXECLINE_STRICT: level }, stderr });
    const mixed = words.length === 0 ? [] : [` ${words[0]}`, ...words.slice(1)];
    return [
      row(`block ${at + 1} is not ended`, [
        ...before,
        ...words.map((word) => ` ${word}`).filter((word) => word !== " "),
      ]),
      row(`block ${at + 1} is empty`, [...before, "", ...behind]),
      row(`block ${at + 1} is not there`, before),
      ...["0", "1", "2", "3", ""].map((level) => strict(level, words.length === 0 ? ["x"] : words)),
      ...(mixed.length > 1 ? [strict("2", mixed)] : []),
    ];
  });
}

export const cases: readonly Case[] = CALLS.flatMap(mistakes);
