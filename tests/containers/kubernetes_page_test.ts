// What docs/kubernetes.md shows as YAML, played without a cluster: a container with the same meaning boots, passes or fails
// the probes as the page says, and stops within the time that it gives. A pod as a whole is in kubernetes_test.ts.

import { deepEqual, equal, match, notEqual, ok } from "node:assert/strict";
import { parse } from "npm:yaml@2.8.1";
import { SETTINGS } from "../../lib/overlay/settings.ts";
import { boot, type Booted, type Setting } from "../surroundings/container.ts";
import { fencedBlocks, shownIn, textOf } from "../surroundings/manual_page.ts";
import { readDocument } from "../surroundings/played_pages.ts";

interface Probe {
  readonly exec: { readonly command: readonly string[] };
  readonly periodSeconds: number;
  readonly failureThreshold?: number;
}

interface Pod {
  readonly spec: {
    readonly terminationGracePeriodSeconds: number;
    readonly containers: readonly { readonly env: readonly { readonly name: string; readonly value: string }[] }[];
  };
}

interface ComposedService {
  readonly image: string;
  readonly init?: boolean;
  readonly stop_grace_period?: string;
  readonly read_only?: boolean;
  readonly tmpfs?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

type Probes = Readonly<Record<"startupProbe" | "readinessProbe" | "livenessProbe", Probe>>;

const BLOCKS = fencedBlocks(await readDocument("docs/kubernetes.md")).map((block) => parse(textOf(block)));
const [PROBES, POD, COMPOSE] = BLOCKS as [
  Probes,
  Pod,
  { readonly services: Readonly<Record<string, ComposedService>> },
];

/** The image of docs/start.md, with its web server. */
const FILES = Object.fromEntries(
  shownIn(await readDocument("docs/start.md")).flatMap((shown) =>
    shown.kind === "file" ? [[shown.path.slice("root/".length), shown.text]] : []
  ),
);
/** A server that takes this many seconds to end, more than services have by default. */
const LEISURELY = 4;
const DATABASE =
  `#!/bin/sh\ntrap 'trap "" TERM; sleep ${LEISURELY}; echo ended; exit' TERM\necho begun\nwhile :; do sleep 0.1; done\n`;

async function until(container: Booted, command: readonly string[], wanted: boolean): Promise<string> {
  // As often as it takes; the time limit of containers ends it otherwise.
  for (;;) {
    const { code, stdout } = await container.exec(command);
    if ((code === 0) === wanted) return stdout;
  }
}

/** What the overlay itself may take to stop with these settings, in seconds, without scripts of cont-finish.d. */
function boundOf(environment: Readonly<Record<string, string>>): number {
  const { servicesGraceTime, killGraceTime } = SETTINGS;
  return [servicesGraceTime, killGraceTime].reduce(
    (sum, { variable, default: usual }) => sum + Number(environment[variable] ?? usual) / 1000,
    0,
  );
}

Deno.test("the probes of the page pass, and of a service that is stopped only readiness fails", async () => {
  const words = (name: keyof Probes): readonly string[] => PROBES[name].exec.command;
  const { periodSeconds, failureThreshold } = PROBES.startupProbe;
  equal(periodSeconds * failureThreshold!, 120, "the page says two minutes");
  await using container = await boot({ files: FILES });
  for (const name of ["startupProbe", "readinessProbe", "livenessProbe"] as const) {
    await until(container, words(name), true);
  }
  equal((await container.exec(["s6-overlay", "stop", "web"])).code, 0);
  notEqual((await container.exec(words("readinessProbe"))).code, 0);
  equal((await container.exec(words("livenessProbe"))).code, 0);
});

Deno.test("a database has the time that the page's pod gives it", async () => {
  const { terminationGracePeriodSeconds, containers: [container] } = POD.spec;
  const environment = Object.fromEntries(container!.env.map(({ name, value }) => [name, value]));
  ok(terminationGracePeriodSeconds > boundOf(environment));
  const ended = async (setting: Setting): Promise<string> => {
    await using booted = await boot({ files: { "etc/services.d/database/run": DATABASE }, ...setting });
    await booted.printed("begun\n");
    return (await booted.stop(terminationGracePeriodSeconds)).stdout;
  };
  match(await ended({ environment }), /^ended$/m);
  // Which it would not have otherwise.
  ok(boundOf({}) / 2 < LEISURELY);
  equal(/^ended$/m.test(await ended({ environment: { [SETTINGS.killGraceTime.variable]: "1" } })), false);
});

Deno.test("a container as the page's compose file describes it is healthy, and stops in order", async () => {
  const { web, worker } = COMPOSE.services;
  deepEqual(worker!.depends_on, { web: { condition: "service_healthy" } });
  equal(web!.init, false);
  const [kind, ...check] = web!.healthcheck!.test;
  equal(kind, "CMD");
  await using container = await boot({
    // What it serves has to be in the image, as nothing of it can be written.
    files: { "etc/services.d/web/run": FILES["etc/services.d/web/run"]!, "www/index.html": "Hello\n" },
    readOnly: web!.read_only!,
    temporary: web!.tmpfs!,
  });
  await until(container, check, true);
  equal((await container.exec(["s6-overlay", "stop", "web"])).code, 0);
  notEqual((await container.exec([...check, "web"])).code, 0);
  const [, seconds = ""] = /^(\d+)s$/.exec(web!.stop_grace_period!) ?? [];
  ok(Number(seconds) > boundOf({}));
  const { code, stdout } = await container.stop(Number(seconds));
  equal(code, 0);
  match(stdout, /KILL signal and exiting\.\n$/);
});
