// Images on roots of real distributions: with their own shells, tools, C libraries and accounts. Those that take a while to
// be brought are there for `deno task distributions` only.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { output } from "../../scripts/command.ts";
import { type Distribution, distributionRoot, DISTRIBUTIONS } from "../../scripts/distributions.ts";
import { type Given, lay } from "../rows/harness.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { assertUnchanged, extractOverlay } from "../surroundings/overlay_tree.ts";
import { quickly, type Root } from "../surroundings/quick.ts";
import { inOrder, SOURCES, user } from "./generation_3.ts";

type Files = Readonly<Record<string, Given>>;

const program = (...lines: readonly string[]): Given => ({ content: `${lines.join("\n")}\n`, mode: 0o755 });

/** What images of generation 2 have: scripts, attributes, a service with a logger, as another user. */
function image(shell: string): Files {
  const script = (...lines: readonly string[]): Given => program(`#!/command/with-contenv ${shell}`, ...lines);
  return {
    "etc/cont-init.d/10-data": script(
      "set -e",
      "mkdir -p /var/log/web",
      "chown nobody /var/log/web",
      'printf %s "$(date +%Y)" >/var/run/s6/container_environment/YEAR',
      'echo "init as $(id -un)"',
    ),
    "etc/cont-init.d/20-year": script('echo "the year has ${#YEAR} digits"'),
    "srv/data/file": "",
    "etc/fix-attrs.d/10-data": "/srv/data true daemon:daemon 0640 0750\n",
    "etc/services.d/web/run": script(
      "exec 2>&1",
      `exec s6-setuidgid daemon ${shell} -c 'echo "web as $(id -un) in $YEAR"; echo >&3; exec sleep 1000'`,
    ),
    "etc/services.d/web/notification-fd": "3\n",
    "etc/services.d/web/finish": program("#!/bin/sh", 'echo "web has ended with $1 and signal $2"'),
    "etc/services.d/web/log/run": program("#!/bin/sh", "exec logutil-service /var/log/web"),
    "etc/cont-finish.d/10-last": script("echo last script"),
  };
}

/** The same, and services with dependencies. */
function withDefinitions(shell: string): Files {
  return {
    ...image(shell),
    [`${SOURCES}/prepare/type`]: "oneshot\n",
    [`${SOURCES}/prepare/up`]: "/etc/prepare\n",
    "etc/prepare": program(`#!/command/with-contenv ${shell}`, "echo prepared"),
    [`${SOURCES}/worker/type`]: "longrun\n",
    [`${SOURCES}/worker/run`]: program(`#!/command/with-contenv ${shell}`, "echo works; exec sleep 1000"),
    [`${SOURCES}/worker/dependencies.d/prepare`]: "",
    ...user("worker"),
  };
}

const LOOK = [
  "s6-svwait -U /var/run/s6/services/web",
  "until grep -qs 'web as daemon in 2' /var/log/web/current; do sleep 0.02; done",
  "s6-overlay healthy && s6-overlay lint / && s6-overlay status web",
  "stat -c '%U %G %a' /srv/data /srv/data/file",
  "if command -v linked-with-musl >/dev/null; then linked-with-musl; fi",
  "exit 7",
].join("\n");

/** A root of its own, in which nothing but the overlay and these files is new. */
async function rootOf(distribution: Distribution, files: Files): Promise<Root> {
  const base = await distributionRoot(distribution);
  const directory = await Deno.makeTempDir({ prefix: "distribution-" });
  await Deno.chmod(directory, 0o755);
  const path = `${directory}/root`;
  await output(["cp", "-a", base, path]);
  const links = await linksOf(path);
  await extractOverlay(path);
  equal(await linksOf(path), links, "what the distribution has as links stays so");
  await lay(path, files);
  const dispose = async (): Promise<void> => {
    await assertUnchanged();
    await Deno.remove(directory, { recursive: true });
  };
  return { path, [Symbol.asyncDispose]: dispose };
}

function linksOf(root: string): Promise<string> {
  return output([
    "sh",
    "-c",
    'for path in bin sbin lib lib64 var/run; do readlink "$1/$path" || ls -d "$1/$path"; done 2>&1',
    "sh",
    root,
  ]);
}

async function boots(distribution: Distribution, shell: string, generation: 2 | 3): Promise<void> {
  await using root = await rootOf(distribution, generation === 2 ? image(shell) : withDefinitions(shell));
  const { code, stdout, stderr } = await quickly(root, { argv: ["/init", shell, "-c", LOOK] });
  equal(code, 7, `${stdout}\n${stderr}`);
  ok(inOrder(stdout, "init as root", "the year has 4 digits", "daemon daemon 750", "daemon daemon 640"), stdout);
  match(stdout, /^0 errors, 0 warnings?$/m);
  match(stdout, /^web +up .* yes .* yes /m);
  ok(inOrder(stdout, "last script"), stdout);
  const log = await Deno.readTextFile(`${root.path}/var/log/web/current`);
  match(
    log,
    /^[0-9-]+ [0-9:.]+ {2}web as daemon in 2[0-9]{3}\n[0-9-]+ [0-9:.]+ {2}web has ended with 256 and signal 15\n$/,
  );
  equal(/^linked with musl$/m.test(stdout), distribution.name.startsWith("musl"));
  if (generation === 3) ok(inOrder(stdout, "prepared", "works"), stdout);
  else deepEqual(stderr, "");
}

const wanted = DISTRIBUTIONS.filter(({ isLarge }) => !isLarge || Deno.env.get("DISTRIBUTIONS") === "all");
for (const distribution of wanted) {
  for (const shell of distribution.shells) {
    for (const generation of [2, 3] as const) {
      Deno.test({
        name: `${distribution.name}: an image of generation ${generation} lives, with scripts of ${shell}`,
        ignore: !canIsolate,
        fn: () => boots(distribution, shell, generation),
      });
    }
  }
}
