// What a world writes down: what came to the supervisor, and what it did.

import type { Node } from "./disk.ts";

interface Times {
  readonly time: number;
  readonly wall: number;
}

/** The supervisor got something. */
export type News =
  & Times
  & (
    | { readonly got: "begin" | "term" | "hup" | "quit" | "int" }
    | { readonly got: "letters"; readonly letters: string }
    | { readonly got: "notification"; readonly text: string }
    | { readonly got: "death"; readonly pid: number; readonly status: number }
    | { readonly got: "running"; readonly pid: number }
    /** One that another stood in for has a process of its own. */
    | { readonly got: "activated"; readonly pid: number; readonly own: number }
    /** It has died, and its program has never run. */
    | { readonly got: "neverRan"; readonly pid: number; readonly why: string }
    | { readonly got: "timer"; readonly due: number }
  );

/** The supervisor did something, or tried. */
export type Deed =
  | { readonly did: "kill"; readonly pid: number; readonly signal: number; readonly refused: boolean }
  | {
    readonly did: "start";
    readonly script: string;
    readonly argv: readonly string[];
    /** Undefined if it could not be started. */
    readonly pid: number | undefined;
    readonly why?: string;
  }
  /** One that another stands in for got it. */
  | { readonly did: "signal"; readonly signal: number }
  | { readonly did: "pipe"; readonly made: boolean }
  | { readonly did: "status"; readonly content: string; readonly place: Node | undefined; readonly written: boolean }
  | { readonly did: "down"; readonly present: boolean; readonly place: Node | undefined; readonly done: boolean }
  | { readonly did: "publish"; readonly letters: string }
  | { readonly did: "report"; readonly line: string }
  | { readonly did: "detach" | "end" };

export type Entry = News | Deed;
