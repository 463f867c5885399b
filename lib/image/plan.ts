// From an image to the plan that a child plays: each step as the operations that carry it out, in the chain's own order,
// and what is executed at its end.

import type { ByteString } from "../bytes.ts";
import type { Operation } from "../os/operation.ts";
import type { Plan } from "../os/os.ts";
import type { Step } from "../os/step.ts";
import type { Program } from "./follow.ts";
import type { ProcessImage } from "./image.ts";

/** How a plan is to be played. */
export interface Playing {
  /** The program that says why the command itself cannot be executed. */
  readonly by: string;
  /** The process that starts it prints what fails before its program would run; else the child does. */
  readonly quiet: boolean;
  /** The value for the OOM killer, where it is to be set. */
  readonly oomScore?: number | undefined;
  /** The caller plays the plan in its own process, with its own descriptors. */
  readonly byCaller?: boolean;
}

/**
 * The plan for a chain of programs that come down to one.
 * @param programs the program; where it cannot be executed, the next of these is tried (tryexec)
 * @param runs how many of its steps come before the program that was asked for would run; undefined: it is the last
 */
export function planOf(programs: readonly Program[], playing: Playing, runs?: number): Plan {
  const operations: Operation[] = [];
  if (playing.oomScore !== undefined) operations.push({ by: "s6-overlay", do: "oomScore", score: playing.oomScore });
  const descriptors = new OwnDescriptors(playing.byCaller ?? false);
  let newPidNamespace = false;
  let done = 0;
  programs.forEach(({ image, paths, by }, index) => {
    for (const step of image.steps.slice(done)) {
      if (done++ === runs) operations.push(RUNNING);
      if (step.do === "pidNamespace") newPidNamespace = true;
      else for (const operation of operationsOf(step, descriptors)) operations.push(operation);
    }
    if (runs === done && index === 0) operations.push(RUNNING);
    operations.push({
      do: "execute",
      by: by ?? playing.by,
      name: image.file ?? image.argv[0] ?? "",
      candidates: paths,
      argv: image.argv,
      env: image.environment.toWords(),
      mayFail: index < programs.length - 1,
    });
  });
  return { operations, quiet: playing.quiet, newPidNamespace };
}

/** The operations of an image's steps, for a caller that carries them out itself. */
export function stepsOf(image: ProcessImage, by: string): readonly Operation[] {
  return planOfSaying(image, by, { text: "", code: 0 }).operations.slice(0, -1);
}

/** What a program does that only says something: it sends a text, prints one, says what is wrong, and ends. */
export interface Saying {
  readonly text: ByteString;
  /** For standard error, with its newline. */
  readonly complaint?: ByteString;
  readonly code: number;
  readonly sends?: { readonly path: ByteString; readonly text: ByteString };
}

/** The plan for a chain that comes down to such a program, of that name. */
export function planOfSaying(image: ProcessImage, by: string, { text, complaint, code, sends }: Saying): Plan {
  const playing: Playing = { by, quiet: false, byCaller: true };
  const { operations, ...plan } = planOf([{ image, paths: [], ours: undefined, by }], playing, 0);
  const said: Operation[] = sends === undefined ? [] : [{ do: "send", by, ...sends }];
  if (text !== "") said.push({ do: "print", by, fd: 1, text });
  if (complaint !== undefined) said.push({ do: "print", by, fd: 2, text: complaint });
  return { ...plan, operations: [...operations.slice(0, -1), ...said, { do: "exit", by, code }] };
}

const RUNNING: Operation = { do: "running", by: "s6-overlay" };

/** Which numbers stand for descriptors of the process that starts the child, and which for those the child has made. */
class OwnDescriptors {
  private readonly made = new Set<number>();

  constructor(private readonly all: boolean) {}

  make(fd: number): void {
    this.made.add(fd);
  }

  isLent(fd: number): boolean {
    return !this.all && !this.made.has(fd);
  }
}

function operationsOf(step: Step, descriptors: OwnDescriptors): Operation[] {
  switch (step.do) {
    case "credentials": {
      const { by, credentials: { uid, gid, groups }, denied } = step;
      return [
        { do: "groups", by, groups },
        { do: "groupId", by, id: gid },
        { do: "userId", by, id: uid, denied },
      ];
    }
    case "copy":
    case "move": {
      const lent = !step.given && descriptors.isLent(step.from);
      descriptors.make(step.to);
      return [{ do: step.do, by: step.by, from: step.from, to: step.to, lent }];
    }
    case "open":
    case "lock":
      descriptors.make(step.fd);
      return [step];
    case "close":
      descriptors.make(step.fd);
      return [step];
    case "pidNamespace":
      return [];
    case "foreground":
    case "directory":
    case "umask":
    case "limit":
    case "session":
    case "group":
      return [step];
  }
}
