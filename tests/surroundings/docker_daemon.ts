// A daemon of docker for tests: the machine's, or, where that does not run, one of our own without a network, which ends with
// the block.

import { isInstalled, output } from "../../scripts/command.ts";
import { works } from "../../scripts/container.ts";
import { collect, CollectedProcess } from "../../scripts/container_process.ts";
import { BOUND_SUPERVISOR } from "./bound.ts";
import { untilFits } from "./inside.ts";

/** What a daemon of our own does without: it changes nothing of the machine's network. */
const WITHOUT_NETWORK = ["--bridge=none", "--iptables=false", "--ip6tables=false", "--ip-masq=false"];

export interface DockerDaemon extends AsyncDisposable {
  /** Its socket, as DOCKER_HOST has it. */
  readonly host: string;
  /** It was started here, and its containers have no network but their own loopback or the machine's. */
  readonly isOwn: boolean;
}

/** True if there can be one here. */
export const canDocker: boolean = isInstalled("docker") &&
  (works("docker") || (isInstalled("dockerd") && Deno.uid() === 0));

export async function dockerDaemon(): Promise<DockerDaemon> {
  if (works("docker")) {
    const host = Deno.env.get("DOCKER_HOST") ?? "unix:///var/run/docker.sock";
    return { host, isOwn: false, [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  const place = await Deno.makeTempDir({ prefix: "docker-" });
  const host = `unix://${place}/socket`;
  const places = ["--data-root", `${place}/data`, "--exec-root", `${place}/run`, "--pidfile", `${place}/pid`];
  const daemon = new CollectedProcess([
    ...BOUND_SUPERVISOR.split(" "),
    ...["dockerd", "--host", host, ...places, ...WITHOUT_NETWORK],
  ]);
  let over = false;
  daemon.ended.then(() => over = true);
  await untilFits(() => collect(["docker", "--host", host, "version"]), ({ code }) => {
    if (over) throw new Error(`dockerd has ended before it listened: ${daemon.stderr}`);
    return code === 0;
  });
  const end = async (): Promise<void> => {
    if (!over) Deno.kill(daemon.pid, "SIGTERM");
    await daemon.ended;
    // The network namespace of containers that share the machine's stays mounted.
    await output(["sh", "-c", 'umount "$1"/run/netns/* 2>/dev/null; rm -rf "$1"', "end", place]);
  };
  return { host, isOwn: true, [Symbol.asyncDispose]: end };
}
