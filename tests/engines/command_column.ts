// Docker and podman as columns of the matrix, each with the runtime that its name says.

import { isFile, isInstalled, output } from "../../scripts/command.ts";
import type { ContainerEnd } from "../../scripts/engine.ts";
import { CommandContainer } from "../../scripts/container_command.ts";
import { collect, CollectedProcess } from "../../scripts/container_process.ts";
import { atTerminal } from "../../scripts/container_terminal.ts";
import { ownNamespaces } from "../../scripts/namespaces.ts";
import { BOUND } from "../surroundings/bound.ts";
import { canDocker, dockerDaemon } from "../surroundings/docker_daemon.ts";
import { untilFits } from "../surroundings/inside.ts";
import { Cannot, type Column, type EngineName, type EngineStart, type EngineSubject } from "./column.ts";
import { IMAGE_ENTRYPOINT, IMAGE_ENVIRONMENT } from "./matrix_image.ts";

/** Inside virtual machines the default limits may be above what the machine itself has. */
const LIMITS: Readonly<Record<string, string>> = { nofile: "1024:20000", nproc: "4096:4096" };

/** What an engine says where this machine, and no container, is at fault. */
const OF_MACHINE: readonly (readonly [said: RegExp, reason: string])[] = [
  [/unable to apply caps: operation not permitted/, "root of this machine lacks capabilities that the engine hands on"],
  [/unknown flag: --uidmap/, "docker maps users for a daemon, not for one container"],
];

const ENGINE_FAILURES: readonly number[] = [125, 126, 127];

class CommandSubject extends CommandContainer implements EngineSubject {
  entering(argv: readonly string[], options: readonly string[] = []): Promise<readonly string[]> {
    return Promise.resolve([...this.command, "exec", ...options, this.name, ...argv]);
  }

  /** With the container's exit code, whatever the engine's command ends with. */
  override async stop(seconds: number): Promise<ContainerEnd> {
    const ended = await super.stop(seconds);
    return { ...ended, code: Number(await this.inspect("{{.State.ExitCode}}")) };
  }

  async restart(seconds: number): Promise<EngineSubject> {
    await output([...this.command, "restart", "-t", `${seconds}`, this.name]);
    return this.withLogs();
  }

  /** With what it has printed since its first start in place of what the engine's command prints. */
  withLogs(): EngineSubject {
    const logs = new CollectedProcess([...this.command, "logs", "--follow", this.name]);
    return new CommandSubject(this.command, this.name, true, logs);
  }

  async health(): Promise<string> {
    // Podman has timers of systemd call it, which is not here; docker's daemon does it itself.
    const call = [...this.command, "healthcheck", "run", this.name];
    if (this.command.includes("podman")) await collect(call);
    return await this.inspect("{{.State.Health.Status}}");
  }

  async pause(): Promise<void> {
    await output([...this.command, "pause", this.name]);
    await untilFits(() => this.inspect("{{.State.Status}}"), (status) => status === "paused");
  }

  async unpause(): Promise<void> {
    await output([...this.command, "unpause", this.name]);
  }

  async restartedByEngine(times: number): Promise<void> {
    const state = (): Promise<string> => this.inspect("{{.RestartCount}} {{.State.Status}}");
    await untilFits(state, (text) => text === `${times} exited`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await collect([...this.command, "rm", "--force", "--volumes", this.name]);
    await this.ended;
  }

  private async inspect(format: string): Promise<string> {
    return (await output([...this.command, "inspect", "--format", format, this.name])).trim();
  }
}

class CommandColumn implements Column {
  constructor(
    readonly name: EngineName,
    private readonly command: readonly string[],
    private readonly image: string,
    readonly versions: () => Promise<readonly string[]>,
    private readonly dispose: () => Promise<void>,
  ) {}

