// What the life of a service shows: diagnoses from how it starts, ends and waits.

import type { ByteString } from "../../bytes.ts";
import { durationInWords } from "../durations.ts";
import { exitInWords } from "../journal/exit.ts";
import type { Exit, ServiceSnapshot } from "../journal/snapshot.ts";
import { troubleInWords } from "../journal/state_words.ts";
import { type Diagnosed, type Diagnosis, type Facts, isMissing, type RunLife } from "./facts.ts";
import { NOTIFY_SOCKET } from "../../supervise/readiness_files.ts";

/** A life that is over in less than this many milliseconds is over at once. */
const AT_ONCE = 2000;
/** What goes into the background does its preparations first. */
const SOON = 10_000;
/** What has not happened after this many milliseconds is late. */
const FINISH_IS_LATE = 2000;
const READINESS_IS_LATE = 5000;

/** Before those of the output: what they find explains lines there. */
export const LEAVING_DIAGNOSES: readonly Diagnosis[] = [
  { name: "forks", says: "run goes into the background instead of staying", find: forks },
];

export const LIFE_DIAGNOSES: readonly Diagnosis[] = [
  { name: "failed-for-good", says: "its finish script exited 125", find: failedForGood },
  { name: "exits-at-once", says: "run ends within moments, again and again", find: exitsAtOnce },
  { name: "ends-again-and-again", says: "run ends by itself, again and again", find: endsAgain },
  { name: "finish-hangs", says: "its finish script does not end", find: finishHangs },
  {
    name: "never-ready",
    says: "it has a notification-fd or a notify-socket, and has not told there that it is ready",
    find: neverReady,
  },
  { name: "will-not-end", says: "it was told to end, and lives on", find: willNotEnd },
  { name: "paused", says: "it has been stopped by a signal and not continued", find: paused },
  { name: "backing-off", says: "it could not be started; the next attempt waits", find: backingOff },
  {
    name: "not-started",
    says: "the boot has not brought it up: it has failed, or needs what has failed",
    find: notStarted,
  },
  { name: "unsupervised", says: "its supervisor has ended, or could not begin", find: unsupervised },
];

function forks({ service, lives, leftBehind }: Facts): Diagnosed | undefined {
  if (!isMissing(service) && !service.looping || leftBehind.length === 0) return undefined;
  if (!lives.some((life) => life.end === "exited 0" && lengthOf(life) < SOON)) return undefined;
  const [first] = leftBehind;
  const more = leftBehind.length === 1 ? "" : ` and ${leftBehind.length - 1} more`;
  return {
    why:
      `run exited 0 and left a process behind: ${first!.name} (pid ${
        first!.pid
      })${more}. It went into the background, ` +
      "where it is not supervised",
    cure: "have it stay in the foreground: nginx -g 'daemon off;', httpd -DFOREGROUND, php-fpm -F, sshd -D, others " +
      "-f, -F, -n, --foreground or --nodaemon; in a script no & behind it",
  };
}

function failedForGood({ service }: Facts): Diagnosed | undefined {
  if (!service.failed) return undefined;
  const last = service.lastExit === null ? "" : `: run ${endInWords(service.lastExit)}`;
  return {
    why: `its finish script exited 125, by which it is not started again${last}`,
    cure: `when the cause is gone: s6-overlay start ${service.name}`,
  };
}

function exitsAtOnce(facts: Facts): Diagnosed | undefined {
  const { service: { looping, lastExit }, lives } = facts;
  const ended = lives.filter(({ ended }) => ended !== null);
  if (!looping || lastExit === null || !ended.slice(-3).every((life) => lengthOf(life) < AT_ONCE)) return undefined;
  return { why: `run ${endInWords(lastExit)} at once, again and again`, cure: cureOfEnd(facts) };
}

function endsAgain(facts: Facts): Diagnosed | undefined {
  const { service: { looping, lastExit, wanted, state }, lives } = facts;
  if (lastExit === null || !looping && !(wanted === "up" && state === "down")) return undefined;
  const last = lives.findLast(({ ended }) => ended !== null);
  const after = last === undefined ? "" : ` after ${durationInWords(lengthOf(last))}`;
  return {
    why: `run ${endInWords(lastExit)}${after}${looping ? ", not for the first time" : ""}`,
    cure: cureOfEnd(facts),
  };
}

