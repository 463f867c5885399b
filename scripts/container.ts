// Containers as the demo, the benchmark and the tests use them: one interface, and what runs them is docker, podman or, with
// neither, plain namespaces.

import { isInstalled } from "./command.ts";
import { CommandEngine } from "./container_command.ts";
import { NamespaceEngine } from "./container_namespace.ts";

export interface ContainerOptions {
  /** The command, put behind the entry point. */
  readonly arguments?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly workingDirectory?: string;
  readonly readOnly?: boolean;
  /** "/path" or "/path:options". */
  readonly temporary?: readonly string[];
  /** "/directory:/path": a directory of this machine, mounted in the container. */
  readonly volumes?: readonly string[];
  /** It runs at a terminal, which somebody types at. */
  readonly terminal?: boolean;
  readonly openFiles?: string;
  readonly memory?: string;
  /** Nothing in it may ever get more rights. */
  readonly noNewPrivileges?: boolean;
  /** Even root has no capability. */
  readonly withoutCapabilities?: boolean;
  /** It stays when it has ended, and can be started again. */
  readonly stays?: boolean;
  readonly stdin?: string;
}

/** How a command or a container ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
}

export interface Container {
  /** Everything printed so far. */
  readonly stdout: string;
  readonly stderr: string;
  readonly ended: Promise<Ended>;
  /** Resolves when the container has printed the text so many times; rejects if it ends without, or takes too long. */
  printed(text: string, times?: number): Promise<void>;
  /** Types at its terminal. */
  type(text: string): Promise<void>;
  /** Gives its terminal another size. */
  resize(columns: number, rows: number): Promise<void>;
  /** Runs a command in the container. */
  exec(argv: readonly string[]): Promise<Ended>;
  signal(name: string): Promise<void>;
  /** SIGTERM, and SIGKILL after so many seconds. */
  stop(seconds: number): Promise<Ended>;
  /** Starts it again when it has ended; only for one that stays. What it returns is the container from now on. */
  again(): Promise<Container>;
  /** Takes away what is left of it when it has ended. */
  remove(): Promise<void>;
  /** The pid of its first process, as the machine outside sees it. */
  pid(): Promise<number>;
}

export interface Engine {
  readonly name: string;
  /** Makes an image of a root file system. */
  importRoot(directory: string, image: string): Promise<void>;
  /** Adds to an image: a directory laid over its root, or a tarball. Then a shell in it may run a command. */
  add(base: string, image: string, what: string, run?: string): Promise<void>;
  start(image: string, options: ContainerOptions): Promise<Container>;
  remove(image: string): Promise<void>;
  has(image: string): Promise<boolean>;
}

/** The engine to use: the first that works here; `wish` names one. */
export function chooseEngine(wish: string | undefined = Deno.env.get("CONTAINER_ENGINE")): Engine {
  const name = wish ?? ["docker", "podman"].find(works) ?? "namespaces";
  return name === "namespaces" ? new NamespaceEngine() : new CommandEngine(name);
}

/** True if the engine is installed and answers: a docker command without its daemon is as good as none. */
export function works(engine: string): boolean {
  return isInstalled(engine) &&
    new Deno.Command(engine, { args: ["info"], stdout: "null", stderr: "null" }).outputSync().success;
}
