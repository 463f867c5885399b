// The instructions of a Dockerfile, for tests that do what they say without an engine.

/** One instruction: its word, and what stands behind it, in one line. */
interface Instruction {
  readonly word: string;
  readonly rest: string;
}

/** Those of a file, in its order; comments are left out, and lines that go on are one. */
export function instructionsOf(dockerfile: string): Instruction[] {
  const lines = dockerfile.split("\n").filter((line) => !/^\s*(?:#|$)/.test(line)).join("\n");
  return lines.replaceAll(/\s*\\\n\s*/g, " ").split("\n").map((line) => {
    const [, word = "", rest = ""] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    return { word: word.toUpperCase(), rest };
  });
}

/** What the last instruction of that word says; undefined without one. */
export function lastOf(instructions: readonly Instruction[], word: string): string | undefined {
  return instructions.findLast((instruction) => instruction.word === word)?.rest;
}

/** The words of ENTRYPOINT or CMD, which are JSON in all that is tested here. */
export function wordsOf(rest: string | undefined): string[] {
  return rest === undefined ? [] : JSON.parse(rest) as string[];
}

/** The variables of all ENV; none has blanks in its value. */
export function imageEnvironment(instructions: readonly Instruction[]): Record<string, string> {
  const pairs = instructions.filter(({ word }) => word === "ENV").flatMap(({ rest }) => rest.split(/\s+/));
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
}

/** The packages that a RUN installs with apt-get. */
export function packagesOf(rest: string): string[] {
  const [, words = ""] = /\bapt-get install ([^&]*)/.exec(rest) ?? [];
  return words.split(/\s+/).filter((word) => word !== "" && !word.startsWith("-"));
}

/** What a RUN does besides calling apt-get, for a shell. */
export function workOf(rest: string): string {
  return rest.split("&&").map((part) => part.trim()).filter((part) => !part.startsWith("apt-get ")).join(" && ");
}
