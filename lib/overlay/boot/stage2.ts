// Stage 2: the user's files, fix-attrs.d, cont-init.d, services.d, and the container's command. One sequence from top
// to bottom, in process 1 itself; only scripts and the command are processes of their own. Console lines as in v2.

import type { ByteString } from "../../bytes.ts";
import { durationInWords } from "../durations.ts";
import type { Environment } from "../../environment.ts";
import { ProcessImage } from "../../image/image.ts";
import type { Os, Reactor, WritingDoor } from "../../os/os.ts";
import { EXIT } from "../../report.ts";
import { warningsOf } from "../../reporter.ts";
import type { Scanner } from "../../supervise/scanner_port.ts";
import type { Console } from "../logging/console.ts";
import { type CommandOs, withLineEnds } from "./command.ts";
import { haveDone, isElsewhere, taskCommand } from "./elsewhere.ts";
import type { EnvironmentStore } from "../environment_store.ts";
import { runHook } from "./hook.ts";
import { tellOfChangedStages } from "./ignored.ts";
import type { BootEnd } from "../life.ts";
import { imageFiles, ownFiles } from "../own_files.ts";
import { PATHS } from "../paths.ts";
import { disableWhereSaid } from "./enabling.ts";
import { hasEntry, provideModes, provideUserFiles, provideUserServices } from "./provide.ts";
import { notServing, servesWhen, whenServing } from "./serving.ts";
import { generationOf } from "../rc/generation.ts";
import { exited, recordedCode, runScript, type ScriptEnd, type ScriptPorts } from "../scripts.ts";
import type { Settings } from "../settings.ts";
import { commandVariables } from "../variable_names.ts";
import type { Printer } from "../logging/outputs.ts";
import { sourceOf, tellOfMissingProfile } from "./profile.ts";
import { stage2Environment } from "./stage1.ts";
import { type Steps, within } from "../steps.ts";
import { entries, scriptPath } from "./user_directories.ts";
import type { UserFilesOs } from "./user_files.ts";

export interface Stage2Ports extends ScriptPorts {
  readonly os: UserFilesOs & CommandOs & Pick<Os, "kill" | "isTerminal" | "actualPath"> & {
    readonly door: WritingDoor;
  };
  readonly reactor: Pick<Reactor, "after">;
  readonly scanner: Pick<Scanner, "rescan" | "when" | "services">;
  readonly settings: Settings;
  readonly out: Printer;
  /** What is done is printed there. */
  readonly tells: boolean;
  /** The container's own output, whatever is logged. */
  readonly container: Pick<Console, "write">;
  /** Learns which services are waited for, for at most this many milliseconds (0: without limit); undefined: none. */
  readonly awaits: (services: readonly ByteString[] | undefined, limit: number) => void;
  /** How much is logged. */
  readonly logging: number;
  /** For the container's command, which prints where it is said to. */
  readonly commandPorts: Pick<ScriptPorts, "start" | "report">;
  /** The environment of the supervision tree. */
  readonly tree: Environment;
  readonly store: Pick<EnvironmentStore, "read">;
  /** The container's environment, where it is kept instead of stored. */
  readonly kept: Environment | undefined;
  /** The boot of an image of generation 3, behind the hook. */
  readonly bootLater: (failed: boolean) => Steps<BootEnd>;
}

/** The words of the container's command; there may be none. */
export function commandWords(settings: Settings, given: readonly ByteString[]): readonly ByteString[] {
  return [...firstWords(settings), ...given];
}

/**
 * Everything up to the command, and how that has ended.
 * @param command the words of the command
 */
export function* bootContainer(ports: Stage2Ports, command: readonly ByteString[]): Steps<BootEnd> {
  const { settings, container } = ports;
  const behaviour = settings.get("behaviourIfStage2Fails");
  tellOfChangedStages(ports.os, ports.report);
  const hookCode = yield* runHook(ports, () => environmentOf(ports));
  if (hookCode !== 0 && behaviour >= 2) return { on: "bootFailed", code: hookCode };
  let failed = hookCode !== 0;
  if (generationOf(ports.os, settings, ports.report) === 3) return yield* ports.bootLater(failed);
  for (const step of [provideFiles, fixAttributes, initialize, startServices]) {
    if (yield* step(ports, command, behaviour)) continue;
    failed = true;
    if (behaviour >= 2) return { on: "bootFailed", code: 1 };
  }
  if (failed && behaviour === 1) container.write("\n!!!!!\n init-stage2 failed.\n!!!!!\n");
  const recorded = behaviour === 0 ? undefined : Number(failed);
  return { on: command.length === 0 ? "noCommand" : "commandDue", recorded };
}

function firstWords(settings: Settings): ByteString[] {
  return settings.get("commandFirstWords").split("\n").filter((word) => word !== "");
}

/** The environment of what stage 2 runs, but for the command. */
export function environmentOf({ os, tree, report }: Stage2Ports): Environment {
  return stage2Environment(ownFiles(os), imageFiles(os), tree, report);
}

// The parts of stage 2: each tells if it succeeded.

