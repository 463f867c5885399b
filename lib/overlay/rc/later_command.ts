// The container's command in an image of generation 3: which words it has, what it finds in its environment, and where it
// prints.

import type { ByteString } from "../../bytes.ts";
import { Environment } from "../../environment.ts";
import { isPattern } from "../../glob.ts";
import { ProcessImage } from "../../image/image.ts";
import { taskCommand } from "../boot/elsewhere.ts";
import { commandImage, runInForeground, type Stage2Ports } from "../boot/stage2.ts";
import { recordedCode } from "../scripts.ts";
import type { Steps } from "../steps.ts";

export type LaterCommandPorts = Stage2Ports & {
  /** The words of the command as they were given. */
  readonly given: readonly ByteString[];
  /** The container's PATH. */
  readonly path: ByteString;
  /** For a command that prints on the terminal that is its standard input. */
  readonly terminalPorts: Stage2Ports["commandPorts"];
};

/** Without the environment kept it has PATH: with-contenv gives it the rest. */
export function* runLaterCommand(ports: LaterCommandPorts): Steps<number> {
  const { os, settings, kept, given, path, commandPorts, terminalPorts } = ports;
  const environment = kept ?? Environment.empty.with([["PATH", path]]);
  const first = firstWords(settings.get("commandFirstWords"));
  const image = ProcessImage.of([...first, ...given], environment);
  // Patterns lead anywhere: a child expands them, and becomes the command.
  const command = first.some((word) => isPattern(word))
    ? image.run(taskCommand("first-words", [`${first.length}`, ...image.argv]))
    : commandImage(ports, image);
  const isOnTerminal = settings.get("commandUsesTerminal") && os.isTerminal(0);
  return recordedCode(
    yield* runInForeground({ ...ports, commandPorts: isOnTerminal ? terminalPorts : commandPorts }, command),
  );
}

/** Split as a shell splits a variable without quotes. */
function firstWords(value: ByteString): ByteString[] {
  return value.split(/[ \t\n]+/).filter((word) => word !== "");
}
