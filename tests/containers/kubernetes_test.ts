// The example for Kubernetes, as far as podman can play it: it knows pods and deployments, users, read-only roots, shared
// process namespaces and empty directories. It never runs readiness probes, and the others only with systemd: they are
// run by hand here.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { isInstalled, output } from "../../scripts/command.ts";
import { collect } from "../../scripts/container_process.ts";
import type { ContainerEnd } from "../../scripts/engine.ts";
import { ENGINE, imageOf } from "../surroundings/container.ts";

const EXAMPLE = new URL("../../examples/kubernetes/", import.meta.url).pathname;
const MANIFEST = await Deno.readTextFile(`${EXAMPLE}deployment.yaml`);

/** The words of a probe's command. */
function probe(name: "startupProbe" | "readinessProbe" | "livenessProbe"): string[] {
  const list = new RegExp(`${name}:\\n +exec:\\n +command: \\[(.*)\\]`).exec(MANIFEST)?.[1] ?? "";
  return list.split(", ").map((word) => word.replaceAll('"', ""));
}

const why = ENGINE !== "podman"
  ? `${ENGINE} plays no manifests`
  : isInstalled("catatonit")
  ? undefined
  : "podman makes the pod's first container from catatonit, which is not installed";

Deno.test({
  name: `the example for Kubernetes boots, answers its probes and stops in order${
    why === undefined ? "" : ` (not here: ${why})`
  }`,
  ignore: why !== undefined,
  fn: play,
});

async function play(): Promise<void> {
  const directory = await Deno.makeTempDir();
  const prepare = /^RUN (.*)$/m.exec(await Deno.readTextFile(`${EXAMPLE}Dockerfile`))?.[1];
  const image = await imageOf({ root: `${EXAMPLE}root`, prepare: prepare! });
  const manifest = `${directory}/deployment.yaml`;
  // Without a network there are no ports.
  const played = MANIFEST.replace("example.org/web:1", image.name).replace(/ +ports:\n.*containerPort.*\n/, "");
  await Deno.writeTextFile(manifest, played);
  // Inside containers and virtual machines the default limits may be above what the machine itself has.
  const limits = '[containers]\ndefault_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]\n';
  await Deno.writeTextFile(`${directory}/containers.conf`, limits);
  const runtime = isInstalled("runc") ? ["--runtime", "runc"] : [];
  const podman = ["env", `CONTAINERS_CONF=${directory}/containers.conf`, "podman", ...runtime];
  try {
    await output([...podman, "play", "kube", "--network", "none", manifest]);
    const name = (await output([...podman, "ps", "--filter", `ancestor=${image.name}`, "--format", "{{.Names}}"]))
      .trim();
    await inspect((...words) => collect([...podman, ...words]), name);
  } finally {
    await collect([...podman, "play", "kube", "--down", manifest]);
    await collect([...podman, "rmi", "-f", image.name]);
    await Deno.remove(directory, { recursive: true });
  }
}

async function inspect(podman: (...words: string[]) => Promise<ContainerEnd>, name: string): Promise<void> {
  const inside = (...words: string[]): Promise<ContainerEnd> => podman("exec", name, ...words);
  const shell = async (script: string): Promise<string> => {
    const { code, stdout, stderr } = await inside("/bin/sh", "-c", script);
    equal(code, 0, stderr);
    return stdout;
  };
  const start = performance.now();
  for (let ready = false; !ready;) {
    ok(performance.now() - start < 60_000, "not ready in a minute");
    const { code, stderr } = await inside(...probe("readinessProbe"));
    ready = code === 0;
    const { stdout } = await podman("inspect", "--format", "{{.State.Running}} {{.RestartCount}}", name);
    equal(stdout, "true 0\n", `${stderr}${(await podman("logs", name)).stderr}`);
  }
  for (const name of ["startupProbe", "livenessProbe"] as const) equal((await inside(...probe(name))).code, 0);
  equal(await shell("wget -q -O - http://127.0.0.1:8080/"), "Hello from a pod\n");
  match(await shell("id"), /^uid=65532(\(65532\))? gid=65532/);
  match(await shell("cat /proc/1/cmdline | tr '\\0' ' '"), /catatonit/);
  ok(!(await shell("touch /file 2>&1; ls /")).includes("file\n"));
  await shell(
    "n=1000; until grep -q response:200 /run/web-log/current 2>/dev/null || [ $n = 0 ]; do n=$((n-1)); usleep 10000; done; [ $n != 0 ]",
  );

  // Down, it is alive all the same, but not ready.
  await shell("s6-svc -wD -d /run/s6/services/web");
  equal((await inside(...probe("livenessProbe"))).code, 0);
  const down = await inside(...probe("readinessProbe"));
  deepEqual([down.code, down.stdout], [1, "not healthy: service web is down, as is wanted\n"]);

  equal((await podman("stop", "-t", "60", name)).code, 0);
  equal((await podman("inspect", "--format", "{{.State.ExitCode}}", name)).stdout, "0\n");
  const { stdout, stderr } = await podman("logs", name);
  match(stderr, /^s6-overlay: info: this is process [0-9]+, not 1: .*\n$/);
  match(stdout, /^\[services\.d\] done\.\n[^]*KILL signal and exiting\.\n$/m);
}
