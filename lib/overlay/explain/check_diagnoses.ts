// Why a service is not ready that s6-notifyoncheck tells for: it runs data/check, or a command, until that exits 0. What is to
// be put right then is the check, or what it asks, and nothing that the service itself writes.

import type { ByteString } from "../../bytes.ts";
import { durationInWords } from "../durations.ts";
import type { Diagnosed, Diagnosis, Facts } from "./facts.ts";
import { diagnoseProgram } from "./run_diagnoses.ts";

/** What has not exited 0 after this many milliseconds, or not ended, is late. */
const CHECK_IS_LATE = 2000;

const CHECKING_PROGRAM = "s6-notifyoncheck";

export const CHECK_DIAGNOSES: readonly Diagnosis[] = [
  { name: "check-cannot-run", says: `${CHECKING_PROGRAM} cannot execute data/check`, find: cannotRun },
  { name: "check-hangs", says: `the check that ${CHECKING_PROGRAM} runs does not end`, find: checkHangs },
  { name: "check-fails", says: `the check that ${CHECKING_PROGRAM} runs does not succeed`, find: checkFails },
  { name: "check-given-up", says: `${CHECKING_PROGRAM} has stopped checking: no check has succeeded`, find: givenUp },
];

function isLate({ now, service: { state, ready, since } }: Facts): boolean {
  return state === "up" && ready === false && now.after - since.after >= CHECK_IS_LATE;
}

function cannotRun(facts: Facts): Diagnosed | undefined {
  const check = facts.notification?.checkFile;
  if (check === undefined || !isLate(facts)) return undefined;
  const found = check.kind === "missing" && check.leadsTo === undefined
    ? { why: `there is no ${check.path}`, cure: "put a script there that exits 0 when the service serves" }
    : diagnoseProgram(check, "data/check");
  return found && { why: `${CHECKING_PROGRAM} cannot execute data/check: ${found.why}`, cure: found.cure };
}

function checkHangs(facts: Facts): Diagnosed | undefined {
  const check = facts.notification?.checking?.check;
  if (check === undefined || !isLate(facts) || check.lasts < CHECK_IS_LATE) return undefined;
  const { stat: { name, pid }, activity = "runs" } = check.work;
  return {
    why: `the check of its readiness by ${CHECKING_PROGRAM} has not ended for ` +
      `${durationInWords(check.lasts)}: ${name} (pid ${pid}) ${activity}`,
    cure: `a check must end: limit it with -t, in milliseconds, as in ${CHECKING_PROGRAM} -n 0 -t 2000. ${
      byHand(facts)
    }`,
  };
}

function checkFails(facts: Facts): Diagnosed | undefined {
  if (facts.notification?.checking === undefined || !isLate(facts)) return undefined;
  return {
    why: `${CHECKING_PROGRAM} checks its readiness again and again, and no check has exited 0`,
    cure: byHand(facts),
  };
}

function givenUp(facts: Facts): Diagnosed | undefined {
  if (!isLate(facts) || !facts.run?.head.includes(CHECKING_PROGRAM)) return undefined;
  return {
    why: `${CHECKING_PROGRAM}, which run calls, checks no more, and no check has exited 0`,
    cure: `-n 0 has it check as often as it takes, instead of seven times. ${byHand(facts)}`,
  };
}

function byHand({ service: { directory } }: Facts): ByteString {
  return `See what the check finds: cd ${directory}, ./data/check; echo $? (or the command behind -c)`;
}
