// What the examples with daemons have in common: the bounds of a stop fit into one another, and compose runs what the
// Dockerfile builds. Each is built, booted and loaded by a test of its own.

import { deepEqual, equal, ok } from "node:assert/strict";
import { SETTINGS } from "../../lib/overlay/settings.ts";
import { imageEnvironment, instructionsOf, lastOf, wordsOf } from "../surroundings/dockerfile.ts";
import { readDocument } from "../surroundings/played_pages.ts";

const EXAMPLES = decodeURIComponent(new URL("../../examples", import.meta.url).pathname);
const NAMES = Array.from(Deno.readDirSync(EXAMPLES), ({ name }) => name)
  .filter((name) => Array.from(Deno.readDirSync(`${EXAMPLES}/${name}`)).some((file) => file.name === "compose.yaml"))
  .sort();

/** The numbers in files of that name, in all service directories. */
function numbersIn(directory: string, name: string): number[] {
  return Array.from(Deno.readDirSync(directory)).flatMap((entry): number[] => {
    const path = `${directory}/${entry.name}`;
    if (entry.isDirectory) return numbersIn(path, name);
    return entry.name === name ? [Number(Deno.readTextFileSync(path))] : [];
  });
}

Deno.test("there is an example for each daemon that is named in docs/start.md, and none besides", async () => {
  const links = (await readDocument("docs/start.md")).matchAll(/\]\(\.\.\/examples\/([\w-]+)\/Dockerfile\)/g);
  deepEqual(Array.from(links, ([, name]) => name!).sort(), NAMES);
});

for (const name of NAMES) {
  const text = Deno.readTextFileSync(`${EXAMPLES}/${name}/compose.yaml`);
  const instructions = instructionsOf(Deno.readTextFileSync(`${EXAMPLES}/${name}/Dockerfile`));
  const environment = imageEnvironment(instructions);

  Deno.test(`a stop of examples/${name} has time for its services, and they have time before KILL`, () => {
    const grace = Number(environment[SETTINGS.servicesGraceTime.variable] ?? SETTINGS.servicesGraceTime.default);
    const bounds = numbersIn(`${EXAMPLES}/${name}/root`, "timeout-kill");
    ok(bounds.length > 0);
    ok(bounds.reduce((sum, bound) => sum + bound) < grace, `${bounds} of ${grace}`);
    const period = 1000 * Number(/^ {4}stop_grace_period: (\d+)s$/m.exec(text)![1]);
    const rest = [SETTINGS.killFinishMaximumTime, SETTINGS.killGraceTime].map((setting) => setting.default);
    ok(period > grace + rest[0]! + rest[1]!, `${period} ms`);
  });

  Deno.test(`compose runs what the Dockerfile of examples/${name} builds`, () => {
    equal(lastOf(instructions, "STOPSIGNAL"), "SIGTERM");
    deepEqual(wordsOf(lastOf(instructions, "ENTRYPOINT")), ["/init"]);
    const list = (key: string): string[] =>
      new RegExp(`^ {4}${key}: \\[(.*)\\]$`, "m").exec(text)?.[1]?.split(", ") ?? [];
    const ports = list("ports").map((port) => port.replaceAll('"', "").split(":").at(-1));
    deepEqual(ports, lastOf(instructions, "EXPOSE")?.split(" ") ?? []);
    const volumes = list("volumes").map((volume) => volume.split(":").at(-1));
    deepEqual(volumes, lastOf(instructions, "VOLUME")?.split(" ") ?? []);
    ok(text.includes("    build: .\n") && text.includes("    init: false\n"));
  });
}