function* provideFiles(ports: Stage2Ports): Steps<boolean> {
  const { out, settings } = ports;
  tellOfMissingProfile(ports.os, settings, ports.report);
  out.write(`[s6-init] making user provided files available at ${PATHS.userFiles}...`);
  const isThere = yield* provideUserFiles(ports, sourceOf(settings), settings.get("readOnlyRoot"));
  out.line(`exited ${isThere ? 0 : 1}.`);
  if (!isThere) return false;
  out.write("[s6-init] ensuring user provided files have correct perms...");
  yield* provideModes(ports);
  out.line("exited 0.");
  return true;
}

function* fixAttributes(ports: Stage2Ports): Steps<boolean> {
  const { out, settings, tree } = ports;
  const names = yield* entries(ports, "fix-attrs.d");
  if (names === undefined) return true;
  out.line("[fix-attrs.d] applying ownership & permissions fixes...");
  // Rules name any path on any file system: a child goes there, and prints a line for each of them.
  const hidden = settings.get("fixHiddenAttributes") ? "all" : "visible";
  const words = [hidden, ports.tells ? "aloud" : "quietly", ...names];
  if (names.length > 0) yield* haveDone(ports, "fix-attrs.d", "fix-attrs", words, tree);
  out.line("[fix-attrs.d] done.");
  return true;
}

function* initialize(ports: Stage2Ports, _command: readonly ByteString[], behaviour: number): Steps<boolean> {
  const { out } = ports;
  const names = yield* entries(ports, "cont-init.d");
  if (names === undefined) return true;
  out.line("[cont-init.d] executing container initialization scripts...");
  let succeeded = true;
  for (const name of names) {
    out.line(`[cont-init.d] ${name}: executing... `);
    const script = ProcessImage.of([scriptPath(ports.os, "cont-init.d", name)], environmentOf(ports));
    const ending = yield* runScript(ports, `cont-init.d/${name}`, script.insisting());
    // v2 calls every script that cannot be executed 127, whatever the reason.
    const code = ending.kind === "not started" ? EXIT.notFound : recordedCode(ending);
    out.line(`[cont-init.d] ${name}: ${exited(ending, code)}.`);
    if (code === 0) continue;
    succeeded = false;
    if (behaviour >= 2) return false;
  }
  out.line("[cont-init.d] done.");
  return succeeded;
}

function* startServices(ports: Stage2Ports, command: readonly ByteString[]): Steps<boolean> {
  const { out, scanner, settings } = ports;
  const names = yield* entries(ports, "services.d");
  if (names === undefined) return true;
  out.line("[services.d] starting services");
  const services = yield* provideUserServices(ports, sourceOf(settings), names);
  yield* disableWhereSaid(ports, services);
  // Where the command does not wait, "done" says that the scan was asked for: it comes before what services print.
  const waits = command.length > 0 && settings.get("commandWaitsForServices");
  if (!waits) out.line("[services.d] done.");
  scanner.rescan();
  if (!waits) return true;
  if (!(yield* waitForServices(ports, services))) return false;
  out.line("[services.d] done.");
  return true;
}

function* waitForServices(ports: Stage2Ports, services: readonly ByteString[]): Steps<boolean> {
  const { os, scanner, settings, reactor, report } = ports;
  const limit = settings.get("commandWaitMaximumTime");
  const wanted = services.filter((name) => !hasEntry(os, name, "down"));
  ports.awaits(wanted, limit);
  const arrived = yield* within(reactor, limit, (arrived) => whenServing(ports, wanted, arrived));
  ports.awaits(undefined, 0);
  if (!arrived) {
    const late = notServing(scanner.services(), wanted, (name) => servesWhen(os, name)).join(", ");
    report("fatal", "s6-svwait", `timed out after ${durationInWords(limit)} waiting for ${late}`);
  }
  return arrived;
}

/** Runs the command to its end: the code that is recorded of it. */
export function* runCommand(ports: Stage2Ports, words: readonly ByteString[]): Steps<number> {
  const { out, kept, logging, store, report } = ports;
  const environment = kept ?? store.read(warningsOf(report, "s6-init"));
  const image = ProcessImage.of(words, environment.with(commandVariables(logging)));
  const ending = yield* runInForeground(ports, commandImage(ports, image));
  const code = recordedCode(ending);
  out.line(`[cmd] ${words[0]} ${exited(ending, code)}`);
  return code;
}

/** Runs the command to its end, in a process group of its own; a terminal has that in the foreground. */
export function runInForeground(ports: Stage2Ports, command: ProcessImage): Steps<ScriptEnd> {
  const group = command.step({ do: "group", by: "s6-overlay", group: 0 });
  const image = ports.os.isTerminal(0) ? group.step({ do: "foreground", by: "s6-overlay", fd: 0 }) : group;
  return runScript({ ...ports, ...ports.commandPorts }, "s6-overlay", image);
}

/** The command, with the line ends of this system; a child that becomes it, where that is for a child to see to. */
export function commandImage({ os, report }: Stage2Ports, image: ProcessImage): ProcessImage {
  try {
    return withLineEnds(os, image, report);
  } catch (error) {
    if (!isElsewhere(error)) throw error;
    return image.run(taskCommand("command", image.argv));
  }
}
