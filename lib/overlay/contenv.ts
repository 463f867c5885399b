// The container's environment: stored as a directory of files when the container starts, and put back in place of the
// (nearly empty) environment of the supervision tree by with-contenv.

import type { ByteString } from "../bytes.ts";
import type { Environment } from "../environment.ts";
import type { Os } from "../os/os.ts";
import { isErrno, OsError, textOf } from "../report.ts";
import type { Reporter } from "../reporter.ts";
import { PATHS } from "./paths.ts";
import { Settings, shown } from "./settings.ts";

/** Writes one file for each variable, its content the exact value. What is not a file name is left out and reported. */
export function storeEnvironment(
  os: Pick<Os, "makeDirectory" | "writeFile">,
  environment: Environment,
  report: Reporter,
): void {
  os.makeDirectory(PATHS.containerEnvironment, 0o755);
  for (const [name, value] of environment) {
    if (isStorable(name)) os.writeFile(`${PATHS.containerEnvironment}/${name}`, value, 0o644);
    else report("warning", "s6-init", `with-contenv will not have the variable "${shown(name)}": it is no file name`);
  }
}

const LONGEST_NAME = 255;

/** True for a variable that is stored: its name can be that of a file. */
export function isStorable(name: ByteString): boolean {
  return name !== "" && name.length <= LONGEST_NAME && !name.includes("/") && !name.startsWith(".");
}

/** True for a process that has the container's environment as its own: it was kept instead of stored. */
export function keepsEnvironment(own: Environment): boolean {
  return new Settings((variable) => own.get(variable), () => {}).get("keepEnvironment");
}

/** The settings as a process with this environment sees them: its own if it kept the container's, else the store's. */
export function settingsOf(os: Pick<Os, "readFile">, own: Environment, warn: (line: string) => void): Settings {
  const kept = keepsEnvironment(own);
  const told = new Set<string>();
  const once = (line: string): void => {
    if (!told.has(line)) warn(line);
    told.add(line);
  };
  return new Settings((variable) => kept ? own.get(variable) : storedVariable(os, variable, once), warn);
}

/** One variable of the store; undefined if there is none, or if what is there cannot be read, which is reported. */
export function storedVariable(
  os: Pick<Os, "readFile">,
  name: ByteString,
  warn: (line: string) => void = () => {},
): ByteString | undefined {
  if (!isStorable(name)) return undefined;
  try {
    return os.readFile(`${PATHS.containerEnvironment}/${name}`);
  } catch (error) {
    if (!(error instanceof OsError)) throw error;
    if (!isErrno(error, "ENOENT", "ENOTDIR", "EACCES", "EISDIR")) warn(textOf(error));
    return undefined;
  }
}

/** As a value is read in generation 3: a script that stored it with echo has left a line end behind it. */
export function withoutLineEnd(value: ByteString): ByteString {
  return value.endsWith("\n") ? value.slice(0, -1) : value;
}
