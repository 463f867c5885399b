// Rows for cli/s6/svperms.ts. They change groups, so they mean something only for root.

import type { Case } from "../../rows/harness.ts";
import { onTree } from "../../rows/live_tree.ts";

const MODES = "stat -c '%a %g' web/supervise web/supervise/control web/event";

function changed(options: string): Case {
  return onTree(`s6-svperms ${options}`, `s6-svperms ${options} web`, MODES, "s6-svperms web");
}

export const cases: readonly Case[] = [
  {
    ...onTree("s6-svperms -g of the number that means unchanged", "s6-svperms -g :4294967295 web"),
    exception: "the original changes the mode and leaves the group",
    expect: { stdout: "= 111\n", code: 0 },
  },
  onTree("s6-svperms prints what is allowed", "s6-svperms web ready", "s6-svperms -v web"),
  ...["-g daemon", "-G daemon", "-o", "-O :5", "-u", "-e", "-E bin", "-u -g :77", "-eE bin -v"].map(changed),
  onTree(
    "s6-svperms -u takes everything back",
    "s6-svperms -O daemon -e web",
    "s6-svperms -u -E root web",
    MODES,
    "s6-svperms web",
  ),
  onTree("s6-svperms warns of odd modes", "chmod 755 web/supervise", "chmod 700 twin/event", "s6-svperms web twin"),
  { name: "s6-svperms of a directory that is missing", argv: ["s6-svperms", "web"], stderr: true },
  { name: "s6-svperms -u of a directory that is missing", argv: ["s6-svperms", "-u", "web"], stderr: true },
  { name: "s6-svperms of an unknown group", argv: ["s6-svperms", "-g", "no-such-group", "web"] },
  { name: "s6-svperms of an id that is none", argv: ["s6-svperms", "-g", ":x", "web"], stderr: true },
  { name: "s6-svperms without a directory", argv: ["s6-svperms", "-u"], stderr: true },
];
