// What services come of a table of file systems.

import { deepEqual, throws } from "node:assert/strict";
import { type FstabWishes, servicesOfFstab } from "../../lib/fstab_services.ts";
import { parseMountTable } from "../../lib/mount_table.ts";
import { Failure } from "../../lib/report.ts";

const WISHES: FstabWishes = {
  withNoauto: true,
  withUuid: false,
  isEssential: true,
  bundle: undefined,
  base: undefined,
  warn: () => {},
};

/** The services of some lines: by name, the content of each file. */
function services(table: string, wishes: Partial<FstabWishes> = {}): Record<string, Record<string, string>> {
  const sources = servicesOfFstab(parseMountTable(table), { ...WISHES, ...wishes });
  return Object.fromEntries(sources.map(({ name, files }) => [name, Object.fromEntries(files)]));
}

const ups = (table: string, wishes?: Partial<FstabWishes>): (string | undefined)[] =>
  Object.values(services(table, wishes)).map(({ up }) => up);

Deno.test("a mount is an essential oneshot that stays", () => {
  deepEqual(services("/dev/a /var/log ext4 ro,noexec 0 2\n"), {
    "mount-var:log": {
      "type": "oneshot\n",
      "flag-essential": "",
      "up": 's6-mount -t "ext4" -o "ro,noexec" -- "/dev/a" "/var/log"\n',
      "down": "",
    },
  });
});

Deno.test("one that is not essential is recommended, and unmounted whatever comes of it", () => {
  const { "flag-recommended": flag, down } = services("/dev/a /a ext4", { isEssential: false })["mount-a"]!;
  deepEqual([flag, down], ["", 'foreground { s6-umount -- "/a" }\nexit 0\n']);
});

Deno.test("one marked noauto has no flag, and can be unmounted; or there is none", () => {
  const table = "/dev/a /a ext4 noauto\n/dev/b /b ext4";
  const files = services(table)["mount-a"]!;
  deepEqual(Object.keys(files), ["type", "up", "down"]);
  deepEqual(files["down"], 'foreground { s6-umount -- "/a" }\nexit 0\n');
  deepEqual(Object.keys(services(table, { withNoauto: false })), ["mount-b"]);
});

Deno.test("one marked nofail is up whatever comes of it", () => {
  deepEqual(ups("/dev/a /a ext4 nofail,ro"), ['foreground { s6-mount -t "ext4" -o "ro" -- "/dev/a" "/a" }\nexit 0\n']);
});

Deno.test("options that are not for the file system are left out", () => {
  deepEqual(
    ups("/dev/a /a ext4 defaults,rw,auto,user,users,owner,group,_netdev,x-systemd.automount,comment=no,size=1"),
    [
      's6-mount -t "ext4" -o "rw,size=1" -- "/dev/a" "/a"\n',
    ],
  );
});

Deno.test("swaps are named after their devices", () => {
  deepEqual(services("/dev/b none swap sw,pri=5\n/dev/c none swap noauto"), {
    "swap-dev:b": { "type": "oneshot\n", "flag-essential": "", "up": 's6-swapon -- "/dev/b"\n', "down": "" },
    "swap-dev:c": {
      "type": "oneshot\n",
      "up": 's6-swapon -- "/dev/c"\n',
      "down": 'foreground { s6-swapoff -- "/dev/c" }\nexit 0\n',
    },
  });
});

Deno.test("util-linux finds devices by UUID and label", () => {
  deepEqual(
    ups('UUID=1-2 /a ext4 ro\nLABEL="x" /b auto\nPARTUUID=3 /c ext4\nLABEL=s none swap pri=1', { withUuid: true }),
    [
      'mount -t "ext4" -o "ro" -U "1-2" "/a"\n',
      'mount -t "auto" -L "x" "/b"\n',
      'mount -t "ext4" -- "PARTUUID=3" "/c"\n',
      'swapon -o "pri=1" -L "s"\n',
    ],
  );
  const { down } = services("UUID=1 none swap", { withUuid: true, isEssential: false })["swap-UUID=1"]!;
  deepEqual(down, 'foreground { swapoff -U "1" }\nexit 0\n');
});

Deno.test("without them a device by UUID is a warning", () => {
  const warnings: string[] = [];
  services("UUID=1 /a ext4\n/dev/b /b ext4", { warn: (text) => warnings.push(text) });
  deepEqual(warnings, ["UUID=1 is no device for s6-mount or s6-swapon: with -u the services know it"]);
});

Deno.test("a service depends on the nearest mount that its place lies in, wherever that stands, or on the base", () => {
  const table = "/d /var/log/a/b ext4\n/c /var/log ext4\n/b /var ext4\n/e /varlog ext4\n/var/swap none swap\n/x / ext4";
  const dependencies = Object.entries(services(table, { base: "base" })).map(([name, files]) => [
    name,
    Object.keys(files).find((file) => file.startsWith("dependencies.d/"))?.slice("dependencies.d/".length),
  ]);
  deepEqual(dependencies, [
    ["mount-var:log:a:b", "mount-var:log"],
    ["mount-var:log", "mount-var"],
    ["mount-var", "base"],
    ["mount-varlog", "base"],
    ["swap-var:swap", "mount-var"],
  ]);
});

Deno.test("bundles hold what is mounted by itself", () => {
  const table = "/a /a ext4\n/b /b ext4 noauto\n/c none swap";
  const { all, "all-mounts": mounts, "all-swaps": swaps } = services(table, { bundle: "all" });
  deepEqual([all, mounts, swaps], [
    { "type": "bundle\n", "contents.d/all-mounts": "", "contents.d/all-swaps": "" },
    { "type": "bundle\n", "contents.d/mount-a": "" },
    { "type": "bundle\n", "contents.d/swap-c": "" },
  ]);
  throws(() => services("", { bundle: "a/b" }), Failure);
});

Deno.test("slashes too many mean nothing, and what is special in a script is quoted", () => {
  deepEqual(Object.keys(services("/a //a//b/ ext4")), ["mount-a:b"]);
  deepEqual(ups('/a /a\\040"\\134$x ext4'), ['s6-mount -t "ext4" -- "/a" "/a \\"\\\\$x"\n']);
});

Deno.test("a place that is relative, or there twice, is an error of the table", () => {
  const isOfTable = (error: unknown): boolean => error instanceof Failure && error.code === 1;
  throws(() => services("/a a ext4"), isOfTable);
  throws(() => services("/a /a ext4\n/b /a/ ext4"), isOfTable);
  throws(() => services("/a none swap\n/a none swap"), isOfTable);
});
