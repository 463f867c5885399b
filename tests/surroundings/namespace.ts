// Runs a shell script in an empty directory and in process and mount namespaces of its own: when the script ends,
// everything it has started ends with it, pids can be arranged, and what it mounts is seen by no other process. Needs
// root.

import { byteString } from "../../lib/bytes.ts";
import { ownNamespaces } from "../../scripts/namespaces.ts";
import { BOUND } from "./bound.ts";
import { type Given, lay } from "../rows/harness.ts";
import { patience } from "../../scripts/patience.ts";

/** Our programs: those of dist/local, unless OVERLAY_LOCAL says otherwise. */
export const OURS = `${Deno.env.get("OVERLAY_LOCAL") ?? new URL("../../dist/local", import.meta.url).pathname}/command`;

/** True if this process may make namespaces. */
export const canIsolate: boolean = Deno.uid() === 0;

/** However slow the machine is, this is a script that hangs. */
const TIME_LIMIT = patience(240_000);

export interface NamespaceTold {
  readonly stdout: string;
  /** Its own, and what stands in the file "errors" in the end. */
  readonly errors: string;
}

/** The script runs with Debian's programs in PATH. */
export async function runIsolated(script: string, files: Readonly<Record<string, Given>>): Promise<NamespaceTold> {
  const directory = await Deno.makeTempDir({ prefix: "isolated-" });
  try {
    await lay(directory, { ...files, script });
    const [program = "", ...args] = [...BOUND, ...ownNamespaces("pid", "proc"), "sh", "script"];
    const child = new Deno.Command(program, {
      args,
      cwd: directory,
      clearEnv: true,
      env: { PATH: "/usr/bin:/bin" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const limit = setTimeout(() => child.kill("SIGKILL"), TIME_LIMIT);
    const { stdout, stderr } = await child.output();
    clearTimeout(limit);
    const errors = await Deno.readFile(`${directory}/errors`).catch(() => new Uint8Array());
    return { stdout: byteString(stdout), errors: byteString(stderr) + byteString(errors) };
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}
