// Differences from the original. Local servers, their rules, and s6-sudo.

import { type Difference, inArea } from "./row.ts";

export const LOCAL_SERVERS: readonly Difference[] = [
  ...inArea("Local servers", [
    {
      ours: "**The lock beside a socket is no link that somebody put there**, for servers and `s6-socklog`.",
      original: "The original makes the file that it leads to, as root.",
      test: ["tests/cases/s6/ipcserver.ts", "follows no link for its lock"],
      also: [["tests/cases/s6/socklog.ts", "s6-socklog follows no link for its lock"]],
    },
    {
      ours: "**`s6-ipcserverd -P`** leaves out who a client is, and has no limit for one user, as from s6 2.13 on.",
      original: "The original of 2.11 takes root for a client that it has not asked about.",
      test: ["tests/cases/s6/ipcserverd.ts", "s6-ipcserver -v -P does not ask"],
    },
    {
      ours:
        "**A server serves up to 16,384 clients** at a time, as in s6 2.15, and the number of the first of a user's " +
        "connections, `IPCCONNNUM`, is 1, as in 2.11: so `s6-connlimit` lets in as many as `IPCCONNMAX` says.",
      original: "The original of 2.11 ends at 1,000; that of 2.15 begins with 0, and lets one more in.",
      test: ["tests/cases/s6/ipcserverd.ts", "s6-ipcserver tells the program who the client is"],
    },
    {
      ours: "**A program that cannot be started** is a warning of the server, as in s6 2.15.",
      original: "The original of 2.11 forks first, and counts the connection.",
      test: ["tests/cases/s6/ipcserverd.ts", "s6-ipcserver of a program that does not exist"],
    },
    {
      ours: "**A client that is one too many** is reported without a reason.",
      original: "The original adds that of an error which it has not met, Success.",
      test: ["tests/cases/s6/ipcserverd.ts", "s6-ipcserver -C denies what is too much for one user"],
    },
    {
      ours: "**`s6-accessrules-cdb-from-fs`** refuses a rule with more than 4096 bytes of variables.",
      original: "The original writes up to 4100, which no program reads.",
      test: ["tests/cases/s6/access_rules.ts", "of variables that a reader refuses"],
    },
    {
      ours: "**`s6-accessrules-fs-from-cdb`** refuses names in the file that lead out of its directory.",
      original: "The original follows them, so that a file of others decides where it writes.",
      test: ["tests/cases/s6/access_rules.ts", "a name that leads out"],
    },
    {
      ours: "**`s6-sudoc -t`** says that the server has not answered in time.",
      original: "The original says that it may not connect, whatever the reason.",
      test: ["tests/cases/s6/sudo.ts", "-t gives up on a server that says nothing"],
    },
    {
      ours: "**`s6-sudod` with nothing to run**, neither of its own nor of the client's, fails, as in s6 2.15.",
      original: "The original of 2.11 has succeeded.",
      test: ["tests/cases/s6/sudo.ts", "runs the client's words alone"],
    },
    {
      ours: "**`s6-sudod` says that its client has gone.**",
      original: "The original gives Success as the reason.",
      test: ["tests/cases/s6/sudo.ts", "ends if the client goes"],
    },
  ]),
  ...inArea("Readiness by systemd's protocol", [
    {
      ours:
        "**`s6-notify-fd-from-socket` takes READY=1 as systemd does**: without a newline behind it, and among empty " +
        "messages.",
      original: "The original of 2.15 wants a newline, which most daemons do not send, and ends with an empty message.",
      test: ["tests/cases/s6/notify_convert.ts", "takes it behind other messages"],
    },
    {
      ours:
        "**A message counts if the system vouches for its sender**: the daemon's process, its user or root. Others are " +
        "ignored, and the first of them is a warning.",
      original: "The original takes it from any process of the network namespace.",
      test: ["tests/cases/s6/notify_convert.ts", "ignores a message of another user"],
    },
    {
      ours: "**The watcher ends with the daemon.**",
      original: "The original waits on, without a timeout for good.",
      test: ["tests/cases/s6/notify_convert.ts", "ends with the daemon"],
    },
    {
      ours: "**`s6-notify-socket-from-fd` reaches abstract addresses**, as systemd and container engines give them.",
      original: "The original fills the address with NULs, so that it is another one.",
      test: ["tests/cases/s6/notify_convert.ts", "to an abstract name"],
    },
  ]),
  ...inArea("Mounts as services", [
    {
      ours:
        "**`fstab2s6rc` leaves out all options that are for programs**, as `users`, `group` and `_netdev`, takes several " +
        "slashes for one, and lets a swap depend on the mount that its file lies in.",
      original: "The original passes some of these options on to `s6-mount`, which the file system then refuses.",
      test: ["tests/lib/fstab_services_test.ts", "options that are not for the file system are left out"],
      also: [[
        "tests/lib/fstab_services_test.ts",
        "a service depends on the nearest mount that its place lies in, wherever that stands, or on the base",
      ]],
    },
  ]),
];
