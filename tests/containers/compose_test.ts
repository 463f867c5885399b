// The compose files of the examples, run by a compose: what their Dockerfiles build comes up, becomes healthy, does its work
// and stops in order within seconds. COMPOSE=all in the environment has it do all of them; each fetches its packages.

import { equal, match, ok } from "node:assert/strict";
import { untilFits } from "../surroundings/inside.ts";
import { canHaveBase } from "../surroundings/base_images.ts";
import { COMPOSE, ComposeProject } from "../surroundings/compose_project.ts";
import { dockerDaemon } from "../surroundings/docker_daemon.ts";

/** What a stop may take that finds nothing to wait for, on a machine that does much else. */
const LONGEST_STOP = 15_000;

interface ComposeExample {
  readonly secrets?: Readonly<Record<string, string>>;
  /** That it does its work. */
  readonly work: (project: ComposeProject) => Promise<void>;
}

async function answers(project: ComposeProject, port: number, says: RegExp): Promise<void> {
  const response = await fetch(`http://${await project.published(port)}/`, { headers: { connection: "close" } });
  match(await response.text(), says);
  equal(response.status, 200);
}

async function redisAnswers(project: ComposeProject): Promise<void> {
  const [hostname = "", port] = (await project.published(6379)).split(":");
  using connection = await Deno.connect({ hostname, port: Number(port) });
  await connection.write(new TextEncoder().encode("PING\r\n"));
  const answer = new Uint8Array(16);
  equal(new TextDecoder().decode(answer.subarray(0, await connection.read(answer) ?? 0)), "+PONG\r\n");
}

const PASSWORD = "not a secret";

const EXAMPLES: Readonly<Record<string, ComposeExample>> = {
  "cron-rsyslog": {
    work: async (project) => {
      await project.sh("logger -t example from compose");
      await untilFits(() => project.run("logs"), (text) => /example: from compose/.test(text));
    },
  },
  deno: { work: (project) => answers(project, 8080, /^Hello from Deno/) },
  "nginx-php": { work: (project) => answers(project, 80, /./) },
  node: { work: (project) => answers(project, 8080, /^Hello from Node/) },
  postgresql: {
    secrets: { "password.txt": PASSWORD },
    work: async (project) => {
      const query = `PGPASSWORD='${PASSWORD}' psql -U postgres -h 127.0.0.1 -At -c 'select 43'`;
      equal(await project.sh(query), "43\n");
    },
  },
  redis: { work: redisAnswers },
};

/** Quickly built: it installs no package. */
const FEW = ["node"];
const BASES: Readonly<Record<string, string>> = { node: "node:20-slim", deno: "denoland/deno:debian" };

async function play(name: string, { secrets, work }: ComposeExample): Promise<void> {
  await using daemon = await dockerDaemon();
  await using project = await ComposeProject.up(name, daemon, secrets);
  await project.untilHealthy();
  await work(project);
  const { code, milliseconds } = await project.stop();
  equal(code, 0);
  ok(milliseconds < LONGEST_STOP, `${milliseconds} ms`);
  await project.run("down");
  equal(await project.containers(), "");
}

for (const [name, example] of Object.entries(EXAMPLES)) {
  const isWanted = Deno.env.get("COMPOSE") === "all" || FEW.includes(name);
  Deno.test({
    name: `compose brings examples/${name} up, healthy and at work, and stops it in order`,
    ignore: COMPOSE === undefined || !isWanted || !canHaveBase(BASES[name] ?? "debian:12-slim"),
    fn: () => play(name, example),
  });
}
