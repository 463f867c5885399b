// S6_STAGE2_HOOK, from generation 3: a command that an image may run first of all in stage 2, before the user's files
// are read, so that it can still change them.

import type { ByteString } from "../../bytes.ts";
import type { Environment } from "../../environment.ts";
import { glob, isPattern } from "../../glob.ts";
import { ProcessImage } from "../../image/image.ts";
import type { Os } from "../../os/os.ts";
import { taskCommand } from "./elsewhere.ts";
import type { Level } from "../../reporter.ts";
import { recordedCode, runScript, type ScriptPorts } from "../scripts.ts";
import type { Settings } from "../settings.ts";
import type { Steps } from "../steps.ts";

interface HookPorts extends ScriptPorts {
  readonly settings: Pick<Settings, "get">;
}

/** The lines are those of generation 3, as the setting is. */
function levelOf(code: number, behaviour: number): Level {
  if (code === 0) return "info";
  return behaviour >= 2 ? "fatal" : "warning";
}

/** Runs the hook, if there is one. Returns its exit code, or what stands for it. */
export function* runHook(ports: HookPorts, environment: () => Environment): Steps<number> {
  const { report, settings } = ports;
  const hook = settings.get("stage2Hook");
  const words = hookCommand(hook);
  if (words.length === 0) return 0;
  const image = ProcessImage.of(words, environment());
  const code = recordedCode(yield* runScript(ports, "s6-init", image));
  report(levelOf(code, settings.get("behaviourIfStage2Fails")), "s6-init", `hook ${hook} exited ${code}`);
  return code;
}

/**
 * One simple command, as the original has it: split at whitespace, file name patterns expanded, and nothing else. Patterns lead
 * through any directory on any file system, so that a child expands them before it becomes the command.
 */
export function hookCommand(hook: ByteString): ByteString[] {
  const words = hook.split(/[ \t\n]+/).filter((word) => word !== "");
  return words.some((word) => isPattern(word)) ? taskCommand("hook", words) : words;
}

/** The words with patterns expanded; one that matches nothing stays. */
export function expanded(os: Pick<Os, "listDirectory" | "lstat">, words: readonly ByteString[]): ByteString[] {
  const ports = {
    listDirectory: (path: ByteString): ByteString[] => os.listDirectory(path),
    exists: (path: ByteString): boolean => os.lstat(path) !== undefined,
  };
  return words.flatMap((word) => {
    const paths = isPattern(word) ? glob(ports, word, { sort: true }) : [];
    return paths.length === 0 ? [word] : paths;
  });
}
