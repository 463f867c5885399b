// Service directories: without run, with parameters that say nothing, with more in them than is started.

import type { ByteString } from "../../bytes.ts";
import { printable } from "../../printable.ts";
import { signalNumber } from "../../signals.ts";
import { LONGEST_TALLY } from "../../supervise/death_tally.ts";
import { notifyAccess } from "../../supervise/notify_protocol.ts";
import { NOTIFY_SOCKET, WATCHDOG } from "../../supervise/readiness_files.ts";
import { KILL_GROUP, PARAMETER_SIZE, parameterLine, parameterNumber } from "../../supervise/service_dir.ts";
import { COPY_LIMITS } from "../boot/copied_files.ts";
import { CONDITION_FORMS, LONGEST_CONDITIONS, parseConditions } from "../conditions.ts";
import { CONDITIONS_FILE } from "../conditions_file.ts";
import type { LintedImage, LintFault } from "./linted_image.ts";
import type { LintedService } from "./survey.ts";

type ServiceRule = (service: LintedService, image: LintedImage) => Iterable<LintFault>;

/** Names that run is given by mistake. */
const LIKE_RUN = /^\.?(?:run|start)(?:[._-]?(?:sh|bash|script|txt))?$/i;
const MOST_NAMES = 256;
/** Standard input, output and error are below. */
const FIRST_FREE = 3;
/** What engines have as the limit of open files, unless they are told otherwise. */
const USUAL_LIMIT = 1024;

function* noRun({ path, isLogger }: LintedService, { tree }: LintedImage): Generator<LintFault> {
  if (tree.entry(`${path}/run`) !== undefined) return;
  const like = tree.list(path, MOST_NAMES).find((name) => LIKE_RUN.test(name));
  const text = isLogger
    ? "has no run: what the service prints is read by nothing, and it waits when the pipe is full"
    : "has no run, which is what is started";
  const cure = like === undefined
    ? "put the program or a script there under that name, or remove the directory"
    : `rename ${like} to run`;
  yield { severity: "error", path, text, cure };
}

/** What a parameter file may say. */
interface Form {
  /** What is wrong with a line; undefined where nothing is. */
  readonly fault: (line: ByteString) => string | undefined;
  readonly cure: string;
}

const aNumber = (of: string): Form => ({
  fault: (line) => parameterNumber(line) === undefined ? `is not a number of ${of}, and is passed over` : undefined,
  cure: `write the number of ${of}, and nothing else`,
});
const aSignal: Form = {
  fault: (line) => signalNumber(line) === undefined ? "is not a signal, and is passed over" : undefined,
  cure: "write the name of a signal, as TERM or QUIT",
};
const aDescriptor: Form = {
  fault: (line) =>
    parameterNumber(line) === undefined ? "is not the number of a descriptor, and is passed over" : undefined,
  cure: "write the number of the descriptor, and nothing else",
};
const anAccess: Form = {
  fault: (line) => notifyAccess(line) === undefined ? "is neither main nor all, and is taken for main" : undefined,
  cure: "write main or all, or leave the file empty",
};

const PARAMETERS: Readonly<Record<string, Form>> = {
  "timeout-kill": aNumber("milliseconds"),
  "timeout-finish": aNumber("milliseconds"),
  "max-death-tally": aNumber("deaths"),
  "notification-fd": aDescriptor,
  "lock-fd": aDescriptor,
  "down-signal": aSignal,
  "reload-signal": aSignal,
  [NOTIFY_SOCKET]: anAccess,
  [WATCHDOG]: aNumber("milliseconds"),
};

function* parameters({ path: service }: LintedService, { tree }: LintedImage): Generator<LintFault> {
  for (const [name, form] of Object.entries(PARAMETERS)) {
    const path = `${service}/${name}`;
    const kind = tree.find(path)?.kind;
    if (kind === undefined) continue;
    if (kind !== "file") {
      yield {
        severity: "error",
        path,
        text: `is a ${kind}, and is passed over`,
        cure: "put a file there, or remove it",
      };
      continue;
    }
    const line = parameterLine(tree.readHead(path, PARAMETER_SIZE));
    const fault = form.fault(line);
    if (fault === undefined) continue;
    yield { severity: "error", path, line: 1, text: `"${printable(line)}" ${fault}`, cure: cureOf(line, form) };
  }
}

function cureOf(line: ByteString, form: Form): string {
  if (line.endsWith("\r")) return "convert its line ends, e.g. with dos2unix";
  const bare = line.trim();
  if (bare !== line && form.fault(bare) === undefined) return "write it without blanks";
  return form !== aSignal && /^[0-9]+$/.test(line) ? "write a smaller number" : form.cure;
}

function numberIn({ tree }: LintedImage, path: ByteString): number | undefined {
  return parameterNumber(parameterLine(tree.readHead(path, PARAMETER_SIZE)));
}

function* largestTally({ path: service }: LintedService, image: LintedImage): Generator<LintFault> {
  const path = `${service}/max-death-tally`;
  if ((numberIn(image, path) ?? 0) <= LONGEST_TALLY) return;
  const text = `more than ${LONGEST_TALLY} deaths are not remembered`;
  yield { severity: "warning", path, line: 1, text, cure: `write ${LONGEST_TALLY} or less` };
}

