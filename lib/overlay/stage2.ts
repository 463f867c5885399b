// Stage 2: the user's files, fix-attrs.d, cont-init.d, services.d, and the container's command. One sequence from top
// to bottom, in process 1 itself; only scripts and the command are processes of their own. Console lines as in v2.

import type { ByteString } from "../bytes.ts";
import type { Environment } from "../environment.ts";
import { readHead } from "../image/search.ts";
import { ProcessImage } from "../image/image.ts";
import { baseName, candidates } from "../image/locate.ts";
import type { Os, Reactor } from "../os/os.ts";
import { EXIT, textOf } from "../report.ts";
import type { Scanner } from "../supervise/scanner.ts";
import type { Console } from "./console.ts";
import { storedEnvironment } from "./contenv.ts";
import { applyRules } from "./fix_attrs.ts";
import { convertLineEnds, hasForeignLineEnds } from "./line_ends.ts";
import { runHook } from "./hook.ts";
import { PATHS } from "./paths.ts";
import { recordedCode, runScript, type ScriptPorts } from "./scripts.ts";
import { commandVariables, type Settings } from "./settings.ts";
import type { Printer } from "./outputs.ts";
import { stage2Environment } from "./stage1.ts";
import { type Steps, until, within } from "./steps.ts";
import { ensureModes, entries, makeAvailable, provideServices, userDirectory, type UserFilesOs } from "./user_files.ts";

export interface Stage2Ports extends ScriptPorts {
  readonly os:
    & UserFilesOs
    & Parameters<typeof applyRules>[0]
    & Pick<Os, "kill" | "readFile" | "isTerminal">;
  readonly reactor: Pick<Reactor, "after">;
  readonly scanner: Pick<Scanner, "rescan" | "when" | "services">;
  readonly settings: Settings;
  readonly out: Printer;
  /** The container's own output, whatever is logged. */
  readonly container: Pick<Console, "write">;
  /** How much is logged. */
  readonly logging: number;
  /** For the container's command, which prints where it is said to. */
  readonly commandPorts: Pick<ScriptPorts, "start" | "complain">;
  /** Notes how stage 2 ended. */
  readonly record: (code: number) => void;
  /** The environment of the supervision tree. */
  readonly tree: Environment;
  /** The container's environment, where it is kept instead of stored. */
  readonly kept: Environment | undefined;
}

/** "idle": the container lives on its services. "stop": it is to be stopped. */
export type Stage2Result = "idle" | "stop";

/** @param command the container's command; it may be empty */
export function* stage2(ports: Stage2Ports, command: readonly ByteString[]): Steps<Stage2Result> {
  const { settings, container } = ports;
  const behaviour = settings.get("behaviourIfStage2Fails");
  const words = [...firstWords(settings), ...command];
  const hookCode = yield* runHook(ports);
  if (hookCode !== 0 && behaviour >= 2) {
    ports.record(hookCode);
    return "stop";
  }
  let failed = hookCode !== 0;
  for (const step of [provideFiles, fixAttributes, initialize, startServices]) {
    if (yield* step(ports, words, behaviour)) continue;
    failed = true;
    if (behaviour < 2) continue;
    ports.record(1);
    return "stop";
  }
  if (failed && behaviour === 1) container.write("\n!!!!!\n init-stage2 failed.\n!!!!!\n");
  if (words.length === 0) return "idle";
  yield* runCommand(ports, words);
  return "stop";
}

function firstWords(settings: Settings): ByteString[] {
  return settings.get("commandFirstWords").split("\n").filter((word) => word !== "");
}

// The parts of stage 2: each tells if it succeeded.

// deno-lint-ignore require-yield
function* provideFiles({ os, out, settings, complain }: Stage2Ports): Steps<boolean> {
  out.write(`[s6-init] making user provided files available at ${PATHS.userFiles}...`);
  let code = 0;
  try {
    makeAvailable(os, sourceOf(settings), settings.get("readOnlyRoot"), complain);
  } catch (error) {
    complain(`s6-init: fatal: ${textOf(error)}`);
    code = 1;
  }
  out.line(`exited ${code}.`);
  if (code !== 0) return false;
  out.write("[s6-init] ensuring user provided files have correct perms...");
  ensureModes(os, complain);
  out.line("exited 0.");
  return true;
}

/** Where the user has his directories. */
function sourceOf(settings: Settings): ByteString {
  const profile = settings.get("runtimeProfile");
  return profile === "" ? "/etc" : `/etc/cont-profile.d/${profile}`;
}

function* fixAttributes({ os, out, settings, complain, reactor }: Stage2Ports): Steps<boolean> {
  const names = entries(os, "fix-attrs.d");
  if (names === undefined) return true;
  out.line("[fix-attrs.d] applying ownership & permissions fixes...");
  for (const name of names) {
    out.line(`[fix-attrs.d] ${name}: applying... `);
    let code = 1;
    try {
      const text = os.readFile(`${userDirectory("fix-attrs.d")}/${name}`);
      const report = (line: ByteString): void => complain(`fix-attrs: warning: ${name}: ${line}`);
      const work = applyRules(os, text, { hidden: settings.get("fixHiddenAttributes"), report });
      let next = work.next();
      for (; !next.done; next = work.next()) yield* until<void>((resume) => reactor.after(0, resume));
      code = next.value;
    } catch (error) {
      complain(`fix-attrs: fatal: ${textOf(error)}`);
    }
    out.line(`[fix-attrs.d] ${name}: exited ${code}.`);
  }
  out.line("[fix-attrs.d] done.");
  return true;
}

