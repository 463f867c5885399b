// Where Kubernetes looks for why a container has ended: a file that it puts there. A child writes it, as the file is on
// another file system.

import type { ByteString } from "../../bytes.ts";
import { ProcessImage } from "../../image/image.ts";
import type { Door } from "../../os/os.ts";
import { runScript, type ScriptPorts } from "../scripts.ts";
import type { Steps } from "../steps.ts";
import type { Environment } from "../../environment.ts";

const TERMINATION_LOG = "/dev/termination-log";
/** Milliseconds that this may take. */
const LIMIT = 1000;

interface TerminationPorts extends ScriptPorts {
  readonly os: ScriptPorts["os"] & { readonly door: Pick<Door, "isThere"> };
  readonly tree: Environment;
}

/** Writes the line there, where the file exists. */
export function* writeTerminationLog(ports: TerminationPorts, line: ByteString): Steps<void> {
  if (!ports.os.door.isThere(TERMINATION_LOG)) return;
  const words = ["/command/redirfd", "-w", "1", TERMINATION_LOG, "/command/s6-echo", "--", line];
  yield* runScript(ports, "termination-log", ProcessImage.of(words, ports.tree), LIMIT);
}
