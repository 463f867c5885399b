// s6-overlay version: of this program, and of those that it behaves like.

import { FOLLOWS, VERSION } from "../../lib/version.ts";
import type { Subcommand } from "./subcommand.ts";

export const version: Subcommand = {
  name: "version",
  usage: "[ -j ]",
  summary: "print the version, and those of the programs whose behaviour is followed",
  options: { j: "print JSON" },
  exits: {},
  least: 0,
  most: 0,
  run: (context, given) => {
    context.print(given.has("j") ? `${JSON.stringify({ version: VERSION, follows: FOLLOWS })}\n` : inWords());
    return 0;
  },
};

function inWords(): string {
  const followed = Object.entries(FOLLOWS).map(([name, version]) => `${name} ${version}`).join(", ");
  return `s6-overlay in TypeScript ${VERSION} (behaves like ${followed})\n`;
}