function* initialize(ports: Stage2Ports, _command: readonly ByteString[], behaviour: number): Steps<boolean> {
  const { os, out, tree } = ports;
  const names = entries(os, "cont-init.d");
  if (names === undefined) return true;
  out.line("[cont-init.d] executing container initialization scripts...");
  let succeeded = true;
  for (const name of names) {
    out.line(`[cont-init.d] ${name}: executing... `);
    const script = ProcessImage.of([`${userDirectory("cont-init.d")}/${name}`], stage2Environment(os, tree));
    const ending = yield* runScript(ports, `cont-init.d/${name}`, script.insisting());
    // v2 calls every script that cannot be executed 127, whatever the reason.
    const code = ending.kind === "not started" ? EXIT.notFound : recordedCode(ending);
    out.line(`[cont-init.d] ${name}: exited ${code}.`);
    if (code === 0) continue;
    succeeded = false;
    if (behaviour >= 2) return false;
  }
  out.line("[cont-init.d] done.");
  return succeeded;
}

function* startServices(ports: Stage2Ports, command: readonly ByteString[]): Steps<boolean> {
  const { os, out, scanner, complain } = ports;
  const names = entries(os, "services.d");
  if (names === undefined) return true;
  out.line("[services.d] starting services");
  const services = names.filter((name) => os.find(`${userDirectory("services.d")}/${name}`)?.kind === "directory");
  provideServices(os, sourceOf(ports.settings), services, complain);
  // Where the command does not wait, "done" says that the scan was asked for: it comes before what services print.
  const waits = command.length > 0 && ports.settings.get("commandWaitsForServices");
  if (!waits) out.line("[services.d] done.");
  scanner.rescan();
  if (!waits) return true;
  if (!(yield* waitForServices(ports, services))) return false;
  out.line("[services.d] done.");
  return true;
}

function* waitForServices(ports: Stage2Ports, services: readonly ByteString[]): Steps<boolean> {
  const { os, scanner, settings, reactor, complain } = ports;
  const limit = settings.get("commandWaitMaximumTime");
  const wanted = services.filter((name) => os.find(`${PATHS.services}/${name}/down`) === undefined);
  const notifying = wanted.filter((name) => os.find(`${PATHS.services}/${name}/notification-fd`) !== undefined);
  const others = wanted.filter((name) => !notifying.includes(name));
  const arrived = yield* within(reactor, limit, (arrived) => {
    let left = 2;
    const one = (): void => void (--left === 0 && arrived());
    const waits = [scanner.when("ready", one, notifying), scanner.when("up", one, others)];
    return () => waits.forEach((cancel) => cancel());
  });
  if (!arrived) {
    complain(`s6-svwait: fatal: timed out after ${limit} ms waiting for ${late(scanner, wanted).join(", ")}`);
  }
  return arrived;
}

function late(scanner: Pick<Scanner, "services">, wanted: readonly ByteString[]): ByteString[] {
  return wanted.filter((name) => !scanner.services().some((service) => service.name === name && service.ready));
}

function* runCommand(ports: Stage2Ports, words: readonly ByteString[]): Steps<void> {
  const { os, out, kept, logging, commandPorts } = ports;
  const environment = (kept ?? storedEnvironment(os)).with(commandVariables(logging));
  const command = withLineEnds(ports, ProcessImage.of(words, environment));
  const group = command.step({ do: "group", by: "s6-overlay", group: 0 });
  const image = os.isTerminal(0) ? group.step({ do: "foreground", by: "s6-overlay", fd: 0 }) : group;
  const code = recordedCode(yield* runScript({ ...ports, ...commandPorts }, "s6-overlay", image));
  out.line(`[cmd] ${words[0]} exited ${code}`);
  ports.record(code);
}

/** The image of the command; that of a copy, if it is a script with the line ends of another system. */
function withLineEnds({ os, complain }: Stage2Ports, image: ProcessImage): ProcessImage {
  const paths = candidates(image.argv[0]!, image.environment.get("PATH"));
  const path = paths.find((path) => os.find(path)?.kind === "file" && os.mayExecute(path));
  if (path === undefined || !hasForeignLineEnds(readHead(os, path))) return image;
  const copy = `${PATHS.userFiles}/command/${baseName(path)}`;
  try {
    os.makeDirectory(`${PATHS.userFiles}/command`, 0o755);
    convertLineEnds(os, path, copy, path, complain);
    return image.run(image.argv, copy).insisting();
  } catch (error) {
    complain(`s6-init: warning: ${textOf(error)}`);
    return image;
  }
}
