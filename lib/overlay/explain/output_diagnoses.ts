// What the last lines of a service's output show: diagnoses from one line each. Only the line that matches is told: the
// others may be secret.

import type { ByteString } from "../../bytes.ts";
import type { ServiceSnapshot } from "../journal/snapshot.ts";
import type { Diagnosed, Diagnosis, Facts } from "./facts.ts";

/** Of a line, which may be of any length. */
const LONGEST_LINE = 240;

/** Something is wrong with run: a service that does its work may print such lines as well. */
export function mayShow({ state, ready, looping }: ServiceSnapshot): boolean {
  return state !== "up" || ready === false || looping;
}

function ofOutput(
  name: string,
  says: string,
  pattern: RegExp,
  tell: (line: ByteString, facts: Facts) => Omit<Diagnosed, "evidence">,
): Diagnosis {
  return {
    name,
    says,
    find: (facts) => {
      if (!mayShow(facts.service)) return undefined;
      for (const { command, logs } of facts.output) {
        for (const { directory, lines } of logs) {
          const line = lines.findLast((line) => pattern.test(line));
          if (line === undefined) continue;
          return { ...tell(line, facts), evidence: { directory, command: command ?? null, text: cutLine(line) } };
        }
      }
      return undefined;
    },
  };
}

function cutLine(line: ByteString): ByteString {
  return line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE)}...`;
}

const PORT = /EADDRINUSE|address (?:is )?(?:already )?in use|port (?:\S+ )?(?:is )?(?:already )?(?:in use|allocated)/i;
const SPACE = /ENOSPC|no space left on device|EDQUOT|disk quota exceeded/i;
const DENIED = /EACCES|permission denied/i;
const NO_PROGRAM =
  /unable to exec \S+: |command not found|: not found$|can't execute '|: (?:exec|env): .*No such file or directory/;
const PATH = /(?:^|[\s'"`(:=])(\/[^\s'"`(),:;]+)/;

const MAKE_ROOM = "df -h tells which file system is full, df -i whether it is out of inodes";

const PRIVILEGED_PORT: Omit<Diagnosed, "evidence"> = {
  why: "the user that it runs as may not bind the address or port that it wants",
  cure: "give it a port from 1024 on, start it as root, or lower the bound: docker run --sysctl " +
    "net.ipv4.ip_unprivileged_port_start=0",
};

/** Of services that are as they are wanted, too. */
export const LOG_DIAGNOSES: readonly Diagnosis[] = [
  { name: "log-full", says: "the file system of its log is full", find: logFull },
];

function logFull({ fullLog }: Facts): Diagnosed | undefined {
  if (fullLog === undefined) return undefined;
  return {
    why: `the file system of its log in ${fullLog} is full: nothing is logged, and what prints much stands still`,
    cure: `make room there (${MAKE_ROOM}), or have its logger keep less: n and s in the script of s6-log`,
  };
}

export const OUTPUT_DIAGNOSES: readonly Diagnosis[] = [
  ofOutput("port-in-use", "the port that it wants belongs to another process", PORT, (_, { leftBehind }) => ({
    why: "the address or port that it wants is in use",
    cure: leftBehind.length > 0
      ? `end the earlier process (${
        leftBehind.map(({ name, pid }) => `${name}, pid ${pid}`).join("; ")
      }), and keep it ` +
        "in the foreground"
      : "give it another port, or end what has that one: another service, or a copy that went into the background",
  })),
  ofOutput("no-space", "a file system is full", SPACE, () => ({
    why: "there is no space left where it writes",
    cure: `make room: ${MAKE_ROOM}; old logs and small volumes are the usual causes`,
  })),
  ofOutput("permission-denied", "a file may not be read or written by the service's user", DENIED, (line, facts) => {
    if (/\bbind/i.test(line)) return PRIVILEGED_PORT;
    const path = PATH.exec(line)?.[1];
    const user = userOf(facts);
    const who = user === undefined ? "the user that it runs as" : user;
    return {
      why: `${path ?? "a file"} is not for ${who} to use`,
      cure: `give ${path ?? "it"} to ${who}, in the image or, for a volume, by a rule in /etc/fix-attrs.d`,
    };
  }),
  ofOutput("program-missing", "a program that run calls is not in the image", NO_PROGRAM, () => ({
    why: "a program that run calls could not be executed",
    cure:
      "install it, or correct its name; scripts that begin with #!/usr/bin/with-contenv sh have the container's PATH",
  })),
];

/** The account that run takes on, where it says so. */
function userOf({ run }: Facts): ByteString | undefined {
  return /(?:^|[\s"])(?:s6-setuidgid|s6-envuidgid)\s+([A-Za-z_][A-Za-z0-9_.-]*)/.exec(run?.head ?? "")?.[1];
}
