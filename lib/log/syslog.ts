// Messages as syslog(3) sends them: "<" facility * 8 + priority ">" and a text. Follows s6-socklog(8) and ucspilogd(8).

import type { ByteString } from "../bytes.ts";

const PRIORITIES = "emerg alert crit err warn notice info debug".split(" ");
// By number; 12 to 15 have no agreed names, 24 is what syslogd marks the time with.
const FACILITIES =
  ("kern user mail daemon auth syslog lpr news uucp cron authpriv ftp unknown unknown unknown unknown " +
    "local0 local1 local2 local3 local4 local5 local6 local7 mark").split(" ");
const LARGEST_CODE = 0xffffffff;

/** The text with its code, if it has one, turned into "facility.priority: ". */
export function withNames(text: ByteString): ByteString {
  const code = /^<([0-9]+)>/.exec(text);
  if (code === null || Number(code[1]) > LARGEST_CODE) return text;
  const number = Number(code[1]);
  const facility = FACILITIES[Math.floor(number / 8)] ?? "unknown";
  return `${facility}.${PRIORITIES[number % 8]}: ${text.slice(code[0].length)}`;
}

/**
 * The line for a datagram.
 * @param cut part of the datagram is missing
 */
export function lineOf(datagram: ByteString, { raw, cut }: { raw: boolean; cut: boolean }): ByteString {
  const text = datagram.replace(/[\0\n]+$/, "").replace(/[\0\n]/g, "~");
  return `${raw ? text : withNames(text)}${cut ? "..." : ""}\n`;
}
