// examples/postgresql: the command finds a server that is ready, what is committed outlives KILL at any moment, and a stop
// is the server's own. KILLS=100 kills it as many times, SEED=n at the moments of an earlier run.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { CollectedProcess } from "../../scripts/container_process.ts";
import { Random } from "../random/random.ts";
import { pidAfter, type RunningExample, startExample, story } from "../surroundings/example.ts";
import { untilHolds } from "../surroundings/inside.ts";

const KILLS = Number(Deno.env.get("KILLS") ?? 5);
/** Milliseconds: databases take long on a machine that does much else. */
const PATIENCE = 60_000;

const PSQL = "s6-setuidgid postgres psql -qAt";
const INSERT = "insert into rows select coalesce(max(n), 0) + 1 from rows returning n";

/** One that a row is written after the other, each with the next number, as long as there is a server. */
class Writer {
  private readonly process: CollectedProcess;

  constructor(running: RunningExample) {
    this.process = new CollectedProcess(running.entering(`yes '${INSERT};' | ${PSQL}`));
  }

  /** The numbers that the server has committed, as it has said. */
  get committed(): number[] {
    return this.process.stdout.split("\n").slice(0, -1).map(Number);
  }

  /** Once that many rows more are written. */
  async written(count: number): Promise<void> {
    await untilHolds(() => this.committed.length >= count, PATIENCE);
  }

  async ended(): Promise<void> {
    await this.process.ended;
  }
}

/** Stopped first, so that it starts no process while its processes are counted. */
function killed(pid: string, random: Random): string {
  const all = `kill -STOP ${pid} && kill -KILL $(cat /proc/${pid}/task/${pid}/children) ${pid}`;
  return random.chance(0.7) ? all : `kill -KILL ${pid}`;
}

async function surviveKills(running: RunningExample): Promise<void> {
  const random = new Random(Number(Deno.env.get("SEED") ?? Date.now() % 1e6));
  console.log(`SEED=${random.seed} KILLS=${KILLS}`);
  await running.told(`${PSQL} -c 'create table rows (n integer primary key)'`);
  let [pid, rows] = [await pidAfter(running, "postgres", ""), 0];
  for (let kills = 1; kills <= KILLS; kills++) {
    const writer = new Writer(running);
    await writer.written(1 + random.below(60));
    await running.told(killed(pid, random));
    await writer.ended();
    pid = await pidAfter(running, "postgres", pid);
    const last = writer.committed.at(-1)!;
    deepEqual(writer.committed, Array.from({ length: last - rows }, (_, at) => rows + 1 + at));
    const [count, most] = (await running.told(`${PSQL} -F ' ' -c 'select count(*), max(n) from rows'`)).split(" ");
    equal(Number(count), Number(most), `kill ${kills}: a row is missing`);
    rows = Number(count);
    // One was on its way, perhaps.
    ok(rows === last || rows === last + 1, `kill ${kills}: ${last} rows were committed, and ${rows} are there`);
  }
  const inOrder =
    "select count(*) from (select n, row_number() over (order by n) as place from rows) as r where n = place";
  equal(Number(await running.told(`${PSQL} -c '${inOrder}'`)), rows);
}

/** By the service's own signal, although there is a session, and then with the container. */
async function stops(running: RunningExample): Promise<void> {
  const session = new CollectedProcess(running.entering(`(echo 'select 42;'; exec tail -f /dev/null) | ${PSQL}`));
  await session.printed("42\n");
  await running.told("s6-svc -wD -T 20000 -d /run/service/postgres");
  match(await running.told("s6-svstat /run/service/postgres"), /^down \(exitcode 0\) /);
  ok(running.container.stdout.includes("received fast shutdown request"));
  await running.told("s6-svc -wU -T 20000 -u /run/service/postgres");
  const { code, stdout } = await running.stop();
  equal(code, 0);
  match(stdout, /database system is shut down\n\[cont-finish\.d\] executing/);
  await session.ended;
}

story(
  "postgresql",
  "PostgreSQL is ready before the command, keeps its rows when it is killed, and stops",
  async (built) => {
    await Deno.mkdir(`${built.path}/run/secrets`);
    await Deno.writeTextFile(`${built.path}/run/secrets/password`, "not a secret\n", { mode: 0o600 });
    await using first = await startExample(built, "sh", "-c", `${PSQL} -c 'select 42'; exit 7`);
    const { code, stdout, stderr } = await first.end();
    deepEqual([code, stdout.split("\n").includes("42")], [7, true], stdout + stderr);

    // On what the first one has left.
    await using running = await startExample(built);
    await running.container.printed("[services.d] done.");
    await pidAfter(running, "postgres", "");
    equal(await running.told("PGPASSWORD='not a secret' psql -U postgres -h 127.0.0.1 -At -c 'select 43'"), "43\n");
    equal((await running.sh("PGPASSWORD=another psql -U postgres -h 127.0.0.1 -c 'select 43'")).code, 2);
    equal(await running.told("s6-overlay healthy"), "healthy\n");
    await surviveKills(running);
    await stops(running);
  },
);
