// How a generation has cont-finish.d run at the end of a container: what is printed, and what scripts find in their environment.

import type { ByteString } from "../../bytes.ts";
import type { Printer } from "../logging/outputs.ts";

export interface FinishManner {
  /** Variables that the scripts have besides. */
  readonly variables: readonly (readonly [ByteString, ByteString])[];
  /** Nothing has run the scripts yet. */
  readonly isDue: boolean;
  readonly begin: () => void;
  readonly running: (name: ByteString) => void;
  readonly ran: (name: ByteString, how: string) => void;
  readonly done: () => void;
}

/** Lines as in v2. */
export function usualFinish(out: Printer): FinishManner {
  return {
    variables: [],
    isDue: true,
    begin: () => out.line("[cont-finish.d] executing container finish scripts..."),
    running: (name) => out.line(`[cont-finish.d] ${name}: executing... `),
    ran: (name, how) => out.line(`[cont-finish.d] ${name}: ${how}.`),
    done: () => out.line("[cont-finish.d] done."),
  };
}
