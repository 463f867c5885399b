// Why a container ends, in the words of its last line: by the first event that leads to its stop.

import type { ByteString } from "../../bytes.ts";
import type { LifeEvent } from "../life.ts";
import { bareSignalName } from "../../signals.ts";
import { exitInWords } from "./exit.ts";
import type { Exit, ScriptSnapshot } from "./snapshot.ts";

/** What is known when the event comes. */
export interface CauseSurroundings {
  /** The signal to process 1 that is being dealt with, without SIG. */
  readonly signal: string | undefined;
  /** The essential service that has ended. */
  readonly essential: ByteString | undefined;
  /** Services whose finish runs, with how run has ended. */
  readonly finishing: readonly { readonly name: ByteString; readonly exit: Exit | null }[];
  /** What has ended last of the boot's scripts and the command. */
  readonly lastScript: ScriptSnapshot | undefined;
}

/** A number as it is recorded: an exit code, or 256 + n for signal n. */
const KILLED = 256;
/** The most services that one line names. */
const MOST_FINISHING = 3;

/** Undefined for an event that does not end a container. */
export function causeOfEnd(event: LifeEvent, around: CauseSurroundings): ByteString | undefined {
  switch (event.on) {
    case "downAsked":
    case "stopAsked":
      return around.signal ?? `asked for by s6-svscanctl or halt${whileFinishing(around.finishing)}`;
    case "commandEnded":
      return `the command ${ended(event.code, around.lastScript?.kind === "command" ? around.lastScript : undefined)}`;
    case "essentialEnded":
      return `essential service ${around.essential ?? "?"} ${ended(event.code)}`;
    case "bootFailed":
      return `initialization failed${failedScript(around.lastScript)}`;
    case "outOfMemory":
      return "process 1 needs too much memory";
    case "failed":
      return event.refusal ?? "an internal error";
    default:
      return undefined;
  }
}

/** A finish script is what asks mostly, and its line does not say so. */
function whileFinishing(services: CauseSurroundings["finishing"]): ByteString {
  const told = services.slice(0, MOST_FINISHING).map(({ name, exit }) =>
    exit === null ? name : `${name} (run ${exit.signal === null ? "" : "was "}${exitInWords(exit)})`
  );
  return told.length === 0 ? "" : `, while finish ran of ${told.join(", ")}`;
}

function ended(code: number, script?: ScriptSnapshot): string {
  const exit: Exit = script?.exit ??
    (code > KILLED ? { code: null, signal: bareSignalName(code - KILLED) } : { code, signal: null });
  return `${exit.signal === null ? "" : "was "}${exitInWords(exit)}`;
}

function failedScript(script: ScriptSnapshot | undefined): ByteString {
  if (script?.exit === null || script === undefined || script.exit.code === 0) return "";
  return `: ${script.kind === "task" ? "" : `${script.kind}/`}${script.name} ${exitInWords(script.exit)}`;
}
