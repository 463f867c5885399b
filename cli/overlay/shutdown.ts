// halt, poweroff, reboot and shutdown: ending the container from inside, as scripts written for machines and for generation 3 of
// s6-overlay do. A container knows only one kind of end.

import { PATHS } from "../../lib/overlay/paths.ts";
import { sendCommands } from "../../lib/supervise/client.ts";
import { invalid } from "../../lib/report.ts";
import { type Applet, type Context, utility } from "../applet.ts";

function stop({ os }: Pick<Context, "os">): number {
  sendCommands(os, PATHS.services, ".s6-svscan", "t");
  return 0;
}

function ending(name: string): Applet {
  return utility({
    name,
    usage: "",
    summary: "stop the container in order",
    options: "",
    least: 0,
    run: stop,
  });
}

/** As machines have it, with how they are to end and when. */
export const shutdown: Applet = utility({
  name: "shutdown",
  usage: "[ -h | -p | -r ] now",
  summary: "stop the container in order",
  help: { h: "halt", p: "power off", r: "reboot: a container knows only one kind of end" },
  options: "hpr",
  least: 1,
  run: (context, { args: [when] }) => {
    if (when !== "now") throw invalid("a container is stopped now, or not at all");
    return stop(context);
  },
});

export const halt: Applet = ending("halt");
export const poweroff: Applet = ending("poweroff");
export const reboot: Applet = ending("reboot");
