// s6-softlimit: a program with other resource limits.

import type { ByteString } from "../../lib/bytes.ts";
import type { Limits, Os, Resource } from "../../lib/os/os.ts";
import { about, UsageError } from "../../lib/report.ts";
import { type Applet, fork } from "../applet.ts";
import type { Option } from "../getopt.ts";

const UNLIMITED = 2n ** 64n - 1n;

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

// The original ignores options that it does not know, and scripts may hold some that only newer versions have.
const UNKNOWN = "begijknquvwxyzABCDEFGIJKLMNOPQRSTUVWXYZ0123456789";

export const softlimit: Applet = fork({
  name: "s6-softlimit",
  usage: "[ -H | -h ] [ -a allbytes ] [ -c corebytes ] [ -d databytes ] [ -f filebytes ] [ -l lockbytes ] " +
    "[ -m membytes ] [ -o openfiles ] [ -p processes ] [ -r residentbytes ] [ -s stackbytes ] [ -t cpusecs ] prog...",
  summary: "run a program with other resource limits",
  options: `Hha:c:d:f:l:m:o:p:r:s:t:${UNKNOWN}`,
  least: 1,
  run: async (context, { options, args }) => {
    const next = context.image.run(args);
    // With little memory left there may be no way to load anything.
    await context.prepare(next);
    for (const { resource, limits } of limitsAskedFor(options.list, context.os)) {
      about("setrlimit", "", () => context.os.setLimits(resource, limits));
    }
    return next;
  },
});

interface Change {
  readonly resource: Resource;
  readonly limits: Limits;
}

/** The limits that the options ask for, in their order. */
export function limitsAskedFor(list: readonly Option[], os: Pick<Os, "limits">): Change[] {
  const changes: Change[] = [];
  let which: "soft" | "hard" | "both" = "soft";
  for (const { letter, value } of list) {
    if (letter === "h") which = "hard";
    else if (letter === "H") which = "both";
    for (const resource of RESOURCES[letter] ?? []) {
      const now = changes.findLast((change) => change.resource === resource)?.limits ?? os.limits(resource);
      changes.push({ resource, limits: changed(now, value, which) });
    }
  }
  return changes;
}

function changed({ soft, hard }: Limits, value: ByteString, which: "soft" | "hard" | "both"): Limits {
  const most = which === "soft" ? hard : UNLIMITED;
  const wanted = value === "=" ? most : amount(value);
  const limit = wanted > most ? most : wanted;
  return { soft: which === "hard" ? soft : limit, hard: which === "soft" ? hard : limit };
}

function amount(word: ByteString): bigint {
  if (!/^[0-9]{1,20}$/.test(word)) throw new UsageError();
  return BigInt(word);
}
