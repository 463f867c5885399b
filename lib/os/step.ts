// The changes a chain of programs makes to its process before the last one runs, as data, in their order. The order
// matters: a file opened before the change of user is opened as root, one after it is not. operation.ts says how each is
// written into a plan, and the launcher's player (cli/launcher/player.c) carries it out.

import type { ByteString } from "../bytes.ts";
import type { Credentials, OpenFlag, Resource } from "./operands.ts";

/** One change of the process. `by` is the program that asked for it, named when it fails. */
export type Step =
  & { readonly by: string }
  & (
    /** The new process group becomes the foreground group of the terminal on this descriptor. */
    | { readonly do: "foreground"; readonly fd: number }
    | { readonly do: "directory"; readonly path: ByteString }
    | { readonly do: "umask"; readonly mask: number }
    /** `denied`, where given, is what to say if this process may not do it. */
    | { readonly do: "credentials"; readonly credentials: Credentials; readonly denied?: string }
    /** Sets a limit, or both; no soft limit gets above its hard one. "most" is the highest value there may be. */
    | {
      readonly do: "limit";
      readonly resource: Resource;
      readonly which: "soft" | "hard" | "both";
      readonly value: bigint | "most";
    }
    | { readonly do: "session" }
    /** The program becomes process 1 of a new pid namespace: only a new process can. */
    | { readonly do: "pidNamespace" }
    | { readonly do: "group"; readonly group: number }
    | {
      readonly do: "open";
      readonly fd: number;
      readonly path: ByteString;
      readonly flags: readonly OpenFlag[];
      readonly mode: number;
      /** Set the descriptor to blocking (true) or non-blocking (false) once it is open. */
      readonly blocking?: boolean;
    }
    | {
      readonly do: "copy" | "move";
      readonly from: number;
      readonly to: number;
      /** `from` is a number that a script wrote: one that only this process uses does not count as open. */
      readonly given?: true;
    }
    | { readonly do: "close"; readonly fd: number }
    /** Opens the file, making it if need be, and waits for its record lock; the program has it as this descriptor. */
    | { readonly do: "lock"; readonly fd: number; readonly path: ByteString }
  );
