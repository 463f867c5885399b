// How what is printed shows whose it is: not at all, by a name in front of each line, or as an object a line.

import type { ByteString } from "../../bytes.ts";
import { jsonBytes } from "../../json.ts";
import type { Instant } from "../../os/os.ts";
import { printable } from "../../printable.ts";
import type { Snapshot } from "../journal/snapshot.ts";
import type { Settings } from "../settings.ts";

export type OutputMode = Snapshot["container"]["output"];
/** In which all lines have the name of a service. */
export type NamedOutput = Exclude<OutputMode, "plain">;

const MODES: readonly OutputMode[] = ["plain", "prefix", "json"];

export type OutputStream = "stdout" | "stderr";

/** What an object calls the overlay itself. */
const OVERLAY = "s6-overlay";

/** The mode as it is set; plain where that is none, which is refused. */
export function outputMode(settings: Pick<Settings, "get" | "refuse">): OutputMode {
  const wanted = settings.get("output");
  const mode = MODES.find((mode) => mode === wanted);
  return mode ?? settings.refuse("output", `it can be ${MODES.join(", ")}`) as OutputMode;
}

/** "2026-11-29T10:00:00.123456Z". */
export function timeStamp({ seconds, nanoseconds }: Instant): string {
  const whole = new Date(seconds * 1000).toISOString().slice(0, -4);
  return `${whole}${String(Math.floor(nanoseconds / 1000)).padStart(6, "0")}Z`;
}

/**
 * What stands in front of the text of each line.
 * @param service undefined for the overlay itself, whose lines say what they are about
 */
export function lineHead(
  mode: NamedOutput,
  service: ByteString | undefined,
  stream: OutputStream,
  now: Instant,
): ByteString {
  // As in the overlay's own reports: the subject, then what there is to say.
  if (mode === "prefix") return service === undefined ? "" : `${printable(service)}: `;
  const fields = jsonBytes({ time: timeStamp(now), service: service ?? OVERLAY, stream });
  return `${fields.slice(0, -1)},"text":`;
}

/** What gives the overlay's own text its form: only as objects it has another one, line by line. */
export function ownForm(mode: OutputMode, stream: OutputStream, now: () => Instant): (text: ByteString) => ByteString {
  if (mode !== "json") return (text) => text;
  let begun = "";
  return (text) => {
    const lines = (begun + text).split("\n");
    begun = lines.pop()!;
    return lines.map((line) => `${lineHead("json", undefined, stream, now())}${jsonBytes(line)}}\n`).join("");
  };
}
