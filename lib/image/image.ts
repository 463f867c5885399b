// The process image: what a process is about to be, as a value. A chain-loading program (with-contenv, s6-setuidgid,
// cd, export, redirfd, ...) is a pure function from one image to the next; nothing happens until the chain reaches a
// program that is not ours, and then the image is realised once, by execve or by posix_spawn (realise.ts).

import type { ByteString } from "../bytes.ts";
import { Environment } from "../environment.ts";
import type { Credentials } from "../os/operands.ts";
import type { Step } from "../os/step.ts";

interface Parts {
  readonly argv: readonly ByteString[];
  readonly environment: Environment;
  readonly steps: readonly Step[];
  /** Set where the file to execute is not to be looked up by argv[0] (exec -a, -l). */
  readonly file?: ByteString | undefined;
  /** Set where the file is not to be looked up in the PATH of the environment (exec -c). */
  readonly searchPath?: ByteString | undefined;
  /** The process has another root than the one we came from. */
  readonly elsewhere?: true | undefined;
  /** What to run where the file cannot be executed (tryexec). */
  readonly otherwise?: Pick<Parts, "argv" | "environment"> | undefined;
  /** The file is a script to be run even where the kernel would not execute it: by its interpreter, as if it did. */
  readonly insists?: boolean | undefined;
  /** The file is a script of the process that starts it, such as the run of a service: process 1 may read it. */
  readonly isScript?: boolean | undefined;
}

export class ProcessImage {
  readonly argv: readonly ByteString[];
  readonly environment: Environment;
  readonly steps: readonly Step[];
  readonly file: ByteString | undefined;
  readonly searchPath: ByteString | undefined;
  readonly elsewhere: true | undefined;
  readonly otherwise: Pick<Parts, "argv" | "environment"> | undefined;
  readonly insists: boolean | undefined;
  readonly isScript: boolean | undefined;

  private constructor(parts: Parts) {
    this.argv = parts.argv;
    this.environment = parts.environment;
    this.steps = parts.steps;
    this.file = parts.file;
    this.searchPath = parts.searchPath;
    this.elsewhere = parts.elsewhere;
    this.otherwise = parts.otherwise;
    this.insists = parts.insists;
    this.isScript = parts.isScript;
  }

  static of(argv: readonly ByteString[], environment: Environment = Environment.empty): ProcessImage {
    return new ProcessImage({ argv, environment, steps: [] });
  }

  private with(change: Partial<Parts>): ProcessImage {
    return new ProcessImage({ ...this, ...change });
  }

  /** The image that runs this command; `file`, if given, is executed under the name argv[0]. */
  run(argv: readonly ByteString[], file?: ByteString, searchPath?: ByteString): ProcessImage {
    return this.with({ argv, file, searchPath, otherwise: undefined, insists: undefined, isScript: undefined });
  }

  /** The image for a script that the process that starts it may read. */
  ofScript(): ProcessImage {
    return this.with({ isScript: true });
  }

  /** The image for a script that need not be executable, nor lie on a file system where anything is. */
  insisting(): ProcessImage {
    return this.with({ insists: true });
  }

  /** With another command, in the environment of that image, for the case that this one cannot be executed. */
  orElse({ argv, environment }: ProcessImage): ProcessImage {
    return this.with({ otherwise: { argv, environment } });
  }

  /** The image that runs this one's other command; undefined if it has none. */
  get fallback(): ProcessImage | undefined {
    return this.otherwise && this.run(this.otherwise.argv).withEnvironment(this.otherwise.environment);
  }

  /**
   * After a change of root: what has the name of one of our programs there is not ours, our own code being out of
   * reach.
   */
  inOtherRoot(): ProcessImage {
    return this.with({ elsewhere: true });
  }

  /** A change that realising carries out before the program starts. */
  step(step: Step): ProcessImage {
    return this.with({ steps: [...this.steps, step] });
  }

  /** With changes that come before those it already has. */
  preceded(...steps: readonly Step[]): ProcessImage {
    return this.with({ steps: [...steps, ...this.steps] });
  }

  /** The same image with nothing left to do: its steps have been carried out on this process. */
  settled(): ProcessImage {
    return this.with({ steps: [] });
  }

  /** What is left to do can neither fail nor change where standard error goes: descriptors to be put in place. */
  get isSettled(): boolean {
    return this.steps.every((step) =>
      (step.do === "copy" && !step.given && step.to > 2) || (step.do === "close" && step.fd > 2)
    );
  }

  /**
   * Files may be others than now when the program starts: a step makes or empties one, or waits for another process, as for
   * the other end of a fifo or for a lock.
   */
  get filesMayChange(): boolean {
    return this.steps.some((step) => step.do === "lock" || (step.do === "open" && (makesFile(step) || mayWait(step))));
  }

  withEnvironment(environment: Environment): ProcessImage {
    return this.with({ environment });
  }

  /** With variables set, or removed where the value is undefined. */
  withVariables(changes: Iterable<readonly [ByteString, ByteString | undefined]>): ProcessImage {
    return this.with({ environment: this.environment.with(changes) });
  }

  /** The ids the program will run with, where a step sets them. */
  get credentials(): Credentials | undefined {
    const step = this.steps.findLast((step) => step.do === "credentials");
    return step?.credentials;
  }

  /** The directory the steps lead to, relative to that of this process; empty where no step enters one. */
  get directory(): ByteString {
    return this.steps.reduce((at, step) => step.do === "directory" ? join(at, step.path) : at, "");
  }

  /** A path as the program would see it. */
  resolve(path: ByteString): ByteString {
    return join(this.directory, path);
  }
}

type Opening = Step & { readonly do: "open" };

function makesFile({ flags }: Opening): boolean {
  return flags.includes("create") || flags.includes("truncate");
}

function mayWait({ flags, path }: Opening): boolean {
  return !flags.includes("nonblocking") && path !== "/dev/null";
}

function join(base: ByteString, path: ByteString): ByteString {
  return base === "" || path.startsWith("/") ? path : `${base}/${path}`;
}
