// The fields of s6-ps: what each is called, and what it says of a process.

import type { ByteString } from "../../lib/bytes.ts";
import { isoText, type Zone } from "../../lib/log/timezone.ts";
import { TICKS } from "../../lib/process_stat.ts";
import { stampText } from "../../lib/tai.ts";
import { deviceNumbers, type MachineFacts, type Process } from "./processes.ts";

/** Where the processes run, and how what is known of them is put into words. */
export interface FieldContext {
  readonly machine: MachineFacts;
  readonly zone: Zone;
  /** The name of the kernel function at an address, "?" if that is not known. */
  functionAt(address: bigint, name: ByteString | undefined): ByteString;
}

export interface Field {
  readonly heading: string;
  readonly aligned: "left" | "right";
  readonly text: (process: Process, surroundings: FieldContext) => ByteString;
}

const left = (heading: string, text: Field["text"]): Field => ({ heading, aligned: "left", text });
const right = (
  heading: string,
  text: (process: Process, surroundings: FieldContext) => number | bigint | string,
): Field => ({
  heading,
  aligned: "right",
  text: (process, surroundings) => `${text(process, surroundings)}`,
});
const time = (heading: string, ticks: (process: Process) => number): Field =>
  left(heading, (process) => durationText(ticks(process)));

const own = ({ ticks }: Process): number => ticks.user + ticks.system;
const all = (process: Process): number => own(process) + process.ticks.childUser + process.ticks.childSystem;

export const FIELDS: Readonly<Record<string, Field>> = {
  pid: right("PID", ({ pid }) => pid),
  comm: left("COMM", ({ name }) => name),
  s: left("STAT", stateText),
  ppid: right("PPID", ({ parent }) => parent),
  pgrp: right("PGRP", ({ group }) => group),
  sess: right("SESSION", ({ session }) => session),
  tty: left("TTY", terminalText),
  tpgid: right("TPGID", ({ foreground }) => foreground),
  minflt: right("MINFLT", ({ faults }) => faults.minor),
  cminflt: right("CMINFLT", ({ faults }) => faults.childMinor),
  majflt: right("MAJFLT", ({ faults }) => faults.major),
  cmajflt: right("CMAJFLT", ({ faults }) => faults.childMajor),
  utime: time("UTIME", ({ ticks }) => ticks.user),
  stime: time("STIME", ({ ticks }) => ticks.system),
  cutime: time("CUTIME", ({ ticks }) => ticks.user + ticks.childUser),
  cstime: time("CSTIME", ({ ticks }) => ticks.system + ticks.childSystem),
  prio: right("PRIO", ({ priority }) => priority),
  nice: right("NICE", ({ nice }) => nice),
  thcount: right("THREADS", ({ threads }) => threads),
  start: left("START", (process, { machine, zone }) => startText(startOf(process, machine), machine.now, zone)),
  vsize: right("VSZ", ({ size }) => Math.floor(size / 1024)),
  rss: right("RSS", ({ resident }, { machine }) => Math.floor(resident * machine.pageSize / 1024)),
  rsslimit: right("RSSLIM", ({ residentLimit }) => residentLimit / 1024n),
  psr: right("CPU", ({ processor }) => processor),
  rtprio: right("RTPRIO", ({ realTimePriority }) => realTimePriority),
  policy: left("RTPOLICY", ({ policy }) => POLICIES[policy] ?? "UNKNOWN"),
  user: left("USER", ({ uid }, { machine }) => machine.userName(uid) ?? `(${uid})`),
  group: left("GROUP", ({ gid }, { machine }) => machine.groupName(gid) ?? `(${gid})`),
  pmem: right("%MEM", ({ resident }, { machine }) => percentage(resident * machine.pageSize, machine.memory)),
  wchan: left(
    "WCHAN",
    ({ sleepsAt, sleepsIn }, { functionAt }) => sleepsAt === 0n ? "-" : functionAt(sleepsAt, sleepsIn),
  ),
  args: left("COMMAND", commandText),
  env: left("ENVIRONMENT", ({ environment }) => environment?.replaceAll("\0", " ") || "*"),
  pcpu: right("%CPU", (process, { machine }) => percentage(own(process), age(process, machine))),
  ttime: time("TTIME", own),
  cttime: time("CTTIME", all),
  tstart: left("TSTART", (process, { machine }) => stampText(instantOf(startOf(process, machine)))),
  cpcpu: right("C%CPU", (process, { machine }) => percentage(all(process), age(process, machine))),
};

const POLICIES = ["NORMAL", "FIFO", "RR", "BATCH", "ISO", "IDLE"];

/** The state's letter, and marks: leads a session, has threads, is in the foreground, is nice or the contrary. */
function stateText({ pid, state, session, threads, group, foreground, nice }: Process): string {
  const marks = [
    session === pid && "s",
    threads > 1 && "l",
    foreground === group && "+",
    nice > 0 && "N",
    nice < 0 && "<",
  ];
  return state + marks.filter((mark) => mark !== false).join("");
}

function terminalText({ terminal }: Process, { machine }: FieldContext): string {
  if (terminal === 0) return "-";
  const { major, minor } = deviceNumbers(terminal);
  return machine.terminalName(terminal) ?? `(${major}:${minor})`;
}

/** The words of the command line; those of the kernel have none, and a dead process has no more. */
function commandText({ state, name, commandLine }: Process): ByteString {
  if (commandLine === undefined) return "*";
  if (state === "Z") return `${name} <defunct>`;
  return commandLine.replace(/\0+$/, "").replaceAll("\0", " ") || `(${name})`;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A time in ticks, in units that leave few digits. */
export function durationText(ticks: number): string {
  const two = (number: number): string => String(Math.floor(number)).padStart(2, "0");
  const seconds = Math.floor(ticks / TICKS);
  if (seconds < MINUTE) return `${two(seconds)}.${two(ticks % TICKS)}s`;
  const minutes = `${two(seconds % HOUR / MINUTE)}m${two(seconds % MINUTE)}s`;
  if (seconds < HOUR) return minutes;
  const hours = `${two(seconds % DAY / HOUR)}h${minutes}`;
  return seconds < DAY ? hours : `${Math.floor(seconds / DAY)}d${hours}`;
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** The time of today, the day and time of this year, or the date. */
export function startText(start: bigint, now: bigint, zone: Zone): string {
  const [date, today] = [start, now].map((time) => isoText(instantOf(time), zone));
  const [day, time] = date!.split(" ") as [string, string];
  const [year, month, dayOfMonth] = day.split("-") as [string, string, string];
  if (today!.startsWith(day)) return time.slice(0, 8);
  if (!today!.startsWith(year)) return day;
  return `${MONTHS[Number(month) - 1]}${dayOfMonth} ${time.slice(0, 5)}`;
}

function startOf({ started }: Process, { booted }: MachineFacts): bigint {
  return booted + BigInt(started) * BigInt(1e9 / TICKS);
}

/** In ticks. */
function age(process: Process, machine: MachineFacts): number {
  return Number(machine.now - startOf(process, machine)) / (1e9 / TICKS);
}

function instantOf(time: bigint): { seconds: number; nanoseconds: number } {
  return { seconds: Number(time / 1_000_000_000n), nanoseconds: Number(time % 1_000_000_000n) };
}

/** With two digits behind the point, cut off. */
function percentage(part: number, whole: number): string {
  const hundredths = whole > 0 ? Math.floor(part * 10_000 / whole) : 0;
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, "0")}`;
}
