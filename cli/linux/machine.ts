// The machine: s6-hostname and s6-freeramdisk, from s6-linux-utils; s6-halt, s6-poweroff and s6-reboot, which were in
// s6-linux-utils 2.1 and in s6-linux-init after that.

import { about } from "../../lib/report.ts";
import { SIGNAL } from "../../lib/signals.ts";
import { type Applet, utility } from "../applet.ts";
import { NO_OPTIONS } from "../getopt.ts";

export const hostname: Applet = utility({
  name: "s6-hostname",
  usage: "[ name ]",
  summary: "print or set the name of the host",
  options: NO_OPTIONS,
  least: 0,
  run: async (context, { args: [name] }) => {
    const machine = await context.part("machine");
    if (name === undefined) context.print(`${machine.hostName()}\n`);
    else machine.setHostName(name);
    return 0;
  },
});

export const freeramdisk: Applet = utility({
  name: "s6-freeramdisk",
  usage: "ramdisk_device",
  summary: "free the memory of a RAM disk",
  options: NO_OPTIONS,
  least: 1,
  run: async (context, { args: [device = ""] }) => {
    const { os } = context;
    const machine = await context.part("machine");
    const fd = about("open", `${device} in read-write mode`, () => os.open(device, ["readwrite"]));
    about("flush", device, () => machine.flushBuffers(fd));
    return 0;
  },
});

/** How the machine may end: what it is called, and which signal asks process 1 for it. */
const ENDS = {
  h: { how: "halt", signal: SIGNAL.USR2 },
  p: { how: "power off", signal: SIGNAL.USR1 },
  r: { how: "restart", signal: SIGNAL.INT },
} as const;

function ending(name: string, usual: keyof typeof ENDS, summary: string): Applet {
  return utility({
    name,
    usage: "[ -h | -p | -r ] [ -f ]",
    summary,
    help: {
      h: "halt",
      p: "power off",
      r: "restart",
      f: "at once and by force: write the disks and ask the kernel, not process 1",
    },
    options: "hprf",
    least: 0,
    run: async (context, { options }) => {
      const { how, signal } = ENDS[options.last("h", "p", "r") ?? usual];
      if (options.has("f")) {
        const machine = await context.part("machine");
        context.os.sync();
        machine.end(how);
      } else context.os.kill(1, signal);
      return 0;
    },
  });
}

export const linuxHalt: Applet = ending("s6-halt", "h", "ask process 1 to halt the machine, or halt it at once");
export const linuxPoweroff: Applet = ending("s6-poweroff", "p", "ask process 1 to power off, or power off at once");
export const linuxReboot: Applet = ending(
  "s6-reboot",
  "r",
  "ask process 1 to restart the machine, or restart it at once",
);
