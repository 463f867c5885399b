// Commands and paths that the manual shows in its lines, in a container with the services that they are about: a command
// that is whole is run and succeeds, and what is said to lie in a directory of the overlay is there.

import { deepEqual, equal, ok } from "node:assert/strict";
import { commandsOfSpan, manualSpans, placeOfOwn } from "../surroundings/inline_commands.ts";
import { type Inside, insideOf, untilFits } from "../surroundings/inside.ts";
import { isSubcommand, ownName, readingOfOwn } from "../surroundings/own_commands.ts";
import { limited, root, start } from "../surroundings/quick.ts";

type Words = readonly string[];

const ignore = Deno.uid() !== 0;

const run = (line: string): { readonly content: string; readonly mode: number } => ({
  content: `#!/bin/sh\n${line}\n`,
  mode: 0o755,
});

const FILES = {
  "etc/cont-init.d/web": run("mkdir -p /var/log/web && chown nobody /var/log/web"),
  "etc/services.d/web/run": run("echo web; trap : HUP; while :; do sleep 1; done"),
  "etc/services.d/web/log/run": run("exec logutil-service /var/log/web"),
  "etc/services.d/job/run": run("exec sleep 1000"),
  "etc/s6-overlay/s6-rc.d/db/type": "longrun\n",
  "etc/s6-overlay/s6-rc.d/db/run": run("exec sleep 1000"),
  "etc/s6-overlay/s6-rc.d/user/contents.d/db": "",
};

/** Words that stand for others, and what they stand for here. */
const FILLED: Readonly<Record<string, string>> = {
  ACCOUNT: "nobody",
  DIR: "/run/service/web",
  FILE: "/tmp/timeline",
  NAME: "web",
  PROGRAM: "s6-echo",
  "SERVICE...": "web",
};

/** Pages whose code is parts of commands: usage lines, and the smallest part that shows a difference. */
const OF_PARTS = ["docs/applets.md", "docs/differences.md"];

/** Commands that are not run, and why. */
const LEFT: Readonly<Record<string, string>> = {
  "/init": "a container has one",
  "/usr/bin/with-contenv python3": "the image has no Python",
  "exec COMMAND": "the command is any",
  "s6-overlay logs -f": "it goes on: tests/containers/logs_test.ts",
  "s6-overlay status --watch": "it needs a terminal: tests/containers/status_watch_test.ts",
  "s6-rc -d": "the command behind it is left out",
  "s6-svc -O .": "web would stay down when it is restarted below",
  "with-contenv sh -c": "the line of the shell is left out",
};

/** Paths in directories of the overlay that are not there, and why. */
const ABSENT: Readonly<Record<string, string>> = {
  "/bin/execlineb": "a former place, which init and interpreters are found by",
  "/bin/s6-svc": "a former place",
  "/bin/with-contenv": "a former place, which interpreters are found by",
  "/etc/s6-overlay/scripts/prepare": "a file of the image, as an example",
  "/etc/s6-overlay/user-bundles.d/user/contents.d/syslogd-bundle": "a file of the archive with syslogd",
  "/run/service/.s6-svscan/SIGUSR1": "a script of the image",
  "/usr/bin/env": "a program of the image",
  "/usr/bin/with-contenvb": "a name that an image gives it",
  "/var/run/s6/etc/command": "it is there for a command whose lines end in CRLF",
  "/var/run/s6/services/.s6-svscan/SIGNAME": "a script of the image",
};

/** Our commands in code of a line, also those that another program runs. */
function ownCommands(text: string): Words[] {
  return commandsOfSpan(text).flatMap((words) => {
    if (ownName(words[0]!) !== undefined) return [words];
    if (isSubcommand(words[0]!)) return [["s6-overlay", ...words]];
    const own = placeOfOwn(words);
    return own < 0 ? [] : [words.slice(own)];
  });
}

/** All that are whole, each once, in the order of the manual. */
async function wholeCommands(): Promise<Words[]> {
  const spans = manualSpans().filter(({ page, text }) => text.includes(" ") && !OF_PARTS.includes(page));
  const found = new Map(spans.flatMap(({ text }) => ownCommands(text)).map((words) => [words.join(" "), words]));
  const whole: Words[] = [];
  for (const words of found.values()) if ((await readingOfOwn(words)).reading === "complete") whole.push(words);
  return whole;
}

function filled([program, ...words]: Words): Words {
  const isEnvironment = /env/.test(program!);
  return [
    program!,
    ...words.map((word) => isEnvironment && word === "DIR" ? "/tmp/environment" : FILLED[word] ?? word),
  ];
}

/** Paths in directories of the overlay, with what their last parts stand for. */
function ownPaths(): string[] {
  const ours =
    /(?<![\w./$}:=*-])\/(?:init|command|package|usr\/lib\/s6-overlay|etc\/s6|run\/s6|run\/service|var\/run\/s6|usr\/bin\/|bin\/)[\w./-]*/g;
  const found = manualSpans().flatMap(({ text }) => Array.from(text.matchAll(ours), ([path]) => path));
  return [...new Set(found)].filter((path) => !path.endsWith("...")).sort();
}

async function container(work: (inside: Inside) => Promise<void>): Promise<void> {
  await using made = await root(FILES);
  const booted = start(made, { environment: { X: "1", S6_BEHAVIOUR_IF_STAGE2_FAILS: "1" } });
  const inside = await insideOf(booted);
  try {
    await work(inside);
  } finally {
    await inside.sh("halt");
    equal((await limited(booted)).code, 0);
  }
}

const isHealthy = (inside: Inside): Promise<unknown> =>
  untilFits(() => inside.sh("s6-overlay healthy"), ({ code }) => code === 0);

Deno.test({
  name: "commands that the manual shows whole succeed in a container",
  ignore,
  fn: async () => {
    const commands = await wholeCommands();
    ok(commands.length > 40);
    const shown = commands.map((words) => words.join(" "));
    deepEqual(Object.keys(LEFT).filter((line) => !shown.includes(line)), []);
    await container(async (inside) => {
      for (const words of commands.filter((_, at) => !Object.hasOwn(LEFT, shown[at]!))) {
        await isHealthy(inside);
        const { code, stderr } = await inside.sh(filled(words).join(" "));
        equal(code, 0, `${words.join(" ")}: ${stderr}`);
      }
    });
  },
});

Deno.test({
  name: "paths of the overlay that the manual names are there",
  ignore,
  fn: async () => {
    const paths = ownPaths();
    ok(paths.length > 30);
    await container(async (inside) => {
      await isHealthy(inside);
      const looks = paths.map((path) => `[ -e ${path.replace("NAME", "web")} ] || echo ${path}`);
      deepEqual((await inside.sh(looks.join("\n"))).stdout.split("\n").slice(0, -1), Object.keys(ABSENT));
    });
  },
});
