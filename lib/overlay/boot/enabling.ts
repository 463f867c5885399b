// Which services of services.d are started: those that have no conditions, and those whose conditions hold.

import type { ByteString } from "../../bytes.ts";
import type { Environment } from "../../environment.ts";
import { isErrno, OsError } from "../../report.ts";
import { type Reporter, warningsOf } from "../../reporter.ts";
import { CONDITIONS_FILE } from "../conditions_file.ts";
import { withoutLineEnd } from "../contenv.ts";
import type { EnvironmentStore } from "../environment_store.ts";
import type { OwnFilesOs } from "../own_files.ts";
import { PATHS } from "../paths.ts";
import { type Steps, until } from "../steps.ts";
import type * as DisabledServices from "./disabled_services.ts";
import { withHeld } from "./user_directories.ts";
import type { UserFilesOs } from "./user_files.ts";

/** Where the container's environment is: it is kept, or stored. */
interface EnvironmentPorts {
  readonly kept: Environment | undefined;
  readonly store: Pick<EnvironmentStore, "read">;
  readonly report: Reporter;
}

type LookUp = (variable: ByteString) => ByteString | undefined;

/** The container's environment as it is now. */
export function containerVariables({ kept, store, report }: EnvironmentPorts): LookUp {
  const environment = kept ?? store.read(warningsOf(report, "s6-init"));
  return (variable) => {
    const value = environment.get(variable);
    return value === undefined ? undefined : withoutLineEnd(value);
  };
}

/** Has services stay down whose conditions do not hold. Few images have any: what looks at them is loaded then. */
export function* disableWhereSaid(
  ports: EnvironmentPorts & { readonly os: UserFilesOs & OwnFilesOs },
  names: readonly ByteString[],
): Steps<void> {
  const held = { fd: ports.os.door.hold(PATHS.services), path: PATHS.services };
  const conditional = withHeld(
    ports.os,
    held,
    ({ fd }) => names.filter((name) => mayHaveConditions(ports.os, name, fd)),
  );
  if (conditional.length === 0) return;
  const { disableServices } = yield* until<typeof DisabledServices>((resume) =>
    void import("./disabled_services.ts").then(resume)
  );
  disableServices(ports, conditional, containerVariables(ports));
}

/** Without a look at where a link leads. */
function mayHaveConditions(os: UserFilesOs, service: ByteString, services: number): boolean {
  try {
    return os.door.find(`${service}/${CONDITIONS_FILE}`, services, { links: "refuse" }) !== undefined;
  } catch (error) {
    if (!(error instanceof OsError)) throw error;
    return isErrno(error, "ELOOP");
  }
}
