// s6-softlimit: a program with other resource limits.

import type { ByteString } from "../../lib/bytes.ts";
import type { Resource } from "../../lib/os/operands.ts";
import { UsageError } from "../../lib/report.ts";
import { type Applet, chain } from "../applet.ts";

const RESOURCES: Readonly<Record<string, readonly Resource[]>> = {
  a: ["addressSpace"],
  c: ["core"],
  d: ["data"],
  f: ["fileSize"],
  l: ["lockedMemory"],
  m: ["data", "stack", "lockedMemory", "addressSpace"],
  o: ["openFiles"],
  p: ["processes"],
  r: ["resident"],
  s: ["stack"],
  t: ["cpuTime"],
};

const KNOWN = `Hh${Object.keys(RESOURCES).map((letter) => `${letter}:`).join("")}`;

// The original ignores options that it does not know, whatever byte they are, and scripts may hold some that only newer
// versions have.
const UNKNOWN: string = Array.from({ length: 255 }, (_, index) => String.fromCharCode(index + 1))
  .filter((byte) => byte !== "-" && !KNOWN.includes(byte)).join("");

export const softlimit: Applet = chain({
  name: "s6-softlimit",
  usage: "[ -H | -h ] [ -a allbytes ] [ -c corebytes ] [ -d databytes ] [ -f filebytes ] [ -l lockbytes ] " +
    "[ -m membytes ] [ -o openfiles ] [ -p processes ] [ -r residentbytes ] [ -s stackbytes ] [ -t cpusecs ] prog...",
  summary: "run a program with other resource limits",
  help: {
    H: "the limits that follow are both soft and hard",
    h: "the limits that follow are hard",
    a: "bytes of all memory",
    c: "bytes of a core file",
    d: "bytes of data",
    f: "bytes of a file",
    l: "bytes of locked memory",
    m: "bytes of each kind of memory: data, stack, locked and all",
    o: "open files",
    p: "processes of the user",
    r: "bytes of resident memory",
    s: "bytes of stack",
    t: "seconds of processor time",
  },
  ignored: UNKNOWN,
  notes: ["As a value, = is the highest there may be."],
  options: KNOWN + UNKNOWN,
  least: 1,
  next: (image, { options, args }) => {
    let next = image.run(args);
    let which: "soft" | "hard" | "both" = "soft";
    for (const { letter, value } of options.list) {
      if (letter === "h") which = "hard";
      else if (letter === "H") which = "both";
      for (const resource of RESOURCES[letter] ?? []) {
        next = next.step({ do: "limit", resource, which, value: amount(value), by: "s6-softlimit" });
      }
    }
    return next;
  },
});

function amount(word: ByteString): bigint | "most" {
  if (word === "=") return "most";
  if (!/^[0-9]{1,20}$/.test(word)) throw new UsageError();
  return BigInt(word);
}
