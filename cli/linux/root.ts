// Programs that run another one with another root: s6-chroot and s6-pivotchroot. From s6-linux-utils.

import { type Applet, fork } from "../applet.ts";
import { NO_OPTIONS } from "../getopt.ts";

export const chroot: Applet = fork({
  name: "s6-chroot",
  usage: "newroot prog...",
  summary: "run a program with another root directory",
  options: NO_OPTIONS,
  least: 2,
  run: ({ os, image }, { args, args: [root = ""] }) => {
    os.changeDirectory(root);
    os.changeRoot(".");
    return image.run(args.slice(1)).inOtherRoot();
  },
});

export const pivotchroot: Applet = fork({
  name: "s6-pivotchroot",
  usage: "newroot putold prog...",
  summary: "make a mounted file system the root of all, and run a program in it",
  options: NO_OPTIONS,
  least: 3,
  run: async (context, { args, args: [root = "", old = ""] }) => {
    const { os, image } = context;
    const mounts = await context.part("mounts");
    os.changeDirectory(root);
    mounts.pivotRoot(".", old);
    os.changeRoot(".");
    return image.run(args.slice(2)).inOtherRoot();
  },
});
