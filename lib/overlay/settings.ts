// Every setting, declared once: name, type, default, unit, one line for the manual. The only file that spells their
// names. Values come from the container's environment store each time they are asked for, because a script may have
// edited it since.

import type { ByteString } from "../bytes.ts";
import { printable } from "../printable.ts";

/** A number with any nonzero value meaning yes; a number; a time in milliseconds; words; lines; or plain text. */
type SettingType = "flag" | "number" | "milliseconds" | "text";

interface Row<T extends SettingType, D> {
  readonly variable: string;
  readonly type: T;
  readonly default: D;
  readonly doc: string;
}

const flag = (variable: string, doc: string): Row<"flag", boolean> => ({ variable, type: "flag", default: false, doc });
const number = (variable: string, fallback: number, doc: string): Row<"number", number> => ({
  variable,
  type: "number",
  default: fallback,
  doc,
});
const milliseconds = (variable: string, fallback: number, doc: string): Row<"milliseconds", number> => ({
  variable,
  type: "milliseconds",
  default: fallback,
  doc,
});
const text = (variable: string, fallback: string, doc: string): Row<"text", ByteString> => ({
  variable,
  type: "text",
  default: fallback,
  doc,
});

export const SETTINGS = {
  keepEnvironment: flag("S6_KEEP_ENV", "Every process keeps the container's environment; nothing is stored."),
  logging: number(
    "S6_LOGGING",
    0,
    "Where output goes: 0 to the container's, 1 to the logger in /var/log/s6-uncaught-logs but for the command's, 2 all of it to that logger.",
  ),
  output: text(
    "S6_OUTPUT",
    "plain",
    "How lines show whose they are: plain not at all, prefix by the service's name in front, json as objects.",
  ),
  catchAllUser: text("S6_CATCHALL_USER", "nobody", "The user that logger runs as."),
  behaviourIfStage2Fails: number(
    "S6_BEHAVIOUR_IF_STAGE2_FAILS",
    0,
    "When an initialization script fails: 0 go on silently, 1 go on and warn, 2 stop the container with exit code 1.",
  ),
  killFinishMaximumTime: milliseconds(
    "S6_KILL_FINISH_MAXTIME",
    5000,
    "How long one script of cont-finish.d may run before it is killed.",
  ),
  servicesGraceTime: milliseconds(
    "S6_SERVICES_GRACETIME",
    3000,
    "How long a stop waits, at most, for services to be down, from its begin on.",
  ),
  killGraceTime: milliseconds(
    "S6_KILL_GRACETIME",
    3000,
    "How long a stop waits, at most, between the TERM and the KILL signal to all processes.",
  ),
  loggingScript: text(
    "S6_LOGGING_SCRIPT",
    "n20 s1000000 T",
    "What logutil-service tells s6-log to do, before the directory.",
  ),
  commandFirstWords: text(
    "S6_CMD_ARG0",
    "",
    "Words, one a line, put in front of the container's command. In generation 3 they are split at whitespace, patterns of file names are expanded, and where there is no command they count for nothing.",
  ),
  commandReceivesSignals: flag(
    "S6_CMD_RECEIVE_SIGNALS",
    "In generation 3, TERM, QUIT, INT, USR1, USR2, PWR and WINCH go to the container's command. If it has not ended within S6_SERVICES_GRACETIME of TERM, QUIT or INT, the container stops.",
  ),
  commandUsesTerminal: flag(
    "S6_CMD_USE_TERMINAL",
    "In generation 3, the container's command prints on the terminal that is its standard input, whatever is logged.",
  ),
  fixHiddenAttributes: flag("S6_FIX_ATTRS_HIDDEN", "Recursive rules of fix-attrs.d apply to hidden files too."),
  commandWaitsForServices: flag(
    "S6_CMD_WAIT_FOR_SERVICES",
    "The container's command starts only when the services are up, or ready where they tell that.",
  ),
  commandWaitMaximumTime: milliseconds(
    "S6_CMD_WAIT_FOR_SERVICES_MAXTIME",
    5000,
    "How long that wait may take; 0 is without limit.",
  ),
  readOnlyRoot: flag(
    "S6_READ_ONLY_ROOT",
    "The user's directories are copied to /var/run/s6/etc instead of linked, so that modes can be set there.",
  ),
  syncDisks: flag("S6_SYNC_DISKS", "A stop writes the disks' caches out."),
  runtimeProfile: text(
    "S6_RUNTIME_PROFILE",
    "",
    "Take the four user directories from /etc/cont-profile.d/NAME instead of /etc.",
  ),
  answerCalls: number(
    "S6_ANSWER_CALLS",
    1,
    "Whether process 1 says what calls of our programs come down to, so that they need not start a runtime: 0 no, 1 yes.",
  ),
  // The launcher reads it, whatever started it.
  checkpoint: number(
    "S6_CHECKPOINT",
    1,
    "Whether a program that has this in its environment goes on from a checkpoint in the tarball: 0 no, it starts; 1 yes.",
  ),
  verbosity: number(
    "S6_VERBOSITY",
    2,
    "What the overlay prints: 0 errors, 1 warnings and why the container ended, 2 what it does, 3 what services do, 4 scripts and states, 5 signals and wishes.",
  ),
  journalEntries: number(
    "S6_JOURNAL_ENTRIES",
    1000,
    "How many of the last events process 1 remembers, 100,000 at most, for `s6-overlay explain` and who asks for a snapshot with the journal. When there are more, the service or script that has most of them loses its oldest.",
  ),
  statusGroup: text(
    "S6_STATUS_GROUP",
    "",
    "A group whose members may ask process 1 what it knows, besides root and its own user.",
  ),
  timeline: text(
    "S6_TIMELINE",
    "",
    "A file that gets the timeline of the boot when that ends: an absolute path that ends in .svg, .json or .txt.",
  ),
  generation: number(
    "S6_OVERLAY_GENERATION",
    0,
    "The generation of s6-overlay that the image is made for: 2, 3, or 0 to find out. Services in /etc/s6-overlay/s6-rc.d are those of generation 3.",
  ),
  bundleDirectory: text(
    "S6_RUNTIME_BUNDLEDIR",
    "",
    "In generation 3, a directory with the bundles user and user2, instead of /etc/s6-overlay/user-bundles.d.",
  ),
  stage2Hook: text(
    "S6_STAGE2_HOOK",
    "",
    "A command to run before everything else, split at whitespace. It can still change the user's directories.",
  ),
} as const;