/** What exit codes mean to most programs. From 129 on a shell tells by them of a signal. */
const CODES: Readonly<Record<number, string>> = {
  0: "a service must stay: have run execute a program that does, in the foreground (a task that ends belongs into " +
    "/etc/cont-init.d)",
  2: "in a shell this is an error of syntax or a wrong option: its output names the line. If that is a line of a program, " +
    "the program is for another architecture",
  100:
    "a program of the overlay was called with wrong options or operands, or execline has found an error of syntax: its output names it",
  111: "a program of the overlay could not do its work: its output says what failed",
  126: "a program that run calls is there but cannot be executed: its output names it",
  127:
    "a program that run calls was not found: its output names it. Scripts that begin with #!/usr/bin/with-contenv sh " +
    "have the container's PATH",
};

const FOR_LOGGERS =
  "the directory that it writes to must be there and belong to its user, for logutil-service nobody: a " +
  "script of cont-init.d, or a oneshot that it depends on, does mkdir -p DIRECTORY and chown nobody DIRECTORY";

const SIGNALS: Readonly<Record<string, string>> = {
  KILL:
    "something killed it: often the kernel, as memory ran out (the engine's memory limit, docker inspect: OOMKilled)",
  SEGV: "the program crashed: it may be built for another system, or damaged",
  ILL: "the program has instructions that this processor does not know: take a build for an older one",
  SYS: "the engine's filter of system calls forbids what it does (seccomp)",
  BUS:
    "the program crashed: a file that it has mapped became shorter, or /dev/shm is too small (docker run --shm-size)",
};

const BY_NUMBER: Readonly<Record<number, string>> = { 132: "ILL", 135: "BUS", 137: "KILL", 139: "SEGV", 159: "SYS" };

function cureOfEnd({ service: { name, lastExit, directory }, output, writesLog }: Facts): ByteString {
  const command = output.find(({ command }) => command !== undefined)?.command;
  const usual = `see what it printed last${command === undefined ? "" : `, with ${command}`}; started by hand it may ` +
    `show more: s6-overlay stop ${name}, cd ${directory}, ./run`;
  if (lastExit?.code === 111 && writesLog) return FOR_LOGGERS;
  if (lastExit === null) return usual;
  const signal = lastExit.signal ?? BY_NUMBER[lastExit.code ?? -1];
  const known = signal === undefined ? CODES[lastExit.code ?? -1] : SIGNALS[signal];
  return known ?? usual;
}

function finishHangs({ service, now, deepest }: Facts): Diagnosed | undefined {
  const { state, since, killedAt, directory } = service;
  if (state !== "finishing" || now.after - since.after < FINISH_IS_LATE) return undefined;
  const what = deepest === undefined
    ? ""
    : `: ${deepest.stat.name} (pid ${deepest.stat.pid}) ${deepest.activity ?? "runs"}`;
  const limit = killedAt === null
    ? "timeout-finish is 0, so that nothing ends it"
    : "it is killed when its time is over";
  return {
    why: `its finish script has not ended${what}; the next start waits for it, and ${limit}`,
    cure: `finish is for cleaning up, and must end soon. ${directory}/timeout-finish limits it, in milliseconds`,
  };
}

function neverReady({ service, now, awaited, notification }: Facts): Diagnosed | undefined {
  const { state, ready, since } = service;
  if (state !== "up" || ready !== false) return undefined;
  if (awaited === undefined && now.after - since.after < READINESS_IS_LATE) return undefined;
  const { fd, isOpen, hasSocket = false } = notification ?? {};
  if (fd === undefined && hasSocket) return notReadyBySocket(service);
  const number = fd === undefined ? "the descriptor in notification-fd" : `descriptor ${fd}`;
  const closed = isOpen === false ? ", which it does not have open (any more)" : "";
  return {
    why: `it has not written a newline to ${number}${closed}, by which it would tell that it is ready`,
    cure:
      `have it write one when it serves (in sh: echo >&${
        fd ?? 3
      }), set the number in notification-fd to the one that ` +
      "it writes to, or remove the file notification-fd",
  };
}

