// The shells that there is completion for, each in a module of its own.

import type { Page } from "../pages.ts";

type Print = (pages: readonly Page[]) => PromiseLike<string>;

export const SHELLS = {
  bash: (pages) => import("./bash.ts").then((m) => m.forBash(pages)),
  zsh: (pages) => import("./zsh.ts").then((m) => m.forZsh(pages)),
  fish: (pages) => import("./fish.ts").then((m) => m.forFish(pages)),
} as const satisfies Readonly<Record<string, Print>>;

export function isShell(word: string): word is keyof typeof SHELLS {
  return Object.hasOwn(SHELLS, word);
}
