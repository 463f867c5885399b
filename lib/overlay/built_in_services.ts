// The services that the overlay brings with it, laid into the scan directory before the first scan. Each is a directory
// of a few small files, and down until somebody wants it.

import type { ByteString } from "../bytes.ts";
import type { Os } from "../os/os.ts";
import { PATHS } from "./paths.ts";
import { HOLDER_RIGHTS } from "./settings.ts";

/** Contents by their paths in the service directory; directories are made as they come up. Scripts are executable. */
type ServiceFiles = Readonly<Record<string, ByteString>>;

/** A right is a variable that is set, to an empty value: a name under any expression. */
const GRANTED = "\n";
const grants = (key: string, rights: readonly string[]): ServiceFiles =>
  Object.fromEntries([
    [`rules/${key}/allow`, ""],
    ...rights.map((right) => [`rules/${key}/env/${right}`, GRANTED]),
  ]);

const DESCRIPTOR_HOLDER: ServiceFiles = {
  run: `#!/command/execlineb -P
s6-envuidgid -D 32769:32769 daemon
s6-fdholder-daemon -U -1 -i rules -- ${PATHS.holderSocket}
`,
  down: "",
  "notification-fd": "1\n",
  // Root may do everything, others may look.
  ...grants("uid/0", Object.values(HOLDER_RIGHTS)),
  ...grants("uid/default", [HOLDER_RIGHTS.list]),
};

/** By the paths of their directories. */
const SERVICES: Readonly<Record<string, ServiceFiles>> = {
  [PATHS.holderService]: DESCRIPTOR_HOLDER,
};

export type BuiltInOs = Pick<Os, "makeDirectory" | "writeFile" | "setUmask">;

/** Lays the services into an empty scan directory. */
export function layServices(os: BuiltInOs): void {
  // The holder runs as another user, who has to read its rules whatever the container's umask is.
  const umask = os.setUmask(0o022);
  const made = new Set<ByteString>([PATHS.services]);
  for (const [service, files] of Object.entries(SERVICES)) {
    for (const [file, content] of Object.entries(files)) {
      const path = `${service}/${file}`;
      makeParents(os, path, made);
      os.writeFile(path, content, content.startsWith("#!") ? 0o755 : 0o644);
    }
  }
  os.setUmask(umask);
}

/** Makes the directories above the path, but for those that were made before. */
function makeParents(os: BuiltInOs, path: ByteString, made: Set<ByteString>): void {
  const directory = path.slice(0, path.lastIndexOf("/"));
  if (made.has(directory)) return;
  made.add(directory);
  makeParents(os, directory, made);
  os.makeDirectory(directory, 0o755);
}
