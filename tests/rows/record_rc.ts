// Records what the original s6-rc says to the sessions, or to one: `deno run -A tests/rows/record_rc.ts ENTER [NAME]`. ENTER is a
// command that runs a program in a root with s6-rc, s6, execline and a shell, and with our /tmp. The version is asked for there.

import { sessions } from "./rc_sessions.ts";
import { RC_FILES, scriptOf } from "./rc_tree.ts";

const RECORDS = new URL("./rc_recorded.json", import.meta.url);

/** Seconds. */
const TIME_LIMIT = "30";

async function recorded(enter: string, script: string): Promise<string> {
  const directory = await Deno.makeTempDir({ prefix: "record-" });
  for (const [path, given] of Object.entries(RC_FILES)) {
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
  const records: Record<string, string[]> = only === undefined
    ? {}
    : JSON.parse(Deno.readTextFileSync(RECORDS)).sessions;
  for (const session of sessions.filter(({ name }) => only === undefined || name === only)) {
    records[session.name] = (await recorded(enter, scriptOf(session, ""))).split("\n");
    console.log(session.name);
  }
  const version = "s6-rc 0.7.0.0 with s6 2.15.1.0, execline 2.9.9.2 and skalibs 2.15.1.0";
  const command = "deno run -A tests/rows/record_rc.ts ENTER";
  await Deno.writeTextFile(RECORDS, `${JSON.stringify({ version, command, sessions: records }, undefined, 2)}\n`);
}
