// The keeper of the pipes of pipelines, as process 1 stands in for it: it makes and holds them, and gives the ends to the
// services that it starts. A client that connects (an update of s6-rc, a program of a user) is none that process 1 could
// serve: what it sends may be any descriptor, and closing that may take as long as it likes. So the holder is started then,
// with the socket and all pipes.

import type { ByteString } from "../../bytes.ts";
import { systemError } from "../../errno.ts";
import { LONGEST_NAME } from "../../fdholder/protocol.ts";
import type { ProcessImage } from "../../image/image.ts";
import type { FileStatus, Os } from "../../os/os.ts";
import type { Step } from "../../os/step.ts";
import { autofilledNames } from "../../rc/autofilled.ts";
import {
  AUTOFILLED,
  HOLDER_FROM_SERVICE,
  HOLDER_NOTIFICATION,
  holderWords,
  INTERNAL_SOCKET,
} from "../../rc/internal_services.ts";
import { PIPE_HOLDER } from "../../rc/places.ts";
import { pipeNames } from "../../rc/update/pipe_storage.ts";
import { invalid, unlessRefused } from "../../report.ts";
import { SIGNAL } from "../../signals.ts";
import { DUMP_VARIABLES } from "../variable_names.ts";
import { type HeldFiles, type HeldKind, readRun } from "./held_start.ts";

type PipesOs = Pick<Os, "close" | "door" | "leavesRoom" | "limits" | "pipe">;

/** An image may have as many; those of more have the holder as a process. */
const MOST_CONSUMERS = 100;
const LARGEST_LIST = MOST_CONSUMERS * (LONGEST_NAME + 1);
/** What the holder uses besides the pipes. */
const OWN_DESCRIPTORS = 32;
/** Descriptors of pipes begin here in the holder, or higher. */
const LOWEST = 3;
/** How the holder exits that holds something. */
const HOLDING = 1 << 8;
/** They mean nothing to the holder. */
const HARMLESS: ReadonlySet<number> = new Set([SIGNAL.HUP, SIGNAL.CHLD, SIGNAL.PIPE, SIGNAL.WINCH]);
const by = PIPE_HOLDER;

/** Descriptors by their names. */
type Pipes = ReadonlyMap<ByteString, number>;

export class HeldPipes implements HeldKind {
  readonly name = PIPE_HOLDER;
  readonly notification = HOLDER_NOTIFICATION;
  private directory: number | undefined;
  private pipes: Pipes = new Map();

  constructor(private readonly os: PipesOs) {}

  readonly await = (directory: HeldFiles): ReturnType<HeldKind["await"]> => {
    const consumers = autofilledNames(directory.read(AUTOFILLED, LARGEST_LIST));
    const words = holderWords(readRun(directory), consumers.length);
    if (words === undefined) throw invalid("its run is another");
    if (consumers.length > MOST_CONSUMERS) throw invalid(`it has more than ${MOST_CONSUMERS} pipes`);
    const pipes = new Map(consumers.flatMap((consumer) => this.pipeFor(consumer, directory.keep)));
    const first = this.firstNumber([...pipes.values()]);
    const copies = [...pipes.values()].map((from, index): Step => ({ by, do: "copy", from, to: first + index }));
    return {
      words,
      steps: [{ by, do: "open", fd: 1, path: "/dev/null", flags: ["write"], mode: 0 }, ...copies],
      variables: pipeVariables(pipes, first),
      ends: (signal) => endBy(signal, pipes.size),
      held: (isHeld) => {
        this.directory = directory.fd;
        this.pipes = isHeld ? pipes : new Map();
      },
    };
  };

  /**
   * The image that has the pipe of that name as its standard input, as s6-fdholder-retrieve gives it to a service; undefined
   * where the holder is to be asked. Only run and finish of services are given it, as long as they run as we do; also
   * while the holder is paused, which is asked for nothing then.
   */
  readonly give = (image: ProcessImage, socket: ByteString, name: ByteString): ProcessImage | undefined => {
    const from = this.pipes.get(name);
    if (from === undefined || socket !== HOLDER_FROM_SERVICE) return undefined;
    // A number that the chain has given a meaning is not ours any more.
    if (image.steps.some((step) => ("to" in step && step.to === from) || ("fd" in step && step.fd === from))) {
      return undefined;
    }
    if (image.credentials !== undefined || !this.isNeighbour(image)) return undefined;
    return image.step({ by: "s6-fdholder-retrieve", do: "copy", from, to: 0 });
  };

  /** What is beside its directory, which no program of the chain has changed, is our socket. */
  private isNeighbour(image: ProcessImage): boolean {
    if (image.steps.filter((step) => step.do === "directory").length !== 1) return false;
    const { door, close } = this.os;
    return unlessRefused(() => {
      const directory = door.hold(image.resolve(`../${PIPE_HOLDER}`));
      try {
        const [own, found] = [this.directory!, directory].map((fd) =>
          door.find(INTERNAL_SOCKET, fd, { links: "refuse" })
        );
        return own !== undefined && isSame(own, found);
      } finally {
        close(directory);
      }
    }) ?? false;
  }

  /** From which on the holder has them: none of them has its number here, so that no copy takes another one's place. */
  private firstNumber(pipes: readonly number[]): number {
    const first = pipes.toSorted((one, other) => one - other)
      .reduce((first, fd) => fd < first + pipes.length ? Math.max(first, fd + 1) : first, LOWEST);
    const { soft } = this.os.limits("openFiles");
    if (soft < first + pipes.length + OWN_DESCRIPTORS) throw systemError("hold", "its pipes", "EMFILE");
    return first;
  }

  private pipeFor(consumer: ByteString, keep: HeldFiles["keep"]): readonly (readonly [ByteString, number])[] {
    const names = pipeNames(consumer);
    if (names.read.length > LONGEST_NAME) throw systemError("name the pipe of", consumer, "ENAMETOOLONG");
    const { read, write } = this.os.pipe();
    for (const fd of [read, write]) keep(fd);
    if (!this.os.leavesRoom(write)) throw systemError("hold", "its pipes", "EMFILE");
    return [[names.read, read], [names.write, write]];
  }
}

function isSame(one: FileStatus, other: FileStatus | undefined): boolean {
  return one.inode === other?.inode && one.device === other.device;
}

/** No limit is one that the container's environment might have. */
function pipeVariables(pipes: Pipes, first: number): readonly (readonly [ByteString, ByteString | undefined])[] {
  const described = [...pipes.keys()].flatMap((name, index): [ByteString, ByteString | undefined][] => [
    [`${DUMP_VARIABLES.fd}${index}`, `${first + index}`],
    [`${DUMP_VARIABLES.name}${index}`, name],
    [`${DUMP_VARIABLES.limit}${index}`, undefined],
  ]);
  return [[DUMP_VARIABLES.count, `${pipes.size}`], ...described];
}

/** As s6-fdholderd ends by a signal while nobody is connected. */
function endBy(signal: number, held: number): number | undefined {
  if (HARMLESS.has(signal)) return undefined;
  if (signal !== SIGNAL.TERM) return signal;
  return held > 0 ? HOLDING : 0;
}
