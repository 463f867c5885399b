// The record of a service's deaths: s6-svdt prints it, s6-svdt-clear empties it. A damaged record is emptied too.

import type { ByteString } from "../../lib/bytes.ts";
import type { Os } from "../../lib/os/os.ts";
import { about, isErrno } from "../../lib/report.ts";
import { signalName } from "../../lib/signals.ts";
import { type DeathRecord, decodeDeaths, LONGEST_TALLY } from "../../lib/supervise/death_tally.ts";
import { emptyTally, readTally, type TallyOs } from "../../lib/supervise/tally_file.ts";
import { stampText } from "../../lib/tai.ts";
import { type Applet, utility } from "../applet.ts";
import { NO_OPTIONS } from "../getopt.ts";

export const svdt: Applet = utility({
  name: "s6-svdt",
  usage: "[ -S | -s ] [ -n maxentries ] servicedir",
  summary: "print when and how a service died",
  help: {
    S: "print signals as names (default)",
    s: "print signals as numbers",
    n: "print this many of the last deaths",
  },
  options: "Ssn:",
  least: 1,
  run: (context, { options, args: [directory = ""] }) => {
    const most = Math.min(options.number("n") ?? LONGEST_TALLY, LONGEST_TALLY);
    const deaths = readDeaths(context.os, directory);
    const numeric = options.last("S", "s") === "s";
    context.print(deaths.slice(Math.max(0, deaths.length - most)).map((death) => line(death, numeric)).join(""));
    return 0;
  },
});

export const svdtClear: Applet = utility({
  name: "s6-svdt-clear",
  usage: "servicedir",
  summary: "forget how a service died",
  options: NO_OPTIONS,
  least: 1,
  run: ({ os }, { args: [directory = ""] }) => {
    about("clear death tally for service", directory, () => emptyTally(os, directory));
    return 0;
  },
});

function readDeaths(os: TallyOs & Pick<Os, "find">, directory: ByteString): DeathRecord[] {
  return about("read death tally for service", directory, () => {
    try {
      const deaths = decodeDeaths(readTally(os, directory));
      if (deaths === undefined) emptyTally(os, directory);
      return deaths ?? [];
    } catch (error) {
      if (isErrno(error, "ENOENT") && os.find(`${directory}/supervise`) !== undefined) return [];
      throw error;
    }
  });
}

function line({ stamp, code, signal }: DeathRecord, numeric: boolean): string {
  const end = signal === 0 ? `exitcode ${code}` : `signal ${numeric ? signal : signalName(signal)}`;
  return `${stampText(stamp)} ${end}\n`;
}