export type SettingName = keyof typeof SETTINGS;
type ValueOf<T> = T extends { type: "flag" } ? boolean : T extends { type: "text" } ? ByteString : number;

/** Variables of one kind: the rest of the name tells the signal. Their values are routes (signals.ts). */
export const SIGNAL_FAMILY = {
  prefix: "S6_SIGNAL_",
  doc: "What a signal to process 1 does: see [Signals](#signals).",
} as const;

const NUMBER = /^[0-9]{1,15}$/;

/** @param value one that is not taken for a number */
function whyNoNumber(value: ByteString): string {
  return /^[0-9]+$/.test(value) ? "a larger number than can be" : "not a number";
}

/** What all names begin with. */
export const NAMES_BEGIN_WITH = "S6_";

export class Settings {
  private readonly warned = new Set<string>();

  /**
   * @param lookUp the variable's value now, or undefined
   * @param warn takes one line for each variable whose value cannot be read, once
   */
  constructor(
    private readonly lookUp: (variable: string) => ByteString | undefined,
    private readonly warn: (line: string) => void,
  ) {}

  get<N extends SettingName>(name: N): ValueOf<(typeof SETTINGS)[N]> {
    return this.read(SETTINGS[name]) as ValueOf<(typeof SETTINGS)[N]>;
  }

  /** Whether it has been given a value that counts. */
  isGiven(name: SettingName): boolean {
    const row: Row<SettingType, boolean | number | ByteString> = SETTINGS[name];
    const value = this.lookUp(row.variable)?.replace(/\n+$/, "") ?? "";
    return value !== "" && (row.type === "text" || NUMBER.test(value));
  }

  /**
   * Tells of every value that cannot be read.
   * @param lookUp gives the values, where they can be had at a lower price
   */
  check(lookUp: (variable: string) => ByteString | undefined = this.lookUp): void {
    for (const row of Object.values(SETTINGS)) this.read(row, lookUp);
  }

  /** A variable of the family, as `parse` reads it; undefined where there is none, or where parse tells what is wrong. */
  ofSignal<T extends object>(name: string, parse: (value: ByteString) => T | string, instead: string): T | undefined {
    const variable = SIGNAL_FAMILY.prefix + name;
    const value = this.lookUp(variable);
    if (value === undefined || value === "") return undefined;
    const read = parse(value);
    if (typeof read !== "string") return read;
    this.refuseValue(variable, value, read, instead);
    return undefined;
  }

  /** Tells that a value is of no use, and returns the default, which is used instead. */
  refuse<N extends SettingName>(name: N, why: string): ValueOf<(typeof SETTINGS)[N]> {
    const row: Row<SettingType, boolean | number | ByteString> = SETTINGS[name];
    this.refuseValue(row.variable, this.lookUp(row.variable) ?? "", why, usual(row));
    return row.default as ValueOf<(typeof SETTINGS)[N]>;
  }

  private read(
    row: Row<SettingType, boolean | number | ByteString>,
    lookUp: (variable: string) => ByteString | undefined = this.lookUp,
  ): boolean | number | ByteString {
    // A script that changes a setting with echo leaves a line end behind it.
    const value = lookUp(row.variable)?.replace(/\n+$/, "");
    if (value === undefined) return row.default;
    if (row.type === "text") return value === "" ? row.default : value;
    if (NUMBER.test(value)) return row.type === "flag" ? Number(value) !== 0 : Number(value);
    if (value !== "") this.refuseValue(row.variable, value, whyNoNumber(value), usual(row));
    return row.default;
  }

  private refuseValue(variable: string, value: ByteString, why: string, instead: ByteString | number): void {
    if (this.warned.has(variable)) return;
    this.warned.add(variable);
    this.warn(`${variable}="${shown(value)}": ${why}; using the default, ${instead}`);
  }
}

/** What is used where the value is of no use. */
function usual(row: Row<SettingType, boolean | number | ByteString>): ByteString | number {
  return row.type === "text" ? row.default as ByteString || "none" : Number(row.default);
}

const LONGEST_SHOWN = 60;

/** A value from the environment, so that it fits into a line. */
export function shown(text: ByteString): string {
  return text.length > LONGEST_SHOWN ? `${printable(text.slice(0, LONGEST_SHOWN))}...` : printable(text);
}
