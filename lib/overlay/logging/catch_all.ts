// The catch-all logger: the fifo that all processes print to, the directory it is logged in, the service in between.
// What an earlier run has logged stays, and s6-log goes on from there.

import type { ByteString } from "../../bytes.ts";
import { durationInWords } from "../durations.ts";
import type { Credentials } from "../../os/operands.ts";
import type { Os, Reactor } from "../../os/os.ts";
import { about, EXIT, Failure } from "../../report.ts";
import { CATCH_ALL } from "../../supervise/scan.ts";
import type { Scanner } from "../../supervise/scanner_port.ts";
import { type RemovePorts, removeTree } from "../../tree.ts";
import { exitCode, killedBy } from "../../wait_status.ts";
import { isElsewhere, taskCommand } from "../boot/elsewhere.ts";
import { LOG_USER } from "./log_account.ts";
import { type LogDirectoryOs, provideLogDirectory } from "./log_directory.ts";
import { PATHS } from "../paths.ts";
import { type Steps, within } from "../steps.ts";

export type PrepareOs =
  & RemovePorts
  & LogDirectoryOs
  & Pick<Os, "makeDirectory" | "makeFifo" | "chmod" | "writeFile" | "credentials">;

/** The user of the logger. */
export interface LogAccount {
  readonly name: ByteString;
  /** Undefined where a child has to look: the accounts are on another file system. */
  readonly credentials: Credentials | undefined;
}

/** How long a logger may take to be ready before the container goes on without it, in milliseconds. */
const READY_WITHIN = 10_000;
const NOTIFICATION_FD = 3;

/**
 * Makes what the logger needs. Where its directory is on another file system than the root, the logger makes that itself.
 * @throws OsError or Failure if it cannot be made
 */
export function prepareCatchAll(os: PrepareOs, { name, credentials }: LogAccount): void {
  const { uid } = os.credentials();
  if (uid !== 0) throw new Failure(EXIT.system, `only root can start it as ${name}, and this is user ${uid}`);
  const isPrepared = about("prepare", PATHS.uncaughtLogs, () => isProvided(os, credentials));
  removeTree(os, PATHS.uncaughtLogsFifo);
  os.makeFifo(PATHS.uncaughtLogsFifo, 0o600);
  const service = `${PATHS.services}/${CATCH_ALL}`;
  os.makeDirectory(service, 0o755);
  os.writeFile(`${service}/notification-fd`, `${NOTIFICATION_FD}\n`, 0o644);
  os.writeFile(`${service}/run`, loggerRunScript(name, isPrepared), 0o755);
  os.chmod(`${service}/run`, 0o755);
}

function isProvided(os: PrepareOs, credentials: Credentials | undefined): boolean {
  if (credentials === undefined) return false;
  try {
    provideLogDirectory(os, credentials);
    return true;
  } catch (error) {
    if (isElsewhere(error)) return false;
    throw error;
  }
}

/** The logger's run script. */
export function loggerRunScript(account: ByteString, isPrepared = true): ByteString {
  const user = account === LOG_USER ? "" : `-u ${quoted(account)} `;
  const preparation = isPrepared ? "" : `if { ${taskCommand("log-directory", [quoted(account)]).join(" ")} }\n`;
  return `#!/command/execlineb -P\n${preparation}` +
    `logutil-service -d ${NOTIFICATION_FD} ${user}-f ${PATHS.uncaughtLogsFifo} ${PATHS.uncaughtLogs}\n`;
}

function quoted(word: ByteString): ByteString {
  return /^[A-Za-z0-9_.-]+$/.test(word) ? word : `"${word.replace(/[\\"]/g, "\\$&")}"`;
}

/** How the logger tells that it reads: an image's own may have no notification-fd, and counts when it is up. */
export type LoggerSign = "ready" | "up";

/** The sign of the logger in the scan directory. */
export function loggerSign(os: Pick<Os, "find">): LoggerSign {
  return os.find(`${PATHS.services}/${CATCH_ALL}/notification-fd`) === undefined ? "up" : "ready";
}

/** Waits until the logger reads. Returns why it is not, or undefined if it is. */
export function* awaitLogger(
  { scanner, reactor, sign = "ready" }: {
    readonly scanner: Pick<Scanner, "when" | "services">;
    readonly reactor: Pick<Reactor, "after">;
    readonly sign?: LoggerSign;
  },
): Steps<string | undefined> {
  yield* within(reactor, READY_WITHIN, (arrived) => {
    const cancels = [scanner.when(sign, arrived, [CATCH_ALL])];
    // Down again: this attempt has failed, and the next would fare no better.
    const died = (): void => void cancels.push(scanner.when("down", arrived, [CATCH_ALL]));
    cancels.push(scanner.when("up", died, [CATCH_ALL]));
    return () => cancels.forEach((cancel) => cancel());
  });
  const logger = scanner.services().find(({ name }) => name === CATCH_ALL);
  if (logger?.up && (logger.ready || sign === "up")) return undefined;
  if (logger === undefined || logger.up || logger.lastStatus === 0) {
    return `it was not ready after ${durationInWords(READY_WITHIN)}`;
  }
  const code = exitCode(logger.lastStatus);
  return code === undefined ? `signal ${killedBy(logger.lastStatus)} killed it` : `it exited ${code}, as it says above`;
}

/** Takes a logger that has failed out of the supervision tree. */
export function dismissLogger(
  os: RemovePorts & Pick<Os, "rename">,
  scanner: Pick<Scanner, "rescan" | "prune">,
): void {
  // The scanner does not see it, but its supervisor does, which has yet to end.
  os.rename(`${PATHS.services}/${CATCH_ALL}`, `${PATHS.services}/.${CATCH_ALL}`);
  scanner.rescan();
  scanner.prune(true);
  removeTree(os, PATHS.uncaughtLogsFifo);
}
