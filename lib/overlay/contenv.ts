// The container's environment: stored as a directory of files when the container starts, and put back in place of the
// (nearly empty) environment of the supervision tree by with-contenv.

import type { ByteString } from "../bytes.ts";
import { readEnvdir } from "../envdir.ts";
import { Environment } from "../environment.ts";
import type { Os } from "../os/os.ts";
import { isErrno } from "../report.ts";
import { PATHS } from "./paths.ts";
import { Settings, shown } from "./settings.ts";

type Reader = Pick<Os, "readFile" | "listDirectory">;

/** Writes one file for each variable, its content the exact value. What is no file name is left out, and told of. */
export function storeEnvironment(
  os: Pick<Os, "makeDirectory" | "writeFile">,
  environment: Environment,
  complain: (line: ByteString) => void,
): void {
  os.makeDirectory(PATHS.containerEnvironment, 0o755);
  for (const [name, value] of environment) {
    if (isStorable(name)) os.writeFile(`${PATHS.containerEnvironment}/${name}`, value, 0o644);
    else complain(`s6-init: warning: with-contenv will not have the variable "${shown(name)}": it is no file name`);
  }
}

const LONGEST_NAME = 255;

function isStorable(name: ByteString): boolean {
  return name !== "" && name.length <= LONGEST_NAME && !name.includes("/") && !name.startsWith(".");
}

/**
 * The stored environment. A file's content up to the first NUL is the value; an empty file is an empty variable.
 * @throws OsError if there is no store
 */
export function storedEnvironment(os: Reader): Environment {
  const variables = readEnvdir(os, PATHS.containerEnvironment, (content) => {
    const end = content.indexOf("\0");
    return end < 0 ? content : content.slice(0, end);
  });
  return Environment.empty.with(variables);
}

/** True for a process that has the container's environment as its own: it was kept instead of stored. */
export function keepsEnvironment(own: Environment): boolean {
  return new Settings((variable) => own.get(variable), () => {}).get("keepEnvironment");
}

/** The settings as a process with this environment sees them: its own if it kept the container's, else the store's. */
export function settingsOf(os: Pick<Os, "readFile">, own: Environment, warn: (line: string) => void): Settings {
  const kept = keepsEnvironment(own);
  return new Settings((variable) => kept ? own.get(variable) : storedVariable(os, variable), warn);
}

/** One variable of the store, or undefined. */
export function storedVariable(os: Pick<Os, "readFile">, name: ByteString): ByteString | undefined {
  if (!isStorable(name)) return undefined;
  try {
    return os.readFile(`${PATHS.containerEnvironment}/${name}`);
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR", "EACCES", "EISDIR")) return undefined;
    throw error;
  }
}
