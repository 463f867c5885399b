// The manual of signals to process 1, which the documentation is printed from. Nothing in a container reads it.

interface SignalRow {
  readonly names: readonly string[];
  readonly effect: string;
  /** Where it usually comes from. */
  readonly sender: string;
}

/** All that can be caught, in words. */
export const SIGNAL_ROWS: readonly SignalRow[] = [
  { names: ["TERM"], effect: "Stop.", sender: "`docker stop`" },
  {
    names: ["INT"],
    effect: "Stop.",
    sender: "`docker stop` of postgres images; Ctrl-C where the command does not get it",
  },
  { names: ["QUIT"], effect: "Stop; loggers get TERM at once.", sender: "`docker stop` of nginx and php-fpm images" },
  { names: ["RTMIN3"], effect: "Stop.", sender: "`docker stop` of systemd images (`SIGRTMIN+3`)" },
  {
    names: ["HUP"],
    effect: "Look for new service directories, and end services whose directories are gone.",
    sender: "people who want something to be read again",
  },
  { names: ["USR1"], effect: "Nothing.", sender: "`docker stop` of haproxy images; `halt` of busybox" },
  { names: ["USR2"], effect: "Nothing.", sender: "`poweroff` of busybox" },
  { names: ["PWR"], effect: "Nothing.", sender: "`lxc-stop`" },
  {
    names: ["WINCH"],
    effect: "Stop. Nothing where standard input, output or error of process 1 is a terminal.",
    sender: "`docker stop` of httpd images; a terminal that changes its size",
  },
  { names: ["ALRM"], effect: "Look for new service directories.", sender: "scripts" },
  { names: ["ABRT"], effect: "Stop, without telling services before the last scripts have run.", sender: "scripts" },
  { names: ["CHLD"], effect: "Reap exited children.", sender: "the kernel" },
  {
    names: [
      ...["TSTP", "TTIN", "TTOU", "CONT", "PIPE", "URG", "IO", "XCPU", "XFSZ", "VTALRM", "PROF", "STKFLT", "SYS"],
      ...["TRAP", "other realtime signals"],
    ],
    effect: "Nothing.",
    sender: "",
  },
  {
    names: ["SEGV", "BUS", "FPE", "ILL"],
    effect: "Nothing as process 1. As any other process it ends.",
    sender: "",
  },
];

/** How routes (signals.ts) are written. */
export const ROUTES: Readonly<Record<string, string>> = {
  "stop": "Stop the container.",
  "ignore": "Do nothing.",
  "rescan": "Look for new service directories, and end services whose directories are gone.",
  "reload SERVICE...":
    "Have services read their configuration again: `s6-svc -l`, the signal in `reload-signal`, or HUP.",
  "send SIGNAL SERVICE...": "Send a signal to services.",
  "send SIGNAL all": "Send a signal to all services, but not to their loggers.",
  "send SIGNAL command": "Send a signal to the container's command.",
  "forward": "Send the same signal to the container's command. Where there is none the signal has its usual effect.",
};
