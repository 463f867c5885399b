// What the scripts of oneshots did last that s6-rc has had run: it leaves a note for each in the live directory, for people
// who ask. Nothing depends on it.

import type { ByteString } from "../bytes.ts";
import { jsonBytes, valueOfJson } from "../json.ts";
import type { Os } from "../os/os.ts";
import { OsError, unlessRefused } from "../report.ts";
import type { Move } from "./change.ts";
import type { Ending } from "./ending.ts";

/** One of the two is null. */
export interface ScriptRecord {
  readonly move: Move;
  readonly code: number | null;
  readonly signal: number | null;
  /** When it ended: milliseconds since the epoch. */
  readonly time: number;
}

const DIRECTORY = "last";
const MOVES: readonly unknown[] = ["up", "down", "reload"];

/** @param live the live directory */
export function writeScriptRecord(
  os: Pick<Os, "replaceFile" | "makeDirectory" | "timeOfDay" | "find">,
  live: ByteString,
  service: ByteString,
  move: Move,
  ending: Ending,
): void {
  const record: ScriptRecord = {
    move,
    code: ending.how === "crashed" ? null : ending.how === "failed" ? ending.code : 0,
    signal: ending.how === "crashed" ? ending.signal : null,
    time: os.timeOfDay(),
  };
  try {
    if (os.find(`${live}/${DIRECTORY}`) === undefined) os.makeDirectory(`${live}/${DIRECTORY}`, 0o755);
    os.replaceFile(`${live}/${DIRECTORY}/${service}`, jsonBytes(record), 0o644);
  } catch (error) {
    if (!(error instanceof OsError)) throw error;
  }
}

/** Undefined where s6-rc has had none run, or its note cannot be read. */
export function readScriptRecord(
  os: Pick<Os, "readFile">,
  live: ByteString,
  service: ByteString,
): ScriptRecord | undefined {
  const text = unlessRefused(() => os.readFile(`${live}/${DIRECTORY}/${service}`));
  try {
    const record = valueOfJson(text ?? "") as ScriptRecord | null;
    return MOVES.includes(record?.move) && typeof record?.time === "number" ? record : undefined;
  } catch {
    return undefined;
  }
}
