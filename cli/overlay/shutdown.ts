// halt, poweroff and reboot: ending the container from inside, as scripts written for machines and for generation 3 of
// s6-overlay do. A container knows only one kind of end.

import { PATHS } from "../../lib/overlay/paths.ts";
import { sendCommands } from "../../lib/supervise/client.ts";
import { type Applet, utility } from "../applet.ts";

function ending(name: string): Applet {
  return utility({
    name,
    usage: "",
    summary: "stop the container in order",
    options: "",
    least: 0,
    run: ({ os }) => {
      sendCommands(os, PATHS.services, ".s6-svscan", "t");
      return 0;
    },
  });
}

export const halt: Applet = ending("halt");
export const poweroff: Applet = ending("poweroff");
export const reboot: Applet = ending("reboot");
