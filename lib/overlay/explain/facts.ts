// What is known of a service when it is explained: what process 1 tells, and what was found by looking at its files,
// its processes and its log. Diagnoses are functions of it.

import type { ServiceOrder } from "../rc/defined.ts";
import type { ByteString } from "../../bytes.ts";
import type { FileStatus } from "../../os/os.ts";
import type { AwaitedServices, Moment, NotStarted, ServiceSnapshot } from "../journal/snapshot.ts";
import type { ProcessStat } from "../../process_stat.ts";
import type { EvidenceLine } from "./explanation.ts";

export interface Facts {
  readonly now: Moment;
  readonly service: ServiceSnapshot;
  /** It has no process of its own: process 1 listens on its socket for it. */
  readonly isHeld: boolean;
  /** The container stops. */
  readonly isStopping: boolean;
  /** When all the time that the stop has is over. */
  readonly stopEnds: Moment | null;
  /** What the boot waits for, if that is this service among others. */
  readonly awaited: AwaitedServices | undefined;
  /** The boot was to bring it up, and has not, and nothing else has since. */
  readonly notStarted: NotStarted | undefined;
  /** The lives of its run that the journal still has, the oldest first. */
  readonly lives: readonly RunLife[];
  /** What s6-rc knows of it, where it was asked for. */
  readonly order: ServiceOrder | undefined;
  /** The container boots, until then at most; null is without limit. */
  readonly booting: { readonly until: Moment | null } | undefined;
  /** Undefined where its service directory is not for us to read. */
  readonly run: RunFile | undefined;
  /** It is a logger: that of a service in services.d, or a longrun of s6-rc whose script calls one. */
  readonly writesLog: boolean;
  readonly notification: NotificationFd | undefined;
  readonly output: readonly ReadOutput[];
  /** A directory that it logs to, or its logger does, whose file system is full. */
  readonly fullLog?: ByteString | undefined;
  /** Processes without a supervisor that lives of run have left behind. */
  readonly leftBehind: readonly ProcessStat[];
  /** The process that all others of run, or of finish, wait for. */
  readonly deepest: ProcessAtWork | undefined;
}

/** One life of run. */
export interface RunLife {
  readonly pid: number;
  readonly started: Moment;
  /** Null as long as it lives, and where it has never run. */
  readonly ended: Moment | null;
  /** As the journal has it: "exited 3"; null as long as it lives. */
  readonly end: ByteString | null;
  /** The pid of the finish script that ran after it; null where none has ended yet. */
  readonly finish: number | null;
}

/** A process, and what it does now. */
export interface ProcessAtWork {
  readonly stat: ProcessStat;
  /** The rest of a sentence: "sleeps"; undefined where that is not known. */
  readonly activity: string | undefined;
}

/** The file that is started, or one that it needs. */
export interface ProgramFile {
  readonly path: ByteString;
  readonly kind: FileStatus["kind"] | "missing";
  /** Where a link leads that leads nowhere. */
  readonly leadsTo: ByteString | undefined;
  readonly mode: number;
  readonly uid: number;
  readonly size: number;
  readonly mayExecute: boolean;
  /** Its first bytes; empty where they may not be read. */
  readonly head: ByteString;
  /** The loader that it names, where that is not in the image. */
  readonly missingLoader: ByteString | undefined;
  /** The machine that it is for, where that is not this one. */
  readonly foreignMachine: string | undefined;
  /** Where the file system is mounted that it lies on, if that is mounted noexec. */
  readonly noexec: ByteString | undefined;
}

export interface RunFile extends ProgramFile {
  /** What its first line names. */
  readonly interpreter: ProgramFile | undefined;
  /** What its first line has with-contenv or env look up in PATH; "isThere" is false where no directory has it. */
  readonly lookedUp: { readonly by: ByteString; readonly name: ByteString; readonly isThere: boolean } | undefined;
}

export interface NotificationFd {
  /** The number in the file notification-fd; undefined where it has none. */
  readonly fd: number | undefined;
  /** Whether run has that descriptor open; undefined where that is not for us to see. */
  readonly isOpen: boolean | undefined;
  /** It has a notify-socket. */
  readonly hasSocket: boolean;
  /** There is an s6-notifyoncheck that is to tell for it. */
  readonly checking?: Checking | undefined;
  /** What s6-notifyoncheck in its run executes as data/check; undefined where run does not name that program. */
  readonly checkFile?: RunFile | undefined;
}

export interface Checking {
  /** The process that its check waits for in the end, and for how many milliseconds the check has been running. */
  readonly check: { readonly work: ProcessAtWork; readonly lasts: number } | undefined;
}

/** Where a part of the output goes, and what was last printed there. */
export interface ReadOutput {
  readonly kind: "logger" | "catch-all" | "container";
  /** The command that shows it; undefined where only the engine can. */
  readonly command: ByteString | undefined;
  /** Empty where it is not known which directories a logger writes to. */
  readonly logs: readonly ReadLog[];
}

/** The log in a directory; null: what the relay has carried on to the container's own output. */
export interface ReadLog {
  readonly directory: ByteString | null;
  /** Lines of the last life, or of its end where other services log there too; without stamps, the latest last. */
  readonly lines: readonly ByteString[];
  /** Why some of it was not read; undefined if all was. */
  readonly unread: ByteString | undefined;
  /** Its file system is full; undefined where that is unknown. */
  readonly isFull?: boolean | undefined;
}

/** What a diagnosis has found. */
export interface Diagnosed {
  /** A clause without a full stop. */
  readonly why: ByteString;
  readonly cure: ByteString;
  readonly evidence?: EvidenceLine;
}

export interface Diagnosis {
  readonly name: string;
  /** One line, for docs/troubleshooting.md. */
  readonly says: string;
  /** Undefined where it does not apply. */
  readonly find: (facts: Facts) => Diagnosed | undefined;
}

/** A service that is wanted up and does not run. */
export function isMissing({ state, wanted }: ServiceSnapshot): boolean {
  return wanted === "up" && (state === "down" || state === "starting" || state === "unsupervised");
}

/** Its run could not be executed. */
export function couldNotRun({ service }: Pick<Facts, "service">): boolean {
  return isMissing(service) && service.trouble !== null;
}
