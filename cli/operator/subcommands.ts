// The registry of the subcommands of s6-overlay, in order of name.

import type { Subcommand } from "./subcommand.ts";

export const subcommands: Readonly<Record<string, () => PromiseLike<Subcommand>>> = {
  "healthy": () => import("./healthy.ts").then((m) => m.healthy),
  "help": () => import("./help.ts").then((m) => m.help),
  "path": () => import("./path.ts").then((m) => m.path),
  "reload": () => import("./control.ts").then((m) => m.reload),
  "restart": () => import("./control.ts").then((m) => m.restart),
  "signal": () => import("./control.ts").then((m) => m.signal),
  "start": () => import("./control.ts").then((m) => m.start),
  "status": () => import("./status.ts").then((m) => m.status),
  "stop": () => import("./control.ts").then((m) => m.stop),
  "version": () => import("./version.ts").then((m) => m.version),
};
