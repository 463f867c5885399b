// Stands between lib/os and the C library in a build for tests: of the calls that process 1 makes, one fails that a file
// in the container names. Which calls there are is written down on request. To be imported before lib/os is.

import { SYS } from "../../../lib/os/syscall_numbers.ts";
import { type Fault, FAULT_FILE, FILE_ERRORS, type Made, PHASE_FILE, REPORTS } from "./fault_files.ts";

const NAMES = new Map(Object.entries(SYS).map(([name, number]) => [number, name]));
/** Enough to tell apart whatever leads to a call. */
const DEPTH = 40;

const openLibrary = Deno.dlopen;
const readText = Deno.readTextFileSync;

type Call = (...given: unknown[]) => unknown;

class Injector {
  private phase = "boot";
  private readonly made: Made[] = [];
  private readonly counts = new Map<string, number>();

  constructor(private readonly fault: Fault) {}

  /** True if the call is to fail. */
  meets(name: string): boolean {
    const { fault, phase } = this;
    const { target, first, times } = fault;
    if (target !== undefined && (name !== target.name || phase !== target.phase)) return false;
    const stack = callers();
    const site = fingerprint(`${phase} ${name} ${stack.join(" ")}`);
    if (target !== undefined && site !== target.site) return false;
    const occurrence = (this.counts.get(site) ?? 0) + 1;
    this.counts.set(site, occurrence);
    if (target !== undefined && (occurrence < first || occurrence >= first + times)) return false;
    const isReported = target === undefined || occurrence === first;
    if (isReported) {
      this.made.push({ name, phase, site, occurrence, stack: occurrence === 1 || target !== undefined ? stack : [] });
    }
    if (isReported && target !== undefined) this.write();
    return target !== undefined;
  }

  write(): void {
    Deno.writeTextFileSync(`${REPORTS}/${this.fault.report}`, JSON.stringify(this.made));
  }

  lookForPhase(): void {
    try {
      this.phase = readText(PHASE_FILE).trim();
    } catch {
      return;
    }
  }
}

/** Where the call comes from, the innermost function first. */
function callers(): string[] {
  const { prepareStackTrace } = Error;
  Error.stackTraceLimit = DEPTH;
  Error.prepareStackTrace = (_, sites) =>
    sites.slice(3).map((site) =>
      `${site.getFunctionName()} ${site.getScriptNameOrSourceURL()}:${site.getLineNumber()}:${site.getColumnNumber()}`
    );
  const stack = new Error().stack as unknown as string[];
  Error.prepareStackTrace = prepareStackTrace;
  return stack;
}

/** A short name for a text; the texts are few. */
function fingerprint(text: string): string {
  let [one, other] = [0x811c9dc5, 0x01000193];
  for (let at = 0; at < text.length; at++) {
    one = Math.imul(one ^ text.charCodeAt(at), 0x01000193);
    other = Math.imul(other ^ text.charCodeAt(at), 0x85ebca6b) + one | 0;
  }
  return `${(one >>> 0).toString(16)}${(other >>> 0).toString(16)}`;
}

function readFault(): Fault | undefined {
  try {
    return JSON.parse(readText(FAULT_FILE)) as Fault;
  } catch {
    return undefined;
  }
}

function failing(symbols: Readonly<Record<string, Call>>, fault: Fault): Record<string, Call> {
  const injector = new Injector(fault);
  const last = new Uint8Array(8);
  const location = symbols.__errno_location!(last) as Deno.PointerObject;
  const errno = new Int32Array(Deno.UnsafePointerView.getArrayBuffer(location, 4));
  const call = symbols.syscall!;
  const spawn = symbols.posix_spawn!;
  const add = symbols.posix_spawn_file_actions_adddup2!;
  Deno.readTextFileSync = (path) => {
    if (!injector.meets("load")) return readText(path);
    throw new Error(`${FILE_ERRORS[fault.errno]} (os error ${fault.errno}): readfile '${path}'`);
  };
  return {
    ...symbols,
    syscall: (number, ...rest) => {
      const name = NAMES.get(Number(number)) ?? `${number}`;
      if (name === "exit_group" && fault.target === undefined) injector.write();
      if (name !== "exit_group" && injector.meets(name)) {
        // Whatever it says of that, the system closes the descriptor.
        if (name === "close") call(number, ...rest);
        errno[0] = fault.errno;
        return -1n;
      }
      const result = call(number, ...rest);
      if (name === "epoll_pwait") {
        const kept = errno[0]!;
        injector.lookForPhase();
        errno[0] = kept;
      }
      return result;
    },
    posix_spawn_file_actions_adddup2: (...given) => injector.meets("adddup2") ? fault.errno : add(...given),
    posix_spawn: (...given) => injector.meets("posix_spawn") ? fault.errno : spawn(...given),
  };
}

Deno.dlopen = ((path: string, declared: Deno.ForeignLibraryInterface) => {
  const library = openLibrary(path, declared);
  const symbols = library.symbols as unknown as Readonly<Record<string, Call>>;
  const pid = Number(symbols.syscall!(SYS.getpid, 0, 0, 0, 0, 0, new Uint8Array(8)));
  const fault = pid === 1 ? readFault() : undefined;
  return fault === undefined ? library : { ...library, symbols: failing(symbols, fault) };
}) as typeof Deno.dlopen;
