// The shells that there is completion for, each in a module of its own.

import type { CommandLines } from "./operands.ts";

type Print = (lines: CommandLines) => PromiseLike<string>;

export const SHELLS = {
  bash: (lines) => import("./bash.ts").then((m) => m.forBash(lines)),
  zsh: (lines) => import("./zsh.ts").then((m) => m.forZsh(lines)),
  fish: (lines) => import("./fish.ts").then((m) => m.forFish(lines)),
} as const satisfies Readonly<Record<string, Print>>;

export function isShell(word: string): word is keyof typeof SHELLS {
  return Object.hasOwn(SHELLS, word);
}
