// A local user against servers of root: thousands of connections, the begins of messages, and descriptors that nothing
// asked for. Each server keeps to its limits, serves others meanwhile and afterwards, and is as large as before.

import { deepEqual, equal, ok } from "node:assert/strict";
import { writtenSize } from "../../scripts/bench/processes.ts";
import { output } from "../../scripts/command.ts";
import { untilFits } from "../surroundings/inside.ts";
import { LOCAL } from "../surroundings/local_program.ts";

const SOURCE = new URL("../hostile/peer.c", import.meta.url).pathname;
const ignore = Deno.uid() !== 0;
const CONNECTIONS = "10000";
const PATH = `${LOCAL}command:/usr/bin:/bin`;
/** After these a runtime has compiled what it compiles, and its heap has the room that work takes. */
const FIRST = "3000";
/** Bytes by which a server's own memory may grow from then on: less than a kilobyte for a connection. */
const GROWTH = 8e6;

interface Served {
  readonly directory: string;
  readonly socket: string;
  readonly pid: number;
  /** Runs the hostile user up to where it only holds what it has; it goes when the work is done. */
  readonly attacked: (words: readonly string[], work: () => Promise<void>) => Promise<void>;
  /** What root's own client prints. */
  readonly client: (...argv: readonly string[]) => Promise<string>;
}

function inOurPath(argv: readonly string[], directory: string, stdin: "null" | "piped" = "null"): Deno.Command {
  const options = { cwd: directory, clearEnv: true, env: { PATH }, stdin, stdout: "piped", stderr: "piped" } as const;
  return new Deno.Command(argv[0]!, { ...options, args: argv.slice(1) });
}

/** A server in a directory of its own, which has told that it listens. */
async function withServer(
  argv: readonly string[],
  files: Readonly<Record<string, string>>,
  work: (served: Served) => Promise<void>,
): Promise<string> {
  const directory = await Deno.makeTempDir({ prefix: "peers-" });
  await Deno.chmod(directory, 0o755);
  for (const [name, content] of Object.entries(files)) {
    await Deno.mkdir(`${directory}/${name.slice(0, name.lastIndexOf("/"))}`, { recursive: true });
    await Deno.writeTextFile(`${directory}/${name}`, content);
  }
  await output(["gcc", "-O2", "-static", "-o", `${directory}/peer`, SOURCE]);
  const server = inOurPath(argv, directory).spawn();
  const errors = new Response(server.stderr).text();
  const reader = server.stdout.getReader();
  try {
    ok((await reader.read()).value !== undefined, "the server does not listen");
    await work({
      directory,
      socket: `${directory}/sock`,
      pid: server.pid,
      attacked: (words, meanwhile) => attack(directory, words, meanwhile),
      client: async (...argv) => {
        const { stdout, stderr, code } = await inOurPath(argv, directory).output();
        const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
        equal(code, 0, text(stderr));
        return text(stdout);
      },
    });
  } finally {
    server.kill("SIGTERM");
    await Promise.all([server.status, reader.cancel()]);
    await Deno.remove(directory, { recursive: true });
  }
  return await errors;
}

async function attack(directory: string, words: readonly string[], work: () => Promise<void>): Promise<void> {
  const peer = inOurPath([`${directory}/peer`, "sock", ...words], directory, "piped").spawn();
  const errors = new Response(peer.stderr).text();
  const reader = peer.stdout.getReader();
  const done = reader.read();
  try {
    await work();
    if ((await done).value === undefined) throw new Error(await errors);
    await work();
  } finally {
    await peer.stdin.close();
    await Promise.all([peer.status, reader.cancel(), errors]);
  }
}

function descriptorsOf(pid: number): number {
  return [...Deno.readDirSync(`/proc/${pid}/fd`)].length;
}

/**
 * What it has open and how large it is are bounded by what they were before, when a client may have been gone that it knew
 * nothing of yet. What counts is what it has written: whether another process runs the same program changes the rest.
 */
async function unchanged({ pid }: Served, before: { readonly open: number; readonly size: number }): Promise<void> {
  await untilFits(() => Promise.resolve(descriptorsOf(pid)), (open) => open <= before.open);
  const growth = writtenSize([pid]) - before.size;
  ok(growth < GROWTH, `${growth} bytes more`);
}

const stateOf = ({ pid }: Served): { open: number; size: number } => ({
  open: descriptorsOf(pid),
  size: writtenSize([pid]),
});

