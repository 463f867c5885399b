// What the launcher becomes when it has failed at a plan: it says on the standard error that the plan has led to what a
// program of the overlay would have said there. Where the kernel cannot run a script that we can, it runs that instead.

import type { ByteString } from "../lib/bytes.ts";
import { Environment } from "../lib/environment.ts";
import { explain, unexecutable } from "../lib/image/explain.ts";
import { unfollowed } from "../lib/image/follow.ts";
import { ProcessImage } from "../lib/image/image.ts";
import { becomeFile } from "../lib/image/realise.ts";
import { OwnSearch } from "../lib/image/search.ts";
import type { Attempts, FailedAttempt } from "../lib/os/parts.ts";
import { EXIT, exitCodeOf, Failure } from "../lib/report.ts";
import { printFailure } from "./print.ts";
import type { Surroundings } from "./surroundings.ts";

/**
 * Says what has failed and returns the exit code.
 * @param words numbers: the descriptors of plan and report, the operation, the errno
 */
export function tellOfFailure(surroundings: Surroundings, attempts: Attempts, words: readonly string[]): number {
  const { os, applets } = surroundings;
  const [plan = -1, report = -1, operation = 0, errno = 0] = words.map(Number);
  os.setCloseOnExec(report, true);
  const attempt = attempts.readAttempt(plan, operation, errno);
  const cause = attempt.argv.length > 0 ? runOtherwise(surroundings, attempt) : reasonOf(attempt);
  if (!attempt.runs) attempts.tellFailure(report, operation, errno);
  printFailure(os, attempt.by, applets.get(attempt.by), cause);
  return exitCodeOf(cause);
}

function reasonOf({ denied, error }: FailedAttempt): Error {
  return denied !== undefined && error.errno === "EPERM" ? new Failure(EXIT.system, denied) : error;
}

/** Becomes what a script stands for that the kernel cannot run. @returns why there is no such thing */
function runOtherwise({ os, applets }: Surroundings, attempt: FailedAttempt): Error {
  const search = new OwnSearch(os, applets);
  const { argv, env, object: name, candidates, error } = attempt;
  const image = ProcessImage.of(argv, Environment.of(env)).run(argv, name, searchPathOf(name, candidates));
  try {
    const { image: other, ours, paths: [path = ""] } = unfollowed(search, applets, image);
    if (other !== image || ours !== undefined) return becomeFile(os, search, path, other);
    return unexecutable(search, image, name, path, error);
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    // Programs that go on with others say what those of the original say: what process 1 starts has more to tell.
    const kind = applets.get(attempt.by)?.kind ?? "utility";
    const why = kind === "utility" ? explainedOf(search, image, candidates) : undefined;
    return why === undefined ? failure : new Failure(failure.code, `${failure.message}: ${why}`);
  }
}

/** What is wrong with the first of the files that is there. Without a name that is a directory of PATH. */
function explainedOf(search: OwnSearch, image: ProcessImage, candidates: readonly ByteString[]): string | undefined {
  if (image.file === "") return "its name is empty, as where a variable without a value stands for it";
  for (const path of candidates) {
    const why = search.lookAt(image, path, explain);
    if (why !== undefined) return `it ${why}`;
  }
  return undefined;
}

/** The PATH that has led to these files. */
function searchPathOf(name: ByteString, candidates: readonly ByteString[]): ByteString {
  return candidates.map((path) => path.slice(0, Math.max(0, path.length - name.length - 1))).join(":");
}
