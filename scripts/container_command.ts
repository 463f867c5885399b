// Containers through podman or docker.

import { isInstalled, output } from "./command.ts";
import type { Container, ContainerEnd, ContainerOptions, Engine } from "./engine.ts";
import { collect, CollectedProcess } from "./container_process.ts";
import { atTerminal, resizeTerminal } from "./container_terminal.ts";

// Inside containers and virtual machines the default limits may be above what the machine itself has.
const LIMITS = ["--ulimit", "nofile=1024:20000", "--ulimit", "nproc=4096:4096"];

export class CommandEngine implements Engine {
  readonly runsDirectories: boolean;
  private readonly command: readonly string[];

  constructor(readonly name: string) {
    this.runsDirectories = name === "podman";
    this.command = name === "podman" && isInstalled("runc") ? ["podman", "--runtime", "runc"] : [name];
  }

  async importRoot(directory: string, image: string): Promise<void> {
    const tar = await Deno.makeTempFile({ suffix: ".tar" });
    await output(["tar", "-c", "-f", tar, "-C", directory, "--owner=0", "--group=0", "."]);
    await output([this.name, "import", tar, image]);
    await Deno.remove(tar);
  }

  async add(base: string, image: string, what: string, run?: string): Promise<void> {
    const context = await Deno.makeTempDir();
    const tarball = what.endsWith(".tar.gz");
    await output(["cp", tarball ? "-a" : "-aT", what, `${context}/${tarball ? "overlay.tar.gz" : "files"}`]);
    const addition = tarball ? "ADD overlay.tar.gz /" : "COPY files /";
    const lines = [`FROM ${base}`, addition, run && `RUN ${run}`, 'ENTRYPOINT ["/init"]', ""];
    const containerfile = lines.filter((line) => line !== undefined).join("\n");
    await Deno.writeTextFile(`${context}/Containerfile`, containerfile);
    const limits = this.name === "podman" ? LIMITS.slice(0, 2) : [];
    await output([
      ...this.command,
      "build",
      "-q",
      // What stands in the cache may be removed by another run meanwhile, and nothing is built twice.
      "--no-cache",
      "--network",
      "none",
      ...limits,
      "-t",
      image,
      "-f",
      `${context}/Containerfile`,
      context,
    ]);
    await Deno.remove(context, { recursive: true });
  }

  start(image: string, options: ContainerOptions): Promise<Container> {
    const name = `s6-overlay-${crypto.randomUUID()}`;
    const argv = [...this.command, "run", "--name", name, "--network", "none"];
    if (!options.stays) argv.push("--rm");
    argv.push("--ulimit", `nofile=${options.openFiles ?? "1024:20000"}`, ...LIMITS.slice(2));
    for (const [variable, value] of Object.entries(options.environment ?? {})) argv.push("-e", `${variable}=${value}`);
    for (const path of options.temporary ?? []) argv.push("--tmpfs", path);
    for (const volume of options.volumes ?? []) argv.push("--volume", volume);
    if (options.user) argv.push("--user", options.user);
    if (options.workingDirectory) argv.push("--workdir", options.workingDirectory);
    if (options.readOnly) argv.push("--read-only");
    // Podman would mount a tmpfs here and there of its own accord; docker does not.
    if (options.readOnly && this.name === "podman") argv.push("--read-only-tmpfs=false");
    if (options.memory) argv.push("--memory", options.memory);
    if (options.noNewPrivileges) argv.push("--security-opt", "no-new-privileges");
    if (options.withoutCapabilities) argv.push("--cap-drop", "all");
    if (options.terminal) argv.push("-ti");
    if (options.stdin !== undefined) argv.push("-i");
    const isDirectory = image.startsWith("/");
    const [entry, ...first] = options.entrypoint ?? (isDirectory ? ["/init"] : []);
    if (entry !== undefined) argv.push("--entrypoint", entry);
    // With an overlay over it, which is the container's.
    if (isDirectory) argv.push("--rootfs", `${image}:O`);
    else argv.push(image);
    argv.push(...first, ...options.arguments ?? []);
    const process = options.terminal
      ? new CollectedProcess(atTerminal(argv), null)
      : new CollectedProcess(argv, options.stdin);
    return Promise.resolve(new CommandContainer(this.command, name, options.stays ?? false, process));
  }

  async remove(image: string): Promise<void> {
    await collect([...this.command, "rmi", "-f", image]);
  }

  async has(image: string): Promise<boolean> {
    return (await collect([...this.command, "image", "inspect", image])).code === 0;
  }
}

/** A container that an engine's command runs. */
export class CommandContainer implements Container {
  constructor(
    protected readonly command: readonly string[],
    protected readonly name: string,
    private readonly stays: boolean,
    private readonly process: CollectedProcess,
  ) {}

  get stdout(): string {
    return this.process.stdout;
  }

  get stderr(): string {
    return this.process.stderr;
  }

  get ended(): Promise<ContainerEnd> {
    return this.process.ended;
  }

  printed(text: string, times?: number): Promise<void> {
    return this.process.printed(text, times);
  }

  type(text: string): Promise<void> {
    return this.process.type(text);
  }

  resize(columns: number, rows: number): Promise<void> {
    return resizeTerminal(this.process.pid, columns, rows);
  }

  exec(argv: readonly string[]): Promise<ContainerEnd> {
    return collect([...this.command, "exec", this.name, ...argv]);
  }

  async signal(name: string): Promise<void> {
    await output([...this.command, "kill", "--signal", name, this.name]);
  }

  async stop(seconds: number): Promise<ContainerEnd> {
    const started = performance.now();
    await output([...this.command, "stop", "-t", String(seconds), this.name]);
    const ended = await this.ended;
    return { ...ended, milliseconds: performance.now() - started };
  }

  again(): Promise<Container> {
    const process = new CollectedProcess([...this.command, "start", "--attach", this.name]);
    return Promise.resolve(new CommandContainer(this.command, this.name, this.stays, process));
  }

  async remove(): Promise<void> {
    if (this.stays) await collect([...this.command, "rm", "--force", this.name]);
  }

  async pid(): Promise<number> {
    return Number(await output([...this.command, "inspect", "--format", "{{.State.Pid}}", this.name]));
  }
}