Deno.test({
  name: "10,000 connections of a local user leave a server of root as it was, and it serves others meanwhile",
  ignore,
  fn: async () => {
    const program = [
      "sh",
      "-c",
      "echo number $IPCCONNNUM of $IPCREMOTEEUID; echo $IPCCONNNUM $IPCREMOTEEUID >>served; cat >/dev/null",
    ];
    const server = ["s6-ipcserver", "-1", "-q", "-c", "20", "-C", "5", "sock", ...program];
    await withServer(server, {}, async (served) => {
      const client = ["s6-ipcclient", "sock", "sh", "-c", "exec 7>&-; head -n 1 <&6"];
      // The program of the client before may not have ended yet.
      const ask = (): Promise<string> =>
        untilFits(() => served.client(...client), (told) => told === "number 1 of 0\n");
      await served.attacked([FIRST, FIRST], async () => {});
      await ask();
      const before = stateOf(served);
      // All at once; and one after the other, where each has a program of its own for a moment.
      for (const [count, held] of [[CONNECTIONS, CONNECTIONS], ["100", "1"]] as const) {
        await served.attacked([count, held, "4294967295", "253"], async () => {
          await ask();
        });
      }
      await unchanged(served, before);
      await ask();
      const theirs = (await Deno.readTextFile(`${served.directory}/served`)).split("\n").filter((line) =>
        line.endsWith(" 65534")
      );
      ok(theirs.length > 0 && theirs.every((line) => Number(line.split(" ")[0]) <= 5), theirs.join());
    });
  },
});

/** A begin of a message for s6-sudod, and for the holder: what its header says, and what follows. */
const BEGINS: Readonly<Record<string, readonly string[]>> = {
  "a header alone": ["100", "3"],
  "a length that there is no memory for": ["4294967295", "0"],
  "many descriptors that nothing asked for": ["40", "253"],
  "more descriptors than there can be": ["40", "65535", "x"],
  "the banner, and no more": ["31", "3", "s6-sudo a v1.0"],
  "what is no call": ["4", "3", "wild"],
};

Deno.test({
  name: "what is no call has s6-sudod run nothing, and it gives up in time",
  ignore,
  fn: async () => {
    const program = ["s6-sudod", "-t", "500", "sh", "-c", 'echo ran >>ran; echo "$@"', "sh"];
    const server = ["s6-ipcserver", "-1", "-q", "-c", "20", "-C", "3", "sock", ...program];
    await withServer(server, {}, async (served) => {
      const ask = async (): Promise<void> => equal(await served.client("s6-sudo", "sock", "root's"), "root's\n");
      await ask();
      const before = stateOf(served);
      for (const begin of Object.values(BEGINS)) {
        await served.attacked(["30", "30", ...begin], ask);
      }
      await unchanged(served, before);
      await untilFits(() => Promise.resolve(childrenOf(served.pid)), (children) => children === "");
      // For root alone: at first, and twice during each attack.
      const times = 1 + 2 * Object.keys(BEGINS).length;
      equal(await Deno.readTextFile(`${served.directory}/ran`), "ran\n".repeat(times));
    });
  },
});

function childrenOf(pid: number): string {
  return Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`);
}

Deno.test({
  name: "a local user with 10,000 connections to a holder of descriptors keeps no others from theirs",
  ignore,
  fn: async () => {
    const rules = {
      "rules/uid/0/allow": "",
      "rules/uid/0/env/S6_FDHOLDER_LIST": "1",
      "rules/uid/0/env/S6_FDHOLDER_STORE_REGEX": "^",
      "rules/uid/0/env/S6_FDHOLDER_RETRIEVE_REGEX": "^",
      "rules/uid/65534/allow": "",
    };
    const server = ["s6-fdholder-daemon", "-1", "-v", "0", "-t", "5000", "-i", "rules", "sock"];
    await withServer(server, rules, async (served) => {
      await served.attacked([FIRST, "200"], async () => {});
      await served.client("s6-fdholder-store", "-t", "10000", "sock", "first");
      const before = stateOf(served);
      let stored = 0;
      for (const [what, begin] of Object.entries(BEGINS)) {
        const count = what === "a header alone" ? CONNECTIONS : "300";
        await served.attacked([count, "200", ...begin], async () => {
          await served.client("s6-fdholder-store", "-t", "10000", "sock", `${++stored}`);
          await served.client("s6-fdholder-delete", "-t", "10000", "sock", `${stored}`);
        });
      }
      await unchanged(served, before);
      deepEqual(await served.client("s6-fdholder-list", "sock"), "first\n");
    });
  },
});
