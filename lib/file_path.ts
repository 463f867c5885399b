// Paths of files: what they come down to, and how they end.

import type { ByteString } from "./bytes.ts";
import type { Os } from "./os/os.ts";

/** The one absolute path of a file that goes through no link. */
export function realPath(os: Pick<Os, "open" | "close" | "readLink">, path: ByteString): ByteString {
  const fd = os.open(path, ["path"]);
  try {
    return os.readLink(`/proc/self/fd/${fd}`);
  } finally {
    os.close(fd);
  }
}

/** The last component, less the suffix unless it is all there is. */
export function lastComponent(path: ByteString, suffix: ByteString): ByteString {
  const bare = path.replace(/\/+$/, "");
  if (bare === "") return path === "" ? "." : "/";
  const name = bare.slice(bare.lastIndexOf("/") + 1);
  return suffix !== "" && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
}
