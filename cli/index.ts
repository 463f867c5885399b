// The phone book: applet name to the module that declares it. A house test holds the order and the names.

import type { Applet } from "./applet.ts";

export const applets: Readonly<Record<string, () => Promise<Applet>>> = {
  "printcontenv": () => import("./overlay/contenv.ts").then((m) => m.printContenv),
  "s6-applyuidgid": () => import("./s6/setuidgid.ts").then((m) => m.applyuidgid),
  "s6-echo": () => import("./portable/text.ts").then((m) => m.echo),
  "s6-envdir": () => import("./s6/envdir.ts").then((m) => m.envdir),
  "s6-envuidgid": () => import("./s6/setuidgid.ts").then((m) => m.envuidgid),
  "s6-false": () => import("./portable/text.ts").then((m) => m.fail),
  "s6-setuidgid": () => import("./s6/setuidgid.ts").then((m) => m.setuidgid),
  "s6-supervise": () => import("./s6/supervise.ts").then((m) => m.supervise),
  "s6-svscan": () => import("./s6/svscan.ts").then((m) => m.svscan),
  "s6-true": () => import("./portable/text.ts").then((m) => m.succeed),
  "with-contenv": () => import("./overlay/contenv.ts").then((m) => m.withContenv),
};
