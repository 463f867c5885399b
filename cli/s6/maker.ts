// What the makers of services write: run scripts of execline, a logger, sources for s6-rc. Their scripts hold names of
// programs, not paths, as PATH in a supervision tree begins with where they lie.

import type { ByteString } from "../../lib/bytes.ts";
import type { Os } from "../../lib/os/os.ts";
import { invalid, UsageError } from "../../lib/report.ts";
import type { Options } from "../getopt.ts";

/** The options that say how a logger logs. */
export const LOGGER_OPTIONS = "l:t:n:s:S:P:";

export const LOGGER_HELP = {
  l: "run the logger as this user",
  t: "stamps in the log: 0 none, 1 TAI64N (default), 2 ISO 8601, 3 both",
  n: "keep this many old files of the log (default 10)",
  s: "the most bytes of a file of the log (default 1000000)",
  S: "the most bytes of all old files of the log (default 0, without limit)",
  P: "put this in front of each line of the log",
} as const;

type LoggerOptions = Pick<Options<typeof LOGGER_OPTIONS>, "value" | "number">;

/** How a logger is to log. */
interface Logging {
  readonly stamp: number;
  readonly files: number;
  readonly size: bigint;
  /** 0 is without limit. */
  readonly total: bigint;
  readonly prefix: ByteString | undefined;
}

/** @throws UsageError */
export function loggingOf(options: LoggerOptions): Logging {
  return {
    stamp: options.number("t") ?? 1,
    files: options.number("n") ?? 10,
    size: large(options.value("s")) ?? 1_000_000n,
    total: large(options.value("S")) ?? 0n,
    prefix: options.value("P"),
  };
}

/** The words that tell s6-log so. */
export function loggingWords({ stamp, files, size, total, prefix }: Logging): ByteString {
  if (stamp > 3) throw invalid("stamptype must be 0, 1, 2 or 3");
  const words = [...(stamp & 1 ? ["t"] : []), ...(stamp & 2 ? ["T"] : []), `n${files}`, `s${size}`];
  if (total > 0n) words.push(`S${total}`);
  if (prefix !== undefined) words.push(/^[\w:.-]*$/.test(prefix) ? `p${prefix}` : scriptWord(`p${prefix}`));
  return words.join(" ");
}

/** The run script of a logger. */
export function loggerScript(words: ByteString, user: ByteString | undefined, directory: ByteString): ByteString {
  const script = ["#!/usr/bin/execlineb -P"];
  if (user !== undefined) script.push(`s6-setuidgid ${scriptWord(user)}`);
  script.push(`s6-log -bd3 -- ${words} ${scriptWord(directory)}`);
  return lines(script);
}

/** An unsigned 64-bit decimal. */
function large(word: ByteString | undefined): bigint | undefined {
  if (word === undefined) return undefined;
  const number = /^[0-9]{1,20}$/.test(word) ? BigInt(word) : -1n;
  if (number < 0n || number > 0xffffffffffffffffn) throw new UsageError();
  return number;
}

export function lines(list: readonly ByteString[]): ByteString {
  return list.map((line) => `${line}\n`).join("");
}

/** A word of an execline script. */
export function scriptWord(word: ByteString): ByteString {
  return `"${word.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")}"`;
}

/** Names for s6-rc; what there is none of is empty. */
export interface Names {
  readonly service: ByteString;
  readonly logger: ByteString;
  readonly pipeline: ByteString;
}

type MakerPorts = Pick<Os, "makeDirectory" | "writeFile">;

/** A run script in a directory, for a program that tells when it is ready. */
export function writeRun(os: MakerPorts, directory: ByteString, run: ByteString, mode: number): void {
  os.writeFile(`${directory}/run`, run, mode);
  os.writeFile(`${directory}/notification-fd`, "3\n");
}

/** The source of a service for s6-rc-compile. @returns its path */
export function makeSource(os: MakerPorts, directory: ByteString, name: ByteString, run: ByteString): ByteString {
  const path = `${directory}/${name}`;
  os.makeDirectory(path, 0o777);
  writeRun(os, path, run, 0o666);
  os.writeFile(`${path}/type`, "longrun\n");
  return path;
}

/** The source of the service's logger. */
export function makeLoggerSource(os: MakerPorts, directory: ByteString, names: Names, run: ByteString): void {
  const { service, logger, pipeline } = names;
  os.writeFile(`${directory}/${service}/producer-for`, `${logger}\n`);
  const home = makeSource(os, directory, logger, run);
  os.writeFile(`${home}/consumer-for`, `${service}\n`);
  if (pipeline !== "") os.writeFile(`${home}/pipeline-name`, `${pipeline}\n`);
}

/** The logger of a service directory. */
export function makeLogger(os: MakerPorts, directory: ByteString, run: ByteString): void {
  os.makeDirectory(`${directory}/log`, 0o777);
  writeRun(os, `${directory}/log`, run, 0o777);
}
