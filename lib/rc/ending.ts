// How a transition has ended. s6-rc has a program for each, which says why it failed: ours says the same in its name.

import type { ByteString } from "../bytes.ts";
import { EXIT, textOf } from "../report.ts";

export type Ending =
  | { readonly how: "succeeded" }
  | { readonly how: "failed"; readonly code: number; readonly told?: Told }
  | { readonly how: "crashed"; readonly signal: number };

/** What the program would have printed as fatal. */
interface Told {
  readonly program: string;
  readonly text: ByteString;
}

/** A failure of the program, told by an error or a text. */
export function failing(program: string, error: Error | ByteString, code: number = EXIT.system): Ending {
  return { how: "failed", code, told: { program, text: typeof error === "string" ? error : textOf(error) } };
}
