// s6-overlay-prepare: what process 1 has a child do, because it touches files that users name, or that lie on a file system
// which may not answer.

import type { ByteString } from "../../lib/bytes.ts";
import { withLineEnds } from "../../lib/overlay/boot/command.ts";
import { type Task, TASKS_PROGRAM } from "../../lib/overlay/boot/elsewhere.ts";
import { applyDirectory } from "../../lib/overlay/attributes/fix_attrs_directory.ts";
import { expanded } from "../../lib/overlay/boot/hook.ts";
import { logCredentials } from "../../lib/overlay/logging/log_account.ts";
import { provideLogDirectory } from "../../lib/overlay/logging/log_directory.ts";
import { MOST_ACCOUNT_BYTES } from "../../lib/overlay/own_files.ts";
import { PATHS } from "../../lib/overlay/paths.ts";
import {
  holdUserDirectory,
  LISTING,
  listingOf,
  type UserDirectory,
  visibleEntries,
  withHeld,
} from "../../lib/overlay/boot/user_directories.ts";
import { makeAvailable } from "../../lib/overlay/boot/user_files.ts";
import { ensureModes } from "../../lib/overlay/boot/user_modes.ts";
import { provideServices } from "../../lib/overlay/boot/user_services.ts";
import { invalid } from "../../lib/report.ts";
import { type Applet, type Outcome, utility } from "../applet.ts";
import { NO_OPTIONS } from "../getopt.ts";
import { TaskWork, toEnd } from "./task_work.ts";

export const prepare: Applet = utility({
  name: TASKS_PROGRAM,
  usage: "task [ word... ]",
  summary: "do something for process 1 that it must not be held up by",
  notes: [
    "Process 1 starts it, and nobody else has a use for it: it applies fix-attrs.d, expands the patterns of the stage 2 " +
    "hook, and looks at the user's files where they are on other file systems than the root. In generation 3 s6-rc has " +
    "it take the steps fix-attrs, legacy-cont-init and legacy-services.",
  ],
  exits: { 1: "what was to be done has failed, which was told" },
  options: NO_OPTIONS,
  least: 1,
  run: (context, { args: [task = "", ...words] }) => {
    const run = Object.hasOwn(TASKS, task) ? TASKS[task as Task] : undefined;
    if (run === undefined) throw invalid(`there is no task ${task}`);
    return run(new TaskWork(context), words);
  },
});

const TASKS: Readonly<Record<Task, (work: TaskWork, words: readonly ByteString[]) => Outcome | Promise<Outcome>>> = {
  "list": ({ os }, [directory]) => {
    os.replaceFile(`${PATHS.state}/${LISTING}`, listingOf(visibleEntries(os, directory as UserDirectory)), 0o600);
    return 0;
  },
  "provide": ({ os, report }, [source = "", how]) => {
    toEnd(makeAvailable(os, source, how === "copy", report));
    return 0;
  },
  "modes": ({ os, report }) => {
    ensureModes(os, report);
    return 0;
  },
  "services": ({ os, report }, [source = "", ...names]) => {
    const held = holdUserDirectory(os, "services.d");
    if (held === undefined) return 1;
    withHeld(os, held, () => toEnd(provideServices(os, held, `${source}/services.d`, names, report)));
    return 0;
  },
  "fix-attrs": ({ os, context, report }, [which, tells, ...names]) => {
    const print = (text: ByteString): void => tells === "quietly" ? undefined : context.print(text);
    applyDirectory({ os, door: os.door, print, report }, names, which === "all");
    return 0;
  },
  "hook": ({ os, context }, words) => context.image.run(expanded(os, words)),
  "command": ({ os, context, report }, words) => withLineEnds(os, context.image.run(words), report),
  "first-words": ({ os, context, report }, [count, ...words]) => {
    const first = expanded(os, words.slice(0, Number(count)));
    return withLineEnds(os, context.image.run([...first, ...words.slice(Number(count))]), report);
  },
  "compile": async ({ context, report }, [sources = "", bundles = "", verbosity]) => {
    const { compileServices } = await import("./compile_services.ts");
    return compileServices(context, report, { sources, bundles }, Number(verbosity));
  },
  "step": async (work, [name = "", move = ""]) => {
    const { takeStep } = await import("./later_steps.ts");
    return await takeStep(work, name, move);
  },
  "log-directory": ({ os }, [account = ""]) => {
    const accounts = { readFile: (path: ByteString): ByteString => os.door.readWhole(path, MOST_ACCOUNT_BYTES) };
    provideLogDirectory(os, logCredentials(accounts, account));
    return 0;
  },
};
