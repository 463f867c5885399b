// The steps of generation 2 as s6-rc has them taken in a running container of generation 3, by the oneshot runner: where a boot
// has come to its end before one of them, they go on from there. Lines, settings and outcome are those of the boot.

import type { ByteString } from "../../lib/bytes.ts";
import { ProcessImage } from "../../lib/image/image.ts";
import { applyDirectory } from "../../lib/overlay/attributes/fix_attrs_directory.ts";
import { sourceOf } from "../../lib/overlay/boot/profile.ts";
import { stage2Environment } from "../../lib/overlay/boot/stage1.ts";
import { scriptPath, type UserDirectory, visibleEntries } from "../../lib/overlay/boot/user_directories.ts";
import { makeAvailable } from "../../lib/overlay/boot/user_files.ts";
import { ensureModes } from "../../lib/overlay/boot/user_modes.ts";
import { settingsOf } from "../../lib/overlay/contenv.ts";
import { PATHS } from "../../lib/overlay/paths.ts";
import { STEPS } from "../../lib/overlay/rc/built_in_definitions.ts";
import { judgeFailure, shownPath } from "../../lib/overlay/rc/own_steps.ts";
import { exited, recordedCode, type ScriptEnd } from "../../lib/overlay/scripts.ts";
import { upTo } from "../../lib/overlay/verbosity.ts";
import { exitCodeOf, ifThere, invalid, textOf } from "../../lib/report.ts";
import { SIGNAL } from "../../lib/signals.ts";
import type { Context } from "../applet.ts";
import { runWithin } from "../time_limit.ts";
import type { LaterWork } from "./later_work.ts";
import { startLegacyServices, stopLegacyServices } from "./legacy_services.ts";
import { type TaskWork, toEnd } from "./task_work.ts";

type Step = (work: LaterWork) => boolean | Promise<boolean>;

const MOVES: Readonly<Record<string, Readonly<Record<string, Step>>>> = {
  [STEPS.fixAttributes]: { up: fixAttributes },
  [STEPS.initialize]: { up: initialize, down: finalize },
  [STEPS.services]: {
    up: async (work) => {
      // What is wrong with scripts was told when they were to run; of services a start tells it.
      renewUserFiles({ ...work, report: () => {} });
      return await startLegacyServices(work);
    },
    down: stopLegacyServices,
  },
};

/** @returns the exit code: 1 if the step has failed, which was told where the settings say so */
export async function takeStep({ context, os, report }: TaskWork, name: ByteString, move: ByteString): Promise<number> {
  const take = MOVES[name]?.[move];
  if (take === undefined) throw invalid(`there is no step ${name} ${move}`);
  const settings = settingsOf(context.os, context.image.environment, (text) => context.warn(text));
  return await take({ context, os, settings, report: upTo(settings.get("verbosity"), report) }) ? 0 : 1;
}

/** As they are now: what the boot had found wrong may have been put right since. */
function renewUserFiles({ os, settings, report }: LaterWork): void {
  toEnd(makeAvailable(os, sourceOf(settings), settings.get("readOnlyRoot"), report));
  ensureModes(os, report);
}

function fixAttributes(work: LaterWork): boolean {
  renewUserFiles(work);
  const { os, settings, report } = work;
  const names = visibleEntries(os, "fix-attrs.d") ?? [];
  for (const name of names) report("info", STEPS.fixAttributes, `applying ${shownPath(work, "fix-attrs.d", name)}`);
  applyDirectory({ os, door: os.door, print: () => {}, report }, names, settings.get("fixHiddenAttributes"));
  return true;
}

function initialize(work: LaterWork): boolean {
  renewUserFiles(work);
  const { context, report, settings } = work;
  ifThere(() => context.os.unlink(PATHS.finished));
  const codes = runScripts(work, "cont-init.d", "cont-init", 0);
  return codes.every((code) => code === 0) ||
    judgeFailure({ report }, "cont-init", "some scripts exited nonzero", settings.get("behaviourIfStage2Fails"));
}

/** Once: at its end the container runs what has not been run by then. */
function finalize(work: LaterWork): boolean {
  const { os } = work.context;
  if (os.find(PATHS.finished) !== undefined) return true;
  os.writeFile(PATHS.finished, "");
  runScripts(work, "cont-finish.d", "cont-finish", work.settings.get("killFinishMaximumTime"));
  return true;
}

/**
 * All of them, whatever comes of one.
 * @param limit milliseconds until one is killed, 0 for none
 * @returns their exit codes
 */
function runScripts(
  work: LaterWork,
  directory: UserDirectory,
  subject: string,
  limit: number,
): readonly number[] {
  const { context, os, report } = work;
  const environment = stage2Environment(os, os, context.image.environment, report)
    .with([["RC_NAME", STEPS.initialize]]);
  const codes = [];
  for (const name of visibleEntries(os, directory) ?? []) {
    const path = shownPath(work, directory, name);
    report("info", subject, `running ${path}`);
    const script = ProcessImage.of([scriptPath(os, directory, name)], environment).insisting();
    const ending = endOf(context, script, limit, (text) => report("fatal", `${directory}/${name}`, text));
    const code = recordedCode(ending);
    report("info", subject, `${path} ${exited(ending, code)}`);
    codes.push(code);
  }
  return codes;
}

function endOf(
  context: Context,
  script: ProcessImage,
  limit: number,
  failed: (text: ByteString) => void,
): ScriptEnd {
  try {
    const status = runWithin(context, () => context.spawn(script), limit, SIGNAL.KILL);
    return status === undefined ? { kind: "overtime" } : { kind: "ended", status };
  } catch (error) {
    failed(textOf(error));
    return { kind: "not started", code: exitCodeOf(error) };
  }
}
