// The services that the overlay brings with it, laid into the scan directory before the first scan. Each is a directory
// of a few small files, and down until it is wanted.

import type { ByteString } from "../../bytes.ts";
import type { Os } from "../../os/os.ts";
import { PATHS } from "../paths.ts";
import { HOLDER_RIGHTS } from "../variable_names.ts";

/** Contents by their paths in a directory. Scripts are executable. */
type Files = Readonly<Record<string, ByteString>>;

/** A right is a variable that is set, to an empty value: a name under any expression. */
const GRANTED = "\n";
const grants = (key: string, rights: readonly string[]): Files =>
  Object.fromEntries([
    [`${key}/allow`, ""],
    ...rights.map((right) => [`${key}/env/${right}`, GRANTED]),
  ]);

/**
 * Who may do what with the descriptor holder: root everything, others look. The tarball has these files, at
 * PATHS.holderRules: to make them at each boot would take longer than all else that is made.
 */
export const HOLDER_RULES: Files = {
  ...grants("uid/0", Object.values(HOLDER_RIGHTS)),
  ...grants("uid/default", [HOLDER_RIGHTS.list]),
};

const DESCRIPTOR_HOLDER: Files = {
  run: `#!/command/execlineb -P
s6-envuidgid -D 32769:32769 daemon
s6-fdholder-daemon -U -1 -i ${PATHS.holderRules} -- ${PATHS.holderSocket}
`,
  down: "",
  "notification-fd": "1\n",
};

/** By the paths of their directories. */
const SERVICES: Readonly<Record<string, Files>> = {
  [PATHS.holderService]: DESCRIPTOR_HOLDER,
};

export type BuiltInOs = Pick<Os, "makeDirectory" | "writeFile" | "setUmask">;

/** Lays the services into an empty scan directory. */
export function layServices(os: BuiltInOs): void {
  const umask = os.setUmask(0o022);
  for (const [service, files] of Object.entries(SERVICES)) {
    os.makeDirectory(service, 0o755);
    for (const [file, content] of Object.entries(files)) {
      os.writeFile(`${service}/${file}`, content, content.startsWith("#!") ? 0o755 : 0o644);
    }
  }
  os.setUmask(umask);
}