/** A rule for a descriptor that run is to find open. */
const descriptor = (name: string, use: string): ServiceRule =>
  function* ({ path: service }, image): Generator<LintFault> {
    const path = `${service}/${name}`;
    const fd = numberIn(image, path);
    if (fd === undefined) return;
    if (fd >= USUAL_LIMIT) {
      const text =
        `${fd} is beyond the limit of open files that is usual in containers, ${USUAL_LIMIT}: run is not started`;
      yield {
        severity: "warning",
        path,
        line: 1,
        text,
        cure: "take a small one, such as 3, and have run use the same",
      };
    }
    if (fd >= FIRST_FREE) return;
    const stream = ["standard input", "standard output", "standard error"][fd]!;
    const text = `${fd} is ${stream} of run, which is replaced by ${use}`;
    yield { severity: "error", path, line: 1, text, cure: "take 3 or more, and have run use the same" };
  };

function* sameDescriptor({ path: service }: LintedService, image: LintedImage): Generator<LintFault> {
  const fd = numberIn(image, `${service}/lock-fd`);
  if (fd === undefined || fd !== numberIn(image, `${service}/notification-fd`)) return;
  const text = "is the same as notification-fd, and the service is not started";
  yield { severity: "error", path: `${service}/lock-fd`, line: 1, text, cure: "take another number" };
}

function* watchdogAlone({ path: service }: LintedService, { tree }: LintedImage): Generator<LintFault> {
  const path = `${service}/${WATCHDOG}`;
  if (tree.find(path) === undefined || tree.find(`${service}/${NOTIFY_SOCKET}`) !== undefined) return;
  const text = "is passed over: without notify-socket beside it the service cannot tell that it is alive";
  yield { severity: "error", path, text, cure: `create ${NOTIFY_SOCKET}, or remove it` };
}

/** Conditions of which one is none. */
function* conditions({ path: service }: LintedService, { tree }: LintedImage): Generator<LintFault> {
  const path = `${service}/${CONDITIONS_FILE}`;
  if (tree.find(path)?.kind !== "file") return;
  const found = parseConditions(tree.readHead(path, LONGEST_CONDITIONS));
  if (!("wrong" in found)) return;
  yield { severity: "error", path, text: `"${found.wrong}" is no condition`, cure: `write ${CONDITION_FORMS}` };
}

const OVERLAY_DIRECTORY = "data/overlay";

function* unknownFile({ path: service }: LintedService, { tree }: LintedImage): Generator<LintFault> {
  const directory = `${service}/${OVERLAY_DIRECTORY}`;
  const known = [CONDITIONS_FILE, KILL_GROUP, NOTIFY_SOCKET, WATCHDOG].map((file) =>
    file.slice(OVERLAY_DIRECTORY.length + 1)
  );
  for (const name of tree.list(directory, MOST_NAMES)) {
    if (known.includes(name)) continue;
    const path = `${directory}/${name}`;
    yield { severity: "warning", path, text: "means nothing", cure: `what counts there is ${known.join(", ")}` };
  }
}

function* tooLarge({ path, isLogger }: LintedService, { tree }: LintedImage): Generator<LintFault> {
  // A logger is copied with its service, and of a link only the link.
  const isCopied = !isLogger && tree.entry(path)?.kind === "directory";
  const excess = isCopied ? tree.excess(path, COPY_LIMITS) : undefined;
  if (excess === undefined) return;
  const most = excess === "entries" ? `${COPY_LIMITS.entries} files` : `${COPY_LIMITS.bytes / 1024 / 1024} MiB`;
  const cure = "leave there what starts the service, and put the rest elsewhere in the image";
  yield { severity: "error", path, text: `has more than ${most}, and is not started`, cure };
}

function* notADirectory({ path: service, isLogger }: LintedService, { tree }: LintedImage): Generator<LintFault> {
  const path = `${service}/log`;
  const kind = isLogger ? undefined : tree.entry(path)?.kind;
  if (kind === undefined || tree.find(path)?.kind === "directory") return;
  const text = kind === "link"
    ? `is a link to ${tree.linkTarget(path)}, which is no directory: the service has no logger`
    : `is a ${kind}, and no logger: one is a directory with a run of its own`;
  yield { severity: "error", path, text, cure: "make it a directory, or remove it" };
}

/** Those for longruns of generation 3, too. */
export const LONGRUN_RULES: Readonly<Record<string, ServiceRule>> = {
  "notification-fd": descriptor("notification-fd", "the pipe on which it tells that it is ready"),
  "lock-fd": descriptor("lock-fd", "the lock"),
  "death-tally": largestTally,
  "watchdog": watchdogAlone,
  "overlay-file": unknownFile,
  "conditions": conditions,
};

export const SERVICE_RULES: Readonly<Record<string, ServiceRule>> = {
  ...LONGRUN_RULES,
  "no-run": noRun,
  "parameter": parameters,
  "same-descriptor": sameDescriptor,
  "too-large": tooLarge,
  "no-logger": notADirectory,
};
