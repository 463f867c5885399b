// Log directories belong to the users of services. Root, who asks for an explanation, reads nothing of another user's through
// them, and nothing there holds it up. Nor is anything secret printed.

import { shell } from "../rows/harness.ts";
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { of, story } from "./explained.ts";
import type { Given } from "../rows/harness.ts";

const LINE = "Address already in use";
const SECRET = "MARKER-of-a-secret";

/** What a hostile user may put there, in a shell that is in its log directory, and what is said of it. */
const DIRECTORIES: Readonly<Record<string, { readonly make: string; readonly unread: RegExp | undefined }>> = {
  link: { make: "ln -s /etc/shadow current", unread: /link\/current is not read: it is a link, not a file/ },
  hard: { make: "ln /etc/shadow current", unread: /it has another name, and may be a file of user 0/ },
  elsewhere: {
    make: "cd ..; rmdir elsewhere; ln -s /root/secret elsewhere",
    unread: /elsewhere is a link of user 65534, .* not followed/,
  },
  fifo: { make: "mkfifo current", unread: /is a fifo, not a file/ },
  device: { make: "mknod current c 5 0", unread: /is a character, not a file/ },
  directory: { make: "mkdir current", unread: /is a directory, not a file/ },
  huge: { make: `truncate -s 8G current; printf '\\n${LINE} at the end\\n' >>current`, unread: undefined },
  bytes: { make: `printf '\\377\\033[31m${LINE}\\n' >current`, unread: undefined },
};

/** Found when a service has ended for the third time. */
const isSettled: ReadonlySet<string> = new Set(["exits-at-once", "port-in-use"]);

const NAMES = Object.keys(DIRECTORIES);

function files(): Record<string, Given> {
  const all: Record<string, Given> = {
    "etc/shadow": `root:${SECRET} ${LINE}:0:\n`,
    "root/secret/current": `${SECRET} ${LINE}\n`,
    "etc/cont-init.d/prepare": shell(
      ...NAMES.flatMap((name) => [`mkdir -p /logs/${name}`, `(cd /logs/${name}; ${DIRECTORIES[name]!.make})`]),
      "chown -h nobody /logs/* /logs/[!e]*/current",
      "chown root /etc/shadow; chmod 600 /etc/shadow",
    ),
  };
  for (const name of NAMES) {
    all[`etc/services.d/${name}/run`] = shell("exit 1");
    // Down, as a real one would make a log of it.
    all[`etc/services.d/${name}/log/run`] = shell(`exec logutil-service /logs/${name}`);
    all[`etc/services.d/${name}/log/down`] = "";
  }
  return all;
}

story(
  "nothing in a log directory leads root to another user's file, or holds it up",
  files(),
  {},
  async (container) => {
    const found = await container.until((found) =>
      NAMES.every((name) => isSettled.has(of(name, found)?.diagnosis ?? ""))
    );
    for (const [name, { unread }] of Object.entries(DIRECTORIES)) {
      const told = of(name, found)!;
      if (unread === undefined) equal(told.diagnosis, "port-in-use", name);
      else {
        deepEqual([told.diagnosis, told.evidence], ["exits-at-once", null], name);
        match(told.outputPlace, unread, name);
      }
    }
    equal(of("huge", found)!.evidence!.text, `${LINE} at the end`);
    equal(of("bytes", found)!.evidence!.text, `\uefff\x1b[31m${LINE}`);
    const { stdout } = await container.untilText(new RegExp(RegExp.escape(`\\xff\\x1b[31m${LINE}`)));
    ok(!stdout.includes(SECRET) && !JSON.stringify(found).includes(SECRET));
    ok(stdout.includes(`\\xff\\x1b[31m${LINE}`), "a terminal obeys nothing of it");
  },
);

story(
  "no argument, variable or line that shows no cause is printed",
  {
    "etc/cont-init.d/prepare": shell("mkdir -p /logs/web; chown nobody /logs/web"),
    "etc/services.d/web/run": shell(
      `echo 'the token is ${SECRET}'`,
      `echo '${LINE}'`,
      `sh -c 'exit 1' ${SECRET}`,
      "exit 1",
    ),
    "etc/services.d/web/log/run": shell("exec logutil-service /logs/web"),
    "etc/services.d/loop/run": shell("exit 0"),
    "etc/services.d/loop/finish": shell(`sh -c 'sleep 1000; true' ${SECRET}`, "true"),
  },
  { environment: { TOKEN: SECRET, S6_TOKEN: SECRET }, argv: ["/init", "sh", "-c", "sleep 1000; true", SECRET] },
  async (container) => {
    const found = await container.until((found) =>
      of("web", found)?.diagnosis === "port-in-use" && of("loop", found)?.diagnosis === "finish-hangs"
    );
    const { stdout, stderr } = await container.text("web", "loop", "web/log");
    const all = await container.text();
    ok(!`${JSON.stringify(found)}${stdout}${stderr}${all.stdout}${all.stderr}`.includes(SECRET));
  },
);
