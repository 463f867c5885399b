// A container engine as the demo, the benchmark and the tests see it.

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
  /** It runs at a terminal, at which input is typed. */
  readonly terminal?: boolean;
  readonly openFiles?: string;
  readonly memory?: string;
  /** Nothing in it may ever get more rights. */
  readonly noNewPrivileges?: boolean;
  /** Even root has no capability. */
  readonly withoutCapabilities?: boolean;
  /** It sees the processes of this machine, and is not process 1. */
  readonly hostProcesses?: boolean;
  /** Control groups of the machine that it is put into, by their directories. */
  readonly groups?: readonly string[];
  /** It stays when it has ended, and can be started again. */
  readonly stays?: boolean;
  readonly stdin?: string;
}

/** How a command or a container ended. */
export interface ContainerEnd {
  readonly code: number;
  readonly stdout: string;
  /** Without the last line of a container, which says why it has ended. */
  readonly stderr: string;
  /** What that line says behind "stopping: "; undefined where there is none, as of a program. */
  readonly cause?: string | undefined;
  readonly milliseconds: number;
}

export interface Container {
  /** Everything printed so far. */
  readonly stdout: string;
  readonly stderr: string;
  readonly ended: Promise<ContainerEnd>;
  /**
   * Resolves when the container has printed the text the given number of times; rejects if it ends without, or takes
   * too long.
   */
  printed(text: string, times?: number): Promise<void>;
  /** Types at its terminal. */
  type(text: string): Promise<void>;
  /** Gives its terminal another size. */
  resize(columns: number, rows: number): Promise<void>;
  /** Runs a command in the container. */
  exec(argv: readonly string[]): Promise<ContainerEnd>;
  signal(name: string): Promise<void>;
  /** SIGTERM, and SIGKILL after the given number of seconds. */
  stop(seconds: number): Promise<ContainerEnd>;
  /** Starts it again when it has ended; only for one that stays. What it returns is the container from now on. */
  again(): Promise<Container>;
  /** Takes away what is left of it when it has ended. */
  remove(): Promise<void>;
  /** The pid of its first process, as the machine outside sees it. */
  pid(): Promise<number>;
}

export interface Engine {
  readonly name: string;
  /** True if it may run a directory (its absolute path is the image's name) with what the container writes kept apart. */
  readonly runsDirectories: boolean;
  /** Makes an image of a root file system. */
  importRoot(directory: string, image: string): Promise<void>;
  /** Adds to an image: a directory laid over its root, or a tarball. Then a shell in it may run a command. */
  add(base: string, image: string, what: string, run?: string): Promise<void>;
  start(image: string, options: ContainerOptions): Promise<Container>;
  remove(image: string): Promise<void>;
  has(image: string): Promise<boolean>;
}
