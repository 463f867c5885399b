// The catch-all logger: the fifo that everybody prints to, the directory it is logged in, the service in between. What
// an earlier run has logged stays, and s6-log goes on from there.

import type { ByteString } from "../bytes.ts";
import type { Credentials, Os, Reactor } from "../os/os.ts";
import { about, EXIT, Failure, isErrno } from "../report.ts";
import { CATCH_ALL } from "../supervise/scan.ts";
import type { Scanner } from "../supervise/scanner.ts";
import { type RemovePorts, removeTree } from "../tree.ts";
import { exitCode, killedBy } from "../wait_status.ts";
import { LOG_USER } from "./log_account.ts";
import { PATHS } from "./paths.ts";
import { type Steps, within } from "./steps.ts";

export type PrepareOs =
  & RemovePorts
  & Pick<Os, "makeDirectory" | "makeFifo" | "chmod" | "writeFile" | "credentials">
  & Pick<Os, "open" | "openAt" | "close" | "fstat" | "fchown" | "fchmod" | "listDirectory">;

/** Who the logger is to be. */
export interface LogAccount {
  readonly name: ByteString;
  readonly credentials: Credentials;
}

/** How long a logger may take to be ready before the container goes on without it, in milliseconds. */
const READY_WITHIN = 10_000;
const NOTIFICATION_FD = 3;

/** Makes what the logger needs. @throws OsError or Failure if it cannot be made */
export function prepareCatchAll(os: PrepareOs, account: LogAccount): void {
  const { uid } = os.credentials();
  if (uid !== 0) throw new Failure(EXIT.system, `only root can start it as ${account.name}, and this is user ${uid}`);
  about("prepare", PATHS.uncaughtLogs, () => provideDirectory(os, account.credentials));
  removeTree(os, PATHS.uncaughtLogsFifo);
  os.makeFifo(PATHS.uncaughtLogsFifo, 0o600);
  const service = `${PATHS.services}/${CATCH_ALL}`;
  os.makeDirectory(service, 0o755);
  os.writeFile(`${service}/notification-fd`, `${NOTIFICATION_FD}\n`, 0o644);
  os.writeFile(`${service}/run`, runScript(account.name), 0o755);
  os.chmod(`${service}/run`, 0o755);
}

/** The logger's run script. */
export function runScript(account: ByteString): string {
  const user = account === LOG_USER ? "" : `-u ${quoted(account)} `;
  return "#!/command/execlineb -P\n" +
    `logutil-service -d ${NOTIFICATION_FD} ${user}-f ${PATHS.uncaughtLogsFifo} ${PATHS.uncaughtLogs}\n`;
}

function quoted(word: ByteString): ByteString {
  return /^[A-Za-z0-9_.-]+$/.test(word) ? word : `"${word.replace(/[\\"]/g, "\\$&")}"`;
}

function provideDirectory(os: PrepareOs, { uid, gid }: Credentials): void {
  for (const path of ["/var/log", PATHS.uncaughtLogs]) {
    try {
      os.makeDirectory(path, 0o755);
    } catch (error) {
      if (!isErrno(error, "EEXIST")) throw error;
    }
  }
  const directory = os.open(PATHS.uncaughtLogs, ["read", "directory"]);
  try {
    const was = os.fstat(directory);
    if (was.uid !== uid) handOver(os, directory, was.uid, uid, gid);
    if (was.uid !== uid || was.gid !== gid) os.fchown(directory, uid, gid);
    if (os.fstat(directory).mode !== 0o2700) os.fchmod(directory, 0o2700);
  } finally {
    os.close(directory);
  }
}

/** The files of the user who has logged here before go to the new one; what else is there is nobody's business. */
function handOver(os: PrepareOs, directory: number, from: number, uid: number, gid: number): void {
  for (const name of os.listDirectory(PATHS.uncaughtLogs).filter(isLogFile)) {
    const file = os.openAt(directory, name, ["path", "nofollow"]);
    try {
      const status = os.fstat(file);
      // Whoever owns the directory may put links there, to files that are not his to give away.
      if (status.kind === "file" && status.uid === from && status.links === 1) os.fchown(file, uid, gid);
    } finally {
      os.close(file);
    }
  }
}

/** What s6-log keeps in its directories. */
export function isLogFile(name: ByteString): boolean {
  return /^(current|previous|lock|state|newstate|processed|@[0-9a-f]{24}\.[su])$/.test(name);
}

/** Waits until the logger is ready. Returns why it is not, or undefined if it is. */
export function* awaitLogger(
  { scanner, reactor }: {
    readonly scanner: Pick<Scanner, "when" | "services">;
    readonly reactor: Pick<Reactor, "after">;
  },
): Steps<string | undefined> {
  yield* within(reactor, READY_WITHIN, (arrived) => {
    const cancels = [scanner.when("ready", arrived, [CATCH_ALL])];
    // Down again: this attempt has failed, and the next would fare no better.
    const died = (): void => void cancels.push(scanner.when("down", arrived, [CATCH_ALL]));
    cancels.push(scanner.when("up", died, [CATCH_ALL]));
    return () => cancels.forEach((cancel) => cancel());
  });
  const logger = scanner.services().find(({ name }) => name === CATCH_ALL);
  if (logger?.up && logger.ready) return undefined;
  if (logger === undefined || logger.up || logger.lastStatus === 0) return `it was not ready after ${READY_WITHIN} ms`;
  const code = exitCode(logger.lastStatus);
  return code === undefined ? `signal ${killedBy(logger.lastStatus)} killed it` : `it exited ${code}, as it says above`;
}

/** Takes a logger that has failed out of the supervision tree. */
export function dismissLogger(
  os: RemovePorts & Pick<Os, "rename">,
  scanner: Pick<Scanner, "rescan" | "prune">,
): void {
  // Out of the scanner's sight, but not of its supervisor's, which has yet to end.
  os.rename(`${PATHS.services}/${CATCH_ALL}`, `${PATHS.services}/.${CATCH_ALL}`);
  scanner.rescan();
  scanner.prune(true);
  removeTree(os, PATHS.uncaughtLogsFifo);
}
