// How much memory this process has, and giving back what it does not use.

import { byteString } from "../bytes.ts";
import { base, BUFFER_SIZE, cString, memory, PLACE, syscall, view } from "./libc.ts";
import { HERE, OPEN } from "./open_flags.ts";
import type { OwnMemory } from "./parts.ts";
import { collectGarbage } from "./quiet.ts";
import { SYS } from "./syscall_numbers.ts";

const READ = OPEN.read | OPEN.closeOnExec;
const KILOBYTE = 1024;

/** Held open: it is to be known when there are no descriptors left, too. */
function openStatus(): number {
  return syscall(SYS.openat, HERE, cString("/proc/self/status"), READ);
}

export function openMemory(): OwnMemory {
  const status = openStatus();
  const sizes = (): ReturnType<OwnMemory["sizes"]> => {
    const got = status < 0 ? -1 : syscall(SYS.pread64, status, base + PLACE.buffer, BUFFER_SIZE, 0);
    if (got <= 0) return undefined;
    const text = byteString(memory.subarray(PLACE.buffer, PLACE.buffer + got));
    const [resident, own] = ["VmRSS", "RssAnon"].map((name) => {
      const at = text.indexOf(`\n${name}:`);
      return at < 0 ? NaN : KILOBYTE * parseInt(text.slice(at + name.length + 2), 10);
    });
    return Number.isNaN(resident! + own!) ? undefined : { resident: resident!, own: own! };
  };
  return { sizes, ofMachine, collectGarbage };
}

/** From struct sysinfo. The runtime's own answer is the same, but it reads /proc/meminfo besides. */
function ofMachine(): number {
  if (syscall(SYS.sysinfo, base + PLACE.result) < 0) return Infinity;
  return Number(view.getBigUint64(PLACE.result + 32, true)) * view.getUint32(PLACE.result + 104, true);
}
