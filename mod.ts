// What another program may use: the parts of the overlay that compute and touch nothing of the system. Paths, arguments
// and contents of files are byte strings, one char for each byte.

export { type ByteString, byteString, rawBytes, utf8ByteString } from "./lib/bytes.ts";
export { Environment } from "./lib/environment.ts";
export { glob, type GlobOptions, type GlobPorts, isPattern, matches } from "./lib/glob.ts";
export { SIGNAL, signalName, signalNumber } from "./lib/signals.ts";
export { parseStamp, secondsBetween, stampText } from "./lib/tai.ts";
export { exitCode, killedBy, shellCode, type WaitStatus } from "./lib/wait_status.ts";

export { ProcessImage } from "./lib/image/image.ts";
export type { Step } from "./lib/os/step.ts";

export { lex } from "./lib/execline/lexer.ts";
export { bind, type Bindings, substitute } from "./lib/execline/substitute.ts";
export { netstrings, toNetstrings, type Transform, transform } from "./lib/execline/transform.ts";

export { parseScript, type Script } from "./lib/log/directive.ts";

export {
  SCANNER_COMMANDS,
  type ScannerCommand,
  SERVICE_COMMANDS,
  type ServiceCommand,
} from "./lib/supervise/control.ts";
export { type DeathRecord, decodeDeaths, encodeDeath } from "./lib/supervise/death_tally.ts";
export {
  type Effect,
  newService,
  type Service,
  type ServiceEvent,
  type ServiceState,
} from "./lib/supervise/service.ts";
export { decodeStatus, encodeStatus, isUp, type Status } from "./lib/supervise/status.ts";
export { serviceTransition, type TransitionRow, transitionRows } from "./lib/supervise/transition.ts";

export { type Owner, parseRule, resolveOwner, type Rule } from "./lib/overlay/attributes/attribute_rule.ts";
export { type SettingName, SETTINGS, Settings } from "./lib/overlay/settings.ts";
