// The phone book: applet name to the module that declares it. A house test holds the order and the names.

import type { Applet } from "./applet.ts";

export const applets: Readonly<Record<string, () => Promise<Applet>>> = {};
