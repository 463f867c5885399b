// Images that have programs of their own with our names: as in generation 2 these win, for scripts and the command,
// and ours are found where there are none.

import { deepEqual, match } from "node:assert/strict";
import { type Given, lay } from "../rows/harness.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { quickly, root } from "../surroundings/quick.ts";

function script(content: string, interpreter = "/bin/sh"): { content: string; mode: number } {
  return { content: `#!${interpreter}\n${content}\n`, mode: 0o755 };
}

const own = (name: string): Given => script(`echo "own ${name} for $0" >&2; shift; exec "$@"`);

/** What reaches them: scripts in the supervision tree's environment, one in the container's, and the command. */
const CALLERS = {
  "etc/cont-init.d/1-execline": script("s6-setuidgid nobody cd / s6-echo 1", "/command/execlineb -P"),
  "etc/cont-init.d/2-shell": script("s6-setuidgid nobody s6-echo 2"),
  "etc/cont-init.d/3-contenv": script("s6-setuidgid nobody with-contenv s6-echo 3", "/usr/bin/with-contenv sh"),
};
const COMMAND = ["/init", "s6-setuidgid", "nobody", "execlineb", "-Pc", "cd / s6-setuidgid nobody s6-echo command"];

interface Ways {
  /** The image's own programs, in order. */
  readonly own: readonly string[];
  readonly stdout: string;
  readonly stderr: string;
}

async function ways(files: Readonly<Record<string, Given>>, environment: Record<string, string> = {}): Promise<Ways> {
  await using made = await root(CALLERS);
  for (const path of Object.keys(files)) await Deno.remove(`${made.path}/${path}`).catch(() => {});
  await lay(made.path, files);
  const { stdout, stderr } = await quickly(made, { environment, argv: COMMAND });
  return { own: [...stderr.matchAll(/^own (\S+) for/gm)].map(([, name]) => name!), stdout, stderr };
}

function story(name: string, work: () => Promise<void>): void {
  Deno.test({ name, ignore: !canIsolate, fn: work });
}

const PATH = "/usr/local/bin:/usr/bin:/bin";

story("a file that has replaced ours in /usr/bin wins for scripts and the command", async () => {
  const { own: found, stdout, stderr } = await ways({ "usr/bin/s6-setuidgid": own("s6-setuidgid") }, { PATH });
  deepEqual(found, Array(5).fill("s6-setuidgid"), stderr);
  // The rest of the chains is ours.
  for (const said of ["1", "2", "3", "command"]) match(stdout, new RegExp(`^${said}$`, "m"));
});

story("a file in /usr/local/bin wins where PATH has that before /usr/bin", async () => {
  const files = { "usr/local/bin/with-contenv": script('echo "own with-contenv for $0" >&2; exec "$@"') };
  const { own: found, stdout, stderr } = await ways(files, { PATH });
  deepEqual(found, ["with-contenv"], stderr);
  match(stdout, /^3$/m);
});

story("a link to another program of the image wins as a file does", async () => {
  const files = {
    "opt/users": own("s6-setuidgid"),
    "usr/bin/s6-setuidgid": { link: "../../opt/users" },
    "opt/environment": script('echo "own with-contenv for $0" >&2; exec "$@"'),
    "usr/local/bin/with-contenv": { link: "/opt/environment" },
  };
  const { own: found, stdout, stderr } = await ways(files, { PATH });
  deepEqual(found.toSorted(), [...Array(5).fill("s6-setuidgid"), "with-contenv"], stderr);
  for (const said of ["1", "2", "3", "command"]) match(stdout, new RegExp(`^${said}$`, "m"));
});

story("a distribution's programs in /usr/bin do not replace the words of execline", async () => {
  const files = { "usr/bin/s6-setuidgid": own("s6-setuidgid"), "usr/bin/cd": own("cd") };
  const { own: found, stderr } = await ways(files, { PATH });
  deepEqual(found, Array(5).fill("s6-setuidgid"), stderr);
});

const OURS_ALL_THE_SAME: Readonly<Record<string, Readonly<Record<string, Given>>>> = {
  "of generation 3": {
    "usr/bin/s6-setuidgid": own("s6-setuidgid"),
    "etc/s6-overlay/s6-rc.d/user/contents.d/web": "",
    "etc/s6-overlay/s6-rc.d/web/type": "oneshot\n",
    "etc/s6-overlay/s6-rc.d/web/up": "",
  },
  "with a link to nothing": { "usr/bin/s6-setuidgid": { link: "/opt/none" } },
  "whose halt, init and cd are links": {
    "usr/bin/halt": { link: "/bin/busybox" },
    "usr/bin/init": { link: "/bin/busybox" },
    "usr/bin/cd": { link: "/bin/busybox" },
  },
  "with a link to ours": { "usr/local/bin/s6-setuidgid": { link: "/command/s6-setuidgid" } },
  "with a file that cannot be executed": { "usr/local/bin/s6-setuidgid": { content: "", mode: 0o644 } },
  "with a directory of that name": { "usr/local/bin/s6-setuidgid": { directory: 0o755 } },
};

for (const [what, files] of Object.entries(OURS_ALL_THE_SAME)) {
  story(`in an image ${what} ours come first in PATH`, async () => {
    const show = script('echo "PATH is $PATH"', "/usr/bin/with-contenv sh");
    const { own: found, stdout, stderr } = await ways({ ...files, "etc/cont-init.d/path": show }, { PATH });
    deepEqual(found, [], stderr);
    match(stdout, new RegExp(`^PATH is /command:${PATH}$`, "m"));
  });
}
