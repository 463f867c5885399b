// What there is to tell people about a subcommand, in the form that all pages have.

import type { Page } from "../pages.ts";
import type { Subcommand } from "./subcommand.ts";

export function pageOfSubcommand({ name, usage, summary, options, exits, notes = [] }: Subcommand): Page {
  return {
    name: `s6-overlay ${name}`,
    kind: "utility",
    usage,
    summary,
    options: Object.entries(options).map(([key, meaning]) => {
      const [option = "", value] = key.split(" ");
      return { letter: option.length === 1 ? option : `-${option}`, value, meaning };
    }),
    exits,
    notes,
  };
}
