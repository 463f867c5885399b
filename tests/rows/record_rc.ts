// Records what the original s6-rc says to the sessions, or to one: `deno run -A tests/rows/record_rc.ts ENTER [NAME]`. ENTER is a
// command that runs a program in a root with s6-rc, s6, execline and a shell, and with our /tmp. The version is asked for there.

import type { Given } from "./harness.ts";
import { sessions } from "./rc_sessions.ts";
import { RC_FILES, type RcSession, scriptOf } from "./rc_tree.ts";
import { repositorySessions } from "./repository_sessions.ts";
import { REPOSITORY_FILES, repositoryScriptOf } from "./repository_tree.ts";
import { updateSessions } from "./rc_update_sessions.ts";
import { RC_UPDATE_FILES, updateScriptOf } from "./rc_update_tree.ts";

/** Sessions that begin alike, and where what was recorded of them lies. */
interface Suite {
  readonly sessions: readonly RcSession[];
  readonly files: Readonly<Record<string, Given>>;
  readonly scriptOf: (session: RcSession, bound: string) => string;
  readonly records: string;
}

const SUITES: readonly Suite[] = [
  { sessions, files: RC_FILES, scriptOf, records: "rc_recorded.json" },
  { sessions: updateSessions, files: RC_UPDATE_FILES, scriptOf: updateScriptOf, records: "rc_update_recorded.json" },
  {
    sessions: repositorySessions,
    files: REPOSITORY_FILES,
    scriptOf: repositoryScriptOf,
    records: "repository_recorded.json",
  },
];

/** Seconds. */
const TIME_LIMIT = "30";

async function recorded(enter: string, files: Suite["files"], script: string): Promise<string> {
  const directory = await Deno.makeTempDir({ prefix: "record-" });
  for (const [path, given] of Object.entries(files)) {
    const file = typeof given === "string" ? { content: given, mode: 0o644 } : given;
    if (!("content" in file)) throw new Error(`${path} is no file`);
    await Deno.mkdir(`${directory}/${path}`.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.writeTextFile(`${directory}/${path}`, file.content);
    await Deno.chmod(`${directory}/${path}`, file.mode);
  }
  const command = new Deno.Command("timeout", {
    args: [TIME_LIMIT, enter, "sh", "-c", `cd ${directory}\n${script}`],
    stdin: "null",
  });
  const { stdout, stderr } = await command.output();
  await Deno.remove(directory, { recursive: true });
  if (stderr.length > 0) console.error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

if (import.meta.main) {
  const [enter = "", only] = Deno.args;
  for (const suite of SUITES) {
    const chosen = suite.sessions.filter(({ name }) => only === undefined || name === only);
    if (chosen.length === 0) continue;
    const path = new URL(suite.records, import.meta.url);
    const records: Record<string, string[]> = only === undefined
      ? {}
      : JSON.parse(Deno.readTextFileSync(path)).sessions;
    for (const session of chosen) {
      records[session.name] = (await recorded(enter, suite.files, suite.scriptOf(session, ""))).split("\n");
      console.log(session.name);
    }
    const version = "s6-rc 0.7.0.0 with s6 2.15.1.0, execline 2.9.9.2 and skalibs 2.15.1.0";
    const command = "deno run -A tests/rows/record_rc.ts ENTER";
    await Deno.writeTextFile(path, `${JSON.stringify({ version, command, sessions: records }, undefined, 2)}\n`);
  }
}
