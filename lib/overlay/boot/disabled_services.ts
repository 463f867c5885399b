// Services of services.d whose conditions do not hold: they stay down. Read from the copies of their directories, when
// these are there.

import type { ByteString } from "../../bytes.ts";
import { about, ifThere, OsError, textOf } from "../../report.ts";
import type { Reporter } from "../../reporter.ts";
import { CONDITIONS_FILE } from "../conditions_file.ts";
import { CONDITION_FORMS, LONGEST_CONDITIONS, parseConditions, unmetCondition } from "../conditions.ts";
import { ownFiles, type OwnFilesOs } from "../own_files.ts";
import { PATHS } from "../paths.ts";
import type { UserFilesOs } from "./user_files.ts";
import { withHeld } from "./user_directories.ts";

type ConditionsOs = UserFilesOs & OwnFilesOs;

interface DisablingPorts {
  readonly os: ConditionsOs;
  readonly report: Reporter;
}

/**
 * Has each service stay down of which a condition does not hold, before it is supervised. A line that is no condition is
 * one that does not hold: it was meant to keep the service down at times. A file that cannot be read counts for nothing.
 */
export function disableServices(
  { os, report }: DisablingPorts,
  names: readonly ByteString[],
  lookUp: (variable: ByteString) => ByteString | undefined,
): void {
  for (const name of names) {
    try {
      const text = ifThere(() => conditionsOf(os, name), "ENOTDIR");
      if (text === undefined) continue;
      const parsed = parseConditions(text);
      const why = "wrong" in parsed ? undefined : unmetCondition(parsed.conditions, lookUp);
      if ("wrong" in parsed) {
        report(
          "warning",
          "services.d",
          `${name} is disabled: "${parsed.wrong}" in ${CONDITIONS_FILE} is none of ${CONDITION_FORMS}`,
        );
      } else if (why === undefined) continue;
      else report("info", "services.d", `${name} is disabled: ${why}`);
      keepDown(os, name);
    } catch (error) {
      if (!(error instanceof OsError)) throw error;
      report("warning", "services.d", `${name}: ${textOf(error)}`);
    }
  }
}

/** Of a regular file that no link leads to: a user to whom data belongs may have made one. */
function conditionsOf(os: ConditionsOs, name: ByteString): ByteString {
  const path = `${PATHS.services}/${name}/${CONDITIONS_FILE}`;
  return about("read", path, () => {
    const held = { fd: os.door.hold(`${PATHS.services}/${name}`), path };
    return withHeld(
      os,
      held,
      ({ fd }) => os.door.readWhole(CONDITIONS_FILE, LONGEST_CONDITIONS, fd, { links: "refuse" }),
    );
  });
}

/** With its logger. A link leads into the image, where nothing is to be written: it goes. */
function keepDown(os: UserFilesOs & OwnFilesOs, name: ByteString): void {
  const place = `${PATHS.services}/${name}`;
  if (os.lstat(place).kind !== "directory") return os.unlink(place);
  ownFiles(os).writeFile(`${place}/down`, "", 0o644);
  const log = ifThere(() => os.lstat(`${place}/log`));
  if (log?.kind === "directory") ownFiles(os).writeFile(`${place}/log/down`, "", 0o644);
}
