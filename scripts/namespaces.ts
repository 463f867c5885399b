// Namespaces for what tests and scripts run, as words before a command: its own, by unshare(1), and those of another
// process, by nsenter(1).

/**
 * proc: /proc shows the pids of its own. user: the caller is root there, and the only user. time: how far its clocks are
 * off is said by options of unshare(1) behind it.
 */
export type Namespace = "mount" | "pid" | "proc" | "uts" | "ipc" | "net" | "user" | "time";

const OPTIONS: Readonly<Record<Namespace, readonly string[]>> = {
  mount: ["--mount"],
  // The command is process 1. It dies with unshare, and everything in the namespace with it.
  pid: ["--pid", "--fork", "--kill-child"],
  proc: ["--mount-proc"],
  uts: ["--uts"],
  ipc: ["--ipc"],
  net: ["--net"],
  user: ["--user", "--map-root-user"],
  time: ["--time", "--fork"],
};

/** What a container has of its own, but for the network. */
export const OF_CONTAINER: readonly Namespace[] = ["pid", "mount", "uts", "ipc"];

/** The words before a command that is to have these namespaces of its own. */
export function ownNamespaces(...namespaces: readonly Namespace[]): string[] {
  return ["unshare", ...namespaces.flatMap((namespace) => OPTIONS[namespace])];
}

/** The words before a command that is to run in the container of the process: in its namespaces, root and directory. */
export function intoContainer(pid: number | string): string[] {
  return ["nsenter", "-t", `${pid}`, "-m", "-p", "-u", "-i", "-n", "-r", "-w"];
}
