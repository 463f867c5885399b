// The registry of the subcommands of s6-overlay, in order of name.

import type { Subcommand } from "./subcommand.ts";

export const subcommands: Readonly<Record<string, () => PromiseLike<Subcommand>>> = {
  "explain": () => import("./explain.ts").then((m) => m.explanation),
  "healthy": () => import("./healthy.ts").then((m) => m.healthy),
  "help": () => import("./help.ts").then((m) => m.help),
  "lint": () => import("./lint.ts").then((m) => m.lintImage),
  "logs": () => import("./logs.ts").then((m) => m.logs),
  "path": () => import("./path.ts").then((m) => m.path),
  "reload": () => import("./control.ts").then((m) => m.reloadServices),
  "restart": () => import("./control.ts").then((m) => m.restartServices),
  "signal": () => import("./control.ts").then((m) => m.signalServices),
  "start": () => import("./control.ts").then((m) => m.startServices),
  "status": () => import("./status.ts").then((m) => m.serviceStatus),
  "stop": () => import("./control.ts").then((m) => m.stopServices),
  "timeline": () => import("./timeline.ts").then((m) => m.timeline),
  "version": () => import("./version.ts").then((m) => m.version),
};
