// The checkpoints of a built program are the same bytes in another directory, for another user, and beside other work.

import { deepEqual } from "node:assert/strict";
import { HOST } from "../../scripts/base.ts";
import { fingerprint, output } from "../../scripts/command.ts";
import { ownNamespaces } from "../../scripts/namespaces.ts";
import { PREFIX } from "../../scripts/tree.ts";
import { TARBALL } from "../surroundings/tarball.ts";

const NAMES = ["checkpoint", "checkpoint-computing"];
const OTHER_USER = ["setpriv", "--reuid", "12345", "--regid", "12345", "--clear-groups"];
const TAKE = "const { takeCheckpoints } = await import(Deno.args[0]); " +
  `await takeCheckpoints({ recompile: undefined, home: Deno.args[1], prefix: "${PREFIX}" }, Deno.args[2])`;

/** How it is taken: words before the command, and additions to its environment. */
interface Taking {
  readonly words: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** The built program of the tarball, without checkpoints, and all that it takes to take one, as all users may read it. */
async function prepared(place: string): Promise<void> {
  await Deno.mkdir(`${place}/cache`);
  await output(["tar", "-xzf", TARBALL, "-C", place, PREFIX.slice(1)]);
  for (const name of NAMES) await Deno.remove(`${place}${PREFIX}/${name}`);
  await output(["cp", "-r", "scripts", "cli", "lib", "deno.json", place]);
  await output(["cp", "-L", Deno.execPath(), `${place}/deno`]);
  await output(["chmod", "-R", "a+rX", place]);
  await output(["chmod", "a+rwx", place, `${place}/cache`, `${place}${PREFIX}`]);
}

/** Digests of the checkpoints that are taken there, by their names. */
async function taken(place: string, { words, environment = {} }: Taking): Promise<Record<string, string>> {
  await prepared(place);
  const script = [`file://${place}/scripts/checkpoint.ts`, `${place}${PREFIX}`, `${place}/cache`];
  await output([...words, `${place}/deno`, "eval", TAKE, ...script], {
    cwd: place,
    env: { ...environment, HOME: place, TMPDIR: place, DENO_DIR: `${place}/deno-dir` },
  });
  const digests: Record<string, string> = {};
  for (const name of NAMES) {
    const bytes = await Deno.readFile(`${place}${PREFIX}/${name}`);
    digests[name] = await fingerprint([new TextDecoder("latin1").decode(bytes)]);
  }
  return digests;
}

async function inOwnPlace<T>(prefix: string, work: (place: string) => Promise<T>): Promise<T> {
  const place = await Deno.makeTempDir({ prefix });
  try {
    return await work(place);
  } finally {
    await Deno.remove(place, { recursive: true });
  }
}

/** A stock base: the flags of V8 are in a compiled program itself. */
const ignore = HOST !== "amd64" || !(await output(["tar", "-tzf", TARBALL])).includes(`${PREFIX.slice(1)}/js/`);

Deno.test({
  name: "checkpoints are the same bytes in another directory, with another mask, zone and user, and beside other work",
  ignore,
  fn: async () => {
    const first = await inOwnPlace("checkpoints-", (place) => taken(place, { words: [] }));
    const user = await mayBeAnother() ? OTHER_USER : [];
    const work = new Deno.Command("sh", { args: ["-c", "while :; do :; done"] }).spawn();
    try {
      const other = await inOwnPlace("checkpoints-elsewhere-", (place) =>
        taken(place, {
          words: ["sh", "-c", 'umask 077; exec "$@"', "sh", ...user],
          environment: { TZ: "Pacific/Auckland", LANG: "C" },
        }));
      deepEqual(other, first);
    } finally {
      work.kill("SIGKILL");
      await work.status;
    }
  },
});

async function mayBeAnother(): Promise<boolean> {
  return await output([...OTHER_USER, ...ownNamespaces("mount", "user"), "true"]).then(() => true, () => false);
}
