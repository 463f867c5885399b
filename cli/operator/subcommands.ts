// The registry of the subcommands of s6-overlay, in order of name.

import type { Subcommand } from "./subcommand.ts";

export const subcommands: Readonly<Record<string, () => PromiseLike<Subcommand>>> = {
  "explain": () => import("./explain.ts").then((m) => m.explanation),
  "healthy": () => import("./healthy.ts").then((m) => m.healthy),
  "help": () => import("./help.ts").then((m) => m.help),
  "path": () => import("./path.ts").then((m) => m.path),
  "version": () => import("./version.ts").then((m) => m.version),
};
