// Asking process 1, over the socket at which it answers. It reads one message and answers in as many as it takes, then
// closes the connection.

import { byteString, rawBytes } from "../lib/bytes.ts";
import { durationInWords } from "../lib/overlay/durations.ts";
import { jsonBytes, valueOfJson } from "../lib/json.ts";
import { QUESTIONS } from "../lib/state_place.ts";
import type { Done, DoorRequest, PrintedLast, Refusal } from "../lib/overlay/journal/request.ts";
import { type Snapshot, SNAPSHOT_VERSION } from "../lib/overlay/journal/snapshot.ts";
import { EXIT, Failure, isErrno, OsError } from "../lib/report.ts";
import type { Context } from "./applet.ts";

/** How long process 1 may take for its answer, in milliseconds. */
const PATIENCE = 5000;
/** The most bytes of one message of an answer. */
const MESSAGE = 64 * 1024;
/** More than any answer has. */
const MOST = 64 * 1024 * 1024;

/** What connecting fails with where nothing listens. */
const ABSENT = ["ENOENT", "ENOTDIR", "ECONNREFUSED"];

/** No overlay runs here, or it does not answer: exit code 111. */
export class NoAnswer extends Failure {
  /** @param isAbsent nothing listens where an overlay would */
  constructor(why: string, readonly isAbsent = false) {
    super(EXIT.system, why);
  }
}

/**
 * What process 1 knows.
 * @param wanted the services wanted, where not all are; whether the journal is
 * @throws NoAnswer
 */
export async function snapshotOf(
  context: Context,
  wanted: Omit<DoorRequest & { readonly ask: "snapshot" }, "ask"> = {},
  patience: number = PATIENCE,
): Promise<Snapshot> {
  return await ask<Snapshot>(context, { ask: "snapshot", ...wanted }, patience);
}

/**
 * The answer to a request.
 * @throws NoAnswer, Failure where it is refused
 */
export async function ask<Answer extends Snapshot | Done | PrintedLast>(
  context: Context,
  request: DoorRequest,
  patience: number = PATIENCE,
): Promise<Answer> {
  const text = await answerTo(context, request, patience);
  const answer = parsed(text);
  if (answer === undefined) throw new NoAnswer("process 1 gave no answer: it is busy, or another version is running");
  if (answer.version !== SNAPSHOT_VERSION) {
    throw new NoAnswer(`process 1 answers in version ${answer.version}, this program reads ${SNAPSHOT_VERSION}`);
  }
  if ("error" in answer) throw new Failure(EXIT.system, answer.error);
  return answer as Answer;
}

function parsed(text: string): Snapshot | Done | PrintedLast | Refusal | undefined {
  try {
    return valueOfJson(text) as Snapshot | Done | Refusal;
  } catch {
    return undefined;
  }
}

async function answerTo(context: Context, request: DoorRequest, patience: number): Promise<string> {
  const { os } = context;
  const sockets = await context.part("sockets");
  const fd = sockets.openSocket("messages");
  try {
    sockets.setSocketTimeout(fd, Math.max(1, patience));
    sockets.connect(fd, QUESTIONS);
    sockets.send(fd, rawBytes(jsonBytes({ version: SNAPSHOT_VERSION, ...request })));
    const room = new Uint8Array(new ArrayBuffer(MESSAGE));
    const deadline = os.monotonic() + patience;
    let text = "";
    while (text.length < MOST && os.monotonic() < deadline) {
      const { size } = sockets.receive(fd, room);
      if (size === 0) return text;
      text += byteString(room.subarray(0, size));
    }
    throw new NoAnswer(`process 1 has not answered within ${durationInWords(patience)}`);
  } catch (error) {
    throw error instanceof OsError ? new NoAnswer(whyNot(error, patience), isErrno(error, ...ABSENT)) : error;
  } finally {
    os.close(fd);
  }
}

function whyNot(error: OsError, patience: number): string {
  const { message } = error;
  if (isErrno(error, ...ABSENT)) {
    return "no overlay answers here: /init does not run, or has not begun to listen yet";
  }
  if (isErrno(error, "EACCES", "EPERM")) {
    return "only root and the user of process 1 may ask it: for others set S6_STATUS_GROUP to a group that they are in";
  }
  if (isErrno(error, "EAGAIN", "EINPROGRESS")) return `process 1 has not answered within ${durationInWords(patience)}`;
  return message;
}
