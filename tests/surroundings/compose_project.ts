// An example as compose runs it: its own compose file and Dockerfile, the tarball beside them, in a project of its own.

import { isInstalled, output } from "../../scripts/command.ts";
import { collect } from "../../scripts/container_process.ts";
import type { ContainerEnd } from "../../scripts/engine.ts";
import { ensureBase } from "./base_images.ts";
import { canDocker, type DockerDaemon } from "./docker_daemon.ts";
import { instructionsOf, lastOf } from "./dockerfile.ts";
import { untilFits } from "./inside.ts";
import { TARBALL } from "./tarball.ts";

const EXAMPLES = new URL("../../examples", import.meta.url).pathname;

/** Milliseconds: packages are fetched for the image, and databases begin slowly on a machine that does much else. */
const PATIENCE = 120_000;

/** The command of compose: docker's plugin, or the program of its own that it was before. */
export const COMPOSE: readonly string[] | undefined = composeCommand();

function composeCommand(): readonly string[] | undefined {
  if (!canDocker) return undefined;
  const plugin = new Deno.Command("docker", { args: ["compose", "version"], stdout: "null", stderr: "null" });
  if (plugin.outputSync().success) return ["docker", "compose"];
  return isInstalled("docker-compose") ? ["docker-compose"] : undefined;
}

export class ComposeProject implements AsyncDisposable {
  private constructor(
    private readonly command: readonly string[],
    private readonly directory: string,
    /** The daemon's socket. */
    private readonly host: string,
    /** The one service of the file. */
    readonly service: string,
  ) {}

  /**
   * Brings it up.
   * @param secrets files beside the compose file, by their names
   */
  static async up(
    example: string,
    daemon: DockerDaemon,
    secrets: Readonly<Record<string, string>> = {},
  ): Promise<ComposeProject> {
    const directory = await Deno.makeTempDir({ prefix: `compose-${example}-` });
    await output(["cp", "-aT", `${EXAMPLES}/${example}`, directory]);
    const file = await Deno.readTextFile(`${directory}/compose.yaml`);
    const dockerfile = instructionsOf(await Deno.readTextFile(`${directory}/Dockerfile`));
    await output(["cp", TARBALL, `${directory}/s6-overlay-amd64.tar.gz`]);
    for (const [name, content] of Object.entries(secrets)) await Deno.writeTextFile(`${directory}/${name}`, content);
    // Any port of this machine that is free, as the one in the file may be taken.
    await Deno.writeTextFile(`${directory}/compose.yaml`, file.replaceAll(/"127\.0\.0\.1:\d+:/g, '"127.0.0.1::'));
    const service = /^services:\n {2}(\S+):$/m.exec(file)![1]!;
    await Deno.writeTextFile(`${directory}/for-test.yaml`, additions(service, daemon));
    await ensureBase(lastOf(dockerfile, "FROM")!, daemon);
    const words = ["-p", `matrix${crypto.randomUUID().slice(0, 8)}`, "-f", "compose.yaml", "-f", "for-test.yaml"];
    const project = new ComposeProject([...COMPOSE!, ...words], directory, daemon.host, service);
    try {
      await project.run("up", "-d", "--build");
    } catch (error) {
      await project[Symbol.asyncDispose]();
      throw error;
    }
    return project;
  }

  /** Runs a command of compose, and returns what it prints. */
  async run(...words: readonly string[]): Promise<string> {
    return await output([...this.command, ...words], { cwd: this.directory, env: { DOCKER_HOST: this.host } });
  }

  /** Runs a line of a shell in the container. */
  async sh(line: string): Promise<string> {
    return await this.run("exec", "-T", this.service, "sh", "-c", line);
  }

  /** Where a port of the container is on this machine, as an address and a port. */
  async published(port: number): Promise<string> {
    return (await this.run("port", this.service, `${port}`)).trim();
  }

  async untilHealthy(): Promise<void> {
    await untilFits(() => this.inspect("{{.State.Health.Status}}"), (status) => status === "healthy", PATIENCE);
  }

  /** What `stop` brings, without what was printed. */
  async stop(): Promise<Pick<ContainerEnd, "code" | "milliseconds">> {
    const started = performance.now();
    await this.run("stop");
    const milliseconds = performance.now() - started;
    return { code: Number(await this.inspect("{{.State.ExitCode}}")), milliseconds };
  }

  /** The containers that are left of it. */
  async containers(): Promise<string> {
    return (await this.run("ps", "-q")).trim();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.run("down", "--volumes", "--rmi", "local", "--timeout", "0");
    await Deno.remove(this.directory, { recursive: true });
  }

  private async inspect(format: string): Promise<string> {
    // One that has ended is listed with --all by the plugin only.
    const [id] = (await this.run("ps", "-q", ...COMPOSE!.length > 1 ? ["--all"] : [])).split("\n");
    return (await collect(["docker", "--host", this.host, "inspect", "--format", format, id!])).stdout.trim();
  }
}

/** What the test adds: a check each second; and, where our own daemon has none, the machine's network for the packages. */
function additions(service: string, { isOwn }: DockerDaemon): string {
  const lines = ["services:", `  ${service}:`, "    healthcheck: { interval: 1s, timeout: 30s, retries: 1000 }"];
  return [...lines, ...(isOwn ? ["    build: { context: ., network: host }"] : []), ""].join("\n");
}
