// Has process 1 answer at its socket: calls of our programs, and commands for people.

import { findGroup } from "../../lib/accounts.ts";
import type { ByteString } from "../../lib/bytes.ts";
import { jsonBytes } from "../../lib/json.ts";
import type { Snapshot } from "../../lib/overlay/journal/snapshot.ts";
import { imageFiles } from "../../lib/overlay/own_files.ts";
import { OsError } from "../../lib/report.ts";
import type { Scanner } from "../../lib/supervise/scanner_port.ts";
import { Answers, type AnswersPorts } from "./answers.ts";
import type { ProcessOne } from "./process_one.ts";
import { OwnSight } from "./sight.ts";

/** From now on, where that can be; else programs go on as they would without. */
export function answerAtSocket(one: ProcessOne, scanner: Pick<Scanner, "services" | "command">): void {
  const { context, os, reactor, settings } = one;
  const snapshot = (journal: boolean, names?: readonly ByteString[]): Snapshot => {
    const services = scanner.services();
    const named = new Set(names);
    const wanted = names === undefined ? services : services.filter(({ name }) => named.has(name));
    const settled = { logging: settings.get("logging"), output: one.output, notStarted: one.notStarted() };
    return one.observer.snapshot(wanted, settled, journal, one.course());
  };
  const sight = { os, reactor, scanner, container: () => snapshot(false) };
  // What computes answers is loaded when it is first asked for.
  let answer: AnswersPorts["answer"];
  let answerRequest: AnswersPorts["answerRequest"] | undefined;
  const printedLast = (name: ByteString): readonly ByteString[] => one.relay?.printedLast(name) ?? [];
  const loadRequests = (): void => {
    import("../../lib/overlay/journal/answer_request.ts").then((module) =>
      answerRequest = (text, mayChange) =>
        jsonBytes(module.answerRequest(text, mayChange, { scanner, snapshot, printedLast }))
    );
  };
  context.part("listening").then((listening) => {
    try {
      new Answers({
        os,
        listening,
        reactor,
        user: os.credentials().uid,
        group: groupOf(one),
        answer: settings.get("answerCalls") === 0
          ? undefined
          : (question) => (answer ??= context.answering(new OwnSight(sight)))(question),
        answerRequest: (text, mayChange) => {
          if (answerRequest === undefined) loadRequests();
          return answerRequest!(text, mayChange);
        },
      });
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
    }
  });
}

/** The group that may ask, too. */
function groupOf({ os, settings }: ProcessOne): number | undefined {
  const name = settings.get("statusGroup");
  if (name === "") return undefined;
  const gid = findGroup(imageFiles(os), name);
  if (gid === undefined) settings.refuse("statusGroup", "no such group in /etc/group");
  return gid;
}