function notReadyBySocket({ leaving, ignoredMessages, directory }: ServiceSnapshot): Diagnosed {
  const file = `${directory}/${NOTIFY_SOCKET}`;
  if (leaving) {
    return {
      why: "it has told that it ends (STOPPING=1), and has not ended",
      cure: "where it does not end by itself, s6-svc -r restarts it, and s6-svc -k kills it",
    };
  }
  const ignored = ignoredMessages ?? 0;
  return {
    why: "it has not sent READY=1 to the socket in NOTIFY_SOCKET, by which it would tell that it is ready" +
      (ignored === 0 ? "" : `; ${ignored} messages of other processes were ignored`),
    cure: ignored === 0
      ? `have it send that when it serves (redis: --supervised systemd; haproxy: -Ws), or remove the file ${file}`
      : `only the process of run may tell: begin its last command with exec, or write "all" into ${file}`,
  };
}

function willNotEnd({ service, isStopping }: Facts): Diagnosed | undefined {
  const { state, wanted, killedAt, toldToEnd, directory } = service;
  if (state !== "up" || wanted !== "down") return undefined;
  if (!isStopping && toldToEnd === null && killedAt === null) return undefined;
  const isLeft = killedAt === null && !isStopping;
  return {
    why: "it is wanted down and has not ended" +
      (isLeft ? "; nothing kills it, as it has no timeout-kill" : "; it is killed when its time is over"),
    cure:
      "a shell passes no signal on: begin the last command of run with exec. A program that ends on another signal " +
      `than TERM has it in ${directory}/down-signal; timeout-kill there has it killed after a time in milliseconds. ` +
      "(After s6-svc -o it is only not started again.)",
  };
}

function paused({ service: { paused, name } }: Facts): Diagnosed | undefined {
  return paused
    ? { why: "it is paused by a STOP signal", cure: `s6-overlay signal CONT ${name} continues it` }
    : undefined;
}

function backingOff({ service }: Facts): Diagnosed | undefined {
  if (!isMissing(service) || service.trouble === null) return undefined;
  const why = troubleInWords(service.trouble);
  // The kernel says so of a number that no descriptor can have here, and of nothing else that a start does.
  const isBeyond = /(?:copy descriptor \d+ to \d+|lock supervise\/service-lock).*: Bad file descriptor/.test(why);
  const isShort = /Resource temporarily unavailable|Cannot allocate memory|Too many open files/.test(why);
  return {
    why,
    cure: isBeyond
      ? "notification-fd or lock-fd has a number that is beyond the limit of open files (ulimit -n): write a small " +
        `one, such as 3, into ${service.directory}, and have run use the same`
      : isShort
      ? "the container is short of processes, memory or descriptors: raise its limits (docker run --pids-limit, " +
        "--memory, --ulimit nofile)"
      : `when the cause is gone it starts at the next attempt; at once: s6-overlay start ${service.name}`,
  };
}

function notStarted({ service: { name }, notStarted }: Facts): Diagnosed | undefined {
  if (notStarted === undefined) return undefined;
  return {
    why: `the boot has not started it: it ${notStarted.why}`,
    cure: `s6-overlay explain tells all that the boot has not started; when the cause is gone: s6-rc -u change ${name}`,
  };
}

function unsupervised({ service, isStopping }: Facts): Diagnosed | undefined {
  if (service.state !== "unsupervised" || isStopping) return undefined;
  return {
    why: service.trouble ?? "its supervisor has ended",
    cure: "a new one is tried each second as long as its directory is in the scan directory; s6-svscanctl -a " +
      "/var/run/s6/services has them read anew",
  };
}

function endInWords(exit: Exit): string {
  return exit.signal === null ? exitInWords(exit) : `was ${exitInWords(exit)}`;
}

function lengthOf({ started, ended }: RunLife): number {
  return ended === null ? Infinity : ended.after - started.after;
}
