// What is left of an original under the overlay: packages of generation 3, programs of generation 2.

import { checkRules, MACHINE, program, type Tree } from "./linted.ts";

const PROGRAM = program(MACHINE.amd64);

/** Generation 3, with what the overlay has put into its place. */
const UNDER_3: Tree = {
  "package/admin/execline-2.9.9.2/command/execlineb": PROGRAM,
  "package/admin/execline": { link: "execline-2.9.9.2" },
  "package/admin/s6-networking-2.8.0.1/command/s6-tcpserver": PROGRAM,
  "package/admin/s6-networking": { link: "s6-networking-2.8.0.1" },
  "package/admin/s6-overlay-3.2.3.2/etc/s6-rc/scripts/syslogd-prepare": "",
  "package/admin/s6-overlay": { link: "../../usr/lib/s6-overlay" },
  "package/admin/mine-1/command/mine": PROGRAM,
};
const left = (name: string): string =>
  `hint leftover-package /package/admin/${name}: is left of another installation, and nothing in the image leads there`;

/** Generation 2, of the same kind. */
const UNDER_2: Tree = {
  "bin/s6-overlay-preinit": PROGRAM,
  "bin/execlineb": PROGRAM,
  "bin/s6-setuidgid": PROGRAM,
  "bin/mine": PROGRAM,
};

checkRules([
  {
    name: "packages of generation 3 that nothing leads to are left over; those of others are their own business",
    tree: UNDER_3,
    finds: [left("execline-2.9.9.2"), left("s6-networking-2.8.0.1"), left("s6-overlay-3.2.3.2")],
    mended: {
      "command/s6-tcpserver": { link: "../package/admin/s6-networking/command/s6-tcpserver" },
      "usr/bin/execlineb": { link: "/package/admin/execline-2.9.9.2/command/execlineb" },
      "etc/cont-init.d/1": "#!/bin/sh\n/package/admin/s6-overlay-3.2.3.2/etc/s6-rc/scripts/syslogd-prepare\n",
    },
  },
  {
    name: "programs of generation 2 in /bin are left over where the overlay has its own",
    tree: UNDER_2,
    finds: [
      "hint leftover-programs /bin: has 2 programs that the overlay has in /command, too, as left of generation 2: " +
      "execlineb, s6-setuidgid",
    ],
  },
  {
    name: "in an image that never had generation 2 such programs are the image's own",
    tree: { "bin/execlineb": PROGRAM, "bin/s6-setuidgid": PROGRAM },
    finds: [],
  },
  {
    name: "links in /bin are no programs that are left over",
    tree: { "etc/s6/init-catchall/init-stage1": "", "bin/execlineb": { link: "../command/execlineb" } },
    finds: [],
  },
]);
