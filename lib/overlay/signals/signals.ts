// Signals to process 1: what each does, and how a setting says that one of them shall do something else. The manual of
// both is in signal_manual.ts.

import type { ByteString } from "../../bytes.ts";
import type { Os } from "../../os/os.ts";
import { signalNumber } from "../../signals.ts";
import { SCANNER_SIGNALS, type ScannerSignal, type ServiceCommand } from "../../supervise/control.ts";
import type { Scanner } from "../../supervise/scanner_port.ts";

type Signals = Readonly<Record<string, ScannerSignal>>;

/** Signals that a file .s6-svscan/SIGNAME or a setting may give another effect, by the names that both call them. */
export const SIGNALS: Signals = {
  ...SCANNER_SIGNALS,
  // SIGRTMIN+3 of the C library, by which images of systemd are stopped.
  RTMIN3: { signal: 37, command: "terminate" },
  // By which images of httpd are stopped.
  WINCH: { ...SCANNER_SIGNALS["WINCH"]!, command: "terminate" },
};

/** The same where a terminal is: one that changes its size sends WINCH as well. */
const SIGNALS_AT_TERMINAL: Signals = { ...SIGNALS, WINCH: SCANNER_SIGNALS["WINCH"]! };

/** As the process has been started: at a terminal, if one of its standard descriptors is one. */
export function signalsOf(os: Pick<Os, "isTerminal">): Signals {
  return [0, 1, 2].some((fd) => os.isTerminal(fd)) ? SIGNALS_AT_TERMINAL : SIGNALS;
}

/** What is done where nothing else is said, in the words of a route. */
export function usualRoute(name: string, signals: Signals = SIGNALS): string {
  const command = signals[name]?.command;
  if (command === undefined) return "ignore";
  return command === "scanAndPrune" ? "rescan" : "stop";
}

/** What a setting says about a signal. */
export type Route =
  | { readonly do: "stop" | "ignore" | "rescan" | "forward" }
  | { readonly do: "reload"; readonly services: readonly ByteString[] }
  | { readonly do: "send"; readonly signal: number; readonly to: "all" | "command" | readonly ByteString[] };

const FIRST_WORDS = "stop, ignore, rescan, forward, reload and send";

/** The route that a value stands for, or what is wrong with it. */
export function parseRoute(value: ByteString): Route | string {
  const [word = "", ...rest] = value.trim().split(/[ \t\n]+/);
  switch (word) {
    case "stop":
    case "ignore":
    case "rescan":
    case "forward":
      return rest.length === 0 ? { do: word } : `unexpected words after ${word}`;
    case "reload":
      return rest.length > 0 ? { do: word, services: rest } : `missing service name (for example "reload web")`;
    case "send":
      return parseSend(rest);
    default:
      return `unknown route; the known ones are ${FIRST_WORDS}`;
  }
}

function parseSend([name, ...to]: readonly ByteString[]): Route | string {
  const signal = name === undefined ? undefined : SIGNALS[name.toUpperCase()]?.signal ?? signalNumber(name);
  if (signal === undefined) return `missing signal name (for example "send TERM web")`;
  if (to.length === 0) return `missing receiver: all, command or service names (for example "send TERM web")`;
  const [first] = to;
  const isGroup = to.length === 1 && (first === "all" || first === "command");
  return { do: "send", signal, to: isGroup ? first : to };
}

/** What carries routes out. */
export interface Routed {
  readonly scanner: Pick<Scanner, "stop" | "rescan" | "prune" | "command" | "services">;
  /** False if the command does not run. */
  readonly toCommand: (signal: number) => boolean;
  readonly warn: (line: ByteString) => void;
}

/** Carries a route out for a signal that came. False if the signal is to have its usual effect. */
export function followRoute(route: Route, signal: number, routed: Routed): boolean {
  const { scanner, toCommand, warn } = routed;
  const order = (names: readonly ByteString[], command: ServiceCommand): void => {
    for (const name of names) if (!scanner.command(name, command)) warn(`there is no service ${name}`);
  };
  switch (route.do) {
    case "stop":
      scanner.stop("terminate");
      return true;
    case "ignore":
      return true;
    case "rescan":
      scanner.rescan();
      scanner.prune();
      return true;
    case "forward":
      return toCommand(signal);
    case "reload":
      order(route.services, { on: "reloadSignal" });
      return true;
    case "send":
      if (route.to === "command") {
        if (!toCommand(route.signal)) warn("the command does not run");
      } else order(route.to === "all" ? workers(scanner) : route.to, { on: "signal", signal: route.signal });
      return true;
  }
}

/** All services but loggers. */
function workers(scanner: Pick<Scanner, "services">): ByteString[] {
  return scanner.services().filter(({ isLogger }) => !isLogger).map(({ name }) => name);
}