  async start({ options, command, stdin }: EngineStart): Promise<EngineSubject> {
    const name = `matrix-${crypto.randomUUID()}`;
    const limits = Object.entries(LIMITS).filter(([limit]) => !options.some((word) => word.startsWith(`${limit}=`)));
    const words = limits.flatMap(([limit, value]) => ["--ulimit", `${limit}=${value}`]);
    const run = ["run", "--name", name, "--network", "none", ...words, ...options, this.image, ...command];
    const argv = [...this.command, ...run];
    const process = this.running(argv, options, stdin);
    const subject = new CommandSubject(this.command, name, true, process);
    // The engine's own failures are 125 to 127, and then nothing has run.
    const failed = await this.failure(process, name);
    if (failed === undefined) return options.includes("-d") ? subject.withLogs() : subject;
    await subject[Symbol.asyncDispose]();
    const said = `${failed.stderr}${failed.stdout}`;
    const known = OF_MACHINE.find(([text]) => text.test(said));
    throw known ? new Cannot(known[1]) : new Error(`${argv.join(" ")}\n${said}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await collect([...this.command, "rmi", "--force", this.image]);
    await this.dispose();
  }

  private running(argv: readonly string[], options: readonly string[], stdin: string | undefined): CollectedProcess {
    return options.includes("-t")
      ? new CollectedProcess(atTerminal(argv), null)
      : new CollectedProcess(argv, options.includes("-i") ? stdin : undefined);
  }

  /** How the engine has failed to start it; undefined once it has started. */
  private async failure(process: CollectedProcess, name: string): Promise<ContainerEnd | undefined> {
    let end: ContainerEnd | undefined;
    process.ended.then((ended) => end = ended);
    const status = [...this.command, "inspect", "--format", "{{.State.StartedAt}}", name];
    const hasStarted = ({ code, stdout }: ContainerEnd): boolean => code === 0 && !stdout.startsWith("0001-");
    await untilFits(() => collect(status), (told) => hasStarted(told) || end !== undefined);
    return end !== undefined && ENGINE_FAILURES.includes(end.code) ? end : undefined;
  }
}

/** Brings the root in as an image. */
async function importImage(command: readonly string[], root: string): Promise<string> {
  const image = `localhost/s6-overlay-matrix:${crypto.randomUUID()}`;
  const variables = Object.entries(IMAGE_ENVIRONMENT).map(([name, value]) => `ENV ${name}=${value}`);
  const changes = [`ENTRYPOINT ["${IMAGE_ENTRYPOINT}"]`, ...variables].flatMap((change) => ["--change", change]);
  const line = 'root=$1; shift; tar -C "$root" -c --owner=0 --group=0 . | "$@"';
  await output(["sh", "-c", line, "import", root, ...command, "import", ...changes, "-", image]);
  return image;
}

async function firstLine(...argv: readonly string[]): Promise<string> {
  return (await output(argv)).split("\n")[0]!;
}

/** @param root what the image has */
export async function dockerColumn(root: string): Promise<Column | undefined> {
  if (!canDocker) return undefined;
  const daemon = await dockerDaemon();
  const command = ["docker", "--host", daemon.host];
  const format = "docker {{.Server.Version}}, its client {{.Client.Version}}";
  const versions = async (): Promise<readonly string[]> => [
    await firstLine(...command, "version", "--format", format),
    await firstLine("runc", "--version"),
  ];
  const image = await importImage(command, root);
  return new CommandColumn("docker + runc", command, image, versions, async () => await daemon[Symbol.asyncDispose]());
}

/** Where the kernel has control groups of both kinds, crun wants a mount namespace without those of the second. */
const HYBRID = "/sys/fs/cgroup/unified";

/** @param root what the image has */
export async function podmanColumn(runtime: "runc" | "crun", root: string): Promise<Column | undefined> {
  if (Deno.uid() !== 0 || !isInstalled("podman") || !isInstalled(runtime)) return undefined;
  const line = `umount ${HYBRID}; echo there; exec sleep infinity`;
  const holder = runtime === "crun" && isFile(HYBRID)
    ? new CollectedProcess([...BOUND, ...ownNamespaces("mount"), "sh", "-c", line])
    : undefined;
  await holder?.printed("there");
  const entering = holder ? ["nsenter", "-t", `${holder.pid}`, "-m"] : [];
  // Where the kernel ends a process for want of memory, conmon leaves a file "oom" in the directory of its caller.
  const command = [...entering, "env", "-C", root, "podman", "--runtime", runtime];
  const versions = async (): Promise<readonly string[]> => [
    await firstLine("podman", "--version"),
    await firstLine(runtime, "--version"),
    await firstLine("conmon", "--version"),
  ];
  const image = await importImage(command, root);
  return new CommandColumn(`podman + ${runtime}`, command, image, versions, async () => {
    if (holder) Deno.kill(holder.pid, "SIGKILL");
    await holder?.ended;
  });
}
