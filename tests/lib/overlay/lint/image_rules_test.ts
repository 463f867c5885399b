// What is wrong with the image as a whole: links that are gone, what the overlay ignores, settings.

import { STAGE_STUB } from "../../../../lib/overlay/boot/ignored.ts";
import { checkRules, IMAGE, MACHINE, program, type RuleCase, RUN, type Tree } from "./linted.ts";

const without = (tree: Tree, ...paths: readonly string[]): Tree =>
  Object.fromEntries(Object.entries(tree).filter(([path]) => !paths.some((gone) => path.startsWith(gone))));

/** As the same image has it where /bin and its like are links. */
const MERGED: Tree = {
  ...without(IMAGE, "bin/"),
  "usr/bin/sh": program(MACHINE.amd64),
  "usr/sbin/a": "",
  "usr/sbin/b": "",
  "usr/lib/x86_64-linux-gnu/libc.so.6": "",
  "usr/lib64/ld-linux.so.2": "",
  "usr/lib64/libc.so": "",
};
const LINKS: Tree = Object.fromEntries(["bin", "sbin", "lib", "lib64"].map((name) => [name, { link: `usr/${name}` }]));
const replaced = (name: string): string =>
  `error replaced-link /${name}: is a directory, where the image had a link to usr/${name}: ` +
  `what is in /usr/${name} is not found here`;

checkRules([
  { name: "an image whose directories are links is as it should be", tree: LINKS, finds: [] },
  {
    name: "a directory in the place of the link /bin is an error",
    tree: { ...without(LINKS, "bin"), "bin/mine": "" },
    finds: [replaced("bin")],
  },
  {
    name: "it is one too where all links are gone",
    tree: { "bin/mine": "", "sbin/mine": "" },
    finds: [replaced("bin")],
  },
  {
    name: "a directory in the place of the link /sbin is an error",
    tree: { ...without(LINKS, "sbin"), "sbin/mine": "" },
    finds: [replaced("sbin")],
  },
  {
    name: "a directory in the place of the link /lib is an error",
    tree: { ...without(LINKS, "lib"), "lib64": { link: "usr/lib64" }, "lib/mine.so": "" },
    finds: [replaced("lib")],
  },
  {
    name: "a directory /lib in an image that keeps nothing in /usr/lib is as it should be",
    tree: { ...without(LINKS, "lib"), "lib64": { link: "usr/lib64" }, "lib/ld-musl-x86_64.so.1": "" },
    finds: [],
  },
  {
    name: "a directory /sbin beside a directory /lib may be the image's own",
    tree: { "bin": { link: "usr/bin" }, "sbin/mine": "", "lib/ld-musl-x86_64.so.1": "" },
    finds: [],
  },
  {
    name: "a directory in the place of the link /lib64 is an error",
    tree: { ...without(LINKS, "lib64"), "lib64/mine.so": "" },
    finds: [replaced("lib64")],
  },
  {
    name: "a directory /lib64 with the loader is as it should be",
    tree: { ...without(LINKS, "lib64"), "lib64/ld-linux.so.2": "" },
    finds: [],
  },
], MERGED);

checkRules([
  {
    name: "a program in the place of /init is a warning",
    tree: { "init": RUN },
    finds: ["warning entrance /init: is a file that is not the overlay's: it must end in the overlay's init"],
  },
  {
    name: "an image may call the way in by another name",
    tree: { "start": { link: "usr/lib/s6-overlay/launcher" } },
    finds: [],
  },
], without(IMAGE, "init"));

checkRules([
  {
    name: "an image without the overlay is an error",
    tree: {},
    finds: ["error entrance /usr/lib/s6-overlay/launcher: is missing: the image does not have the overlay"],
  },
], without(IMAGE, "usr/lib", "init", "command"));

checkRules([
  {
    name: "an image without /init is an error",
    tree: {},
    finds: ["error entrance /init: is missing"],
    mended: { "sbin/my-init": { link: "/usr/lib/s6-overlay/launcher" } },
  },
], without(IMAGE, "init"));

checkRules([
  {
    name: "programs that are gone from /command are an error",
    tree: {},
    finds: ["error command-links /command: does not have s6-log, with-contenv"],
    mended: { "command/s6-log": RUN, "command/with-contenv": { link: "../usr/lib/s6-overlay/launcher" } },
  },
], without(IMAGE, "command/s6-log", "command/with"));

checkRules([
  {
    name: "an image without /command is an error",
    tree: {},
    finds: ["error command-links /command: has none of the overlay's programs"],
  },
], without(IMAGE, "command/"));

const IGNORED: readonly RuleCase[] = [
  {
    name: "a stage of generation 2 that was changed is a warning",
    tree: { "etc/s6/init/init-stage2": STAGE_STUB.toUpperCase(), "etc/s6/init/init-stage1": STAGE_STUB },
    finds: [
      "warning changed-stage /etc/s6/init/init-stage2: was changed, which has no effect: the stages are in process 1",
    ],
    mended: { "etc/s6/init/init-stage2": STAGE_STUB },
  },
  {
    name: "a script in the place of a service is an error, and another file none",
    tree: { "etc/services.d/web": RUN, "etc/services.d/README": "services\n" },
    finds: ["error not-a-service /etc/services.d/web: is a file, and services are directories: it is not started"],
  },
  {
    name: "a service that is a link to nothing is an error",
    tree: { "etc/services.d/web": { link: "/opt/web" } },
    finds: ["error not-a-service /etc/services.d/web: is a link to /opt/web, which does not exist: it is left out"],
    mended: { "opt/web/run": RUN },
  },
  {
    name: "what COPY has put beside /etc is a warning",
    tree: {
      "root/etc/services.d/web/run": RUN,
      "cont-init.d/x": "",
      "etc/etc/fix-attrs.d/x": "",
      "rootfs/etc/cont-finish.d/x": "",
    },
    finds: [
      "warning misplaced /cont-init.d: is not looked at: /etc/cont-init.d is",
      "warning misplaced /etc/etc/fix-attrs.d: is not looked at: /etc/fix-attrs.d is",
      "warning misplaced /root/etc/services.d: is not looked at: /etc/services.d is",
      "warning misplaced /rootfs/etc/cont-finish.d: is not looked at: /etc/cont-finish.d is",
    ],
  },
];

const SETTINGS: readonly RuleCase[] = [
  {
    name: "a variable that is no setting is a warning",
    tree: { "etc/s6/init/env-stage2/S6_SYNC_DISK": "1\n" },
    environment: { S6_LOGING: "1", S6_LOGGING: "1", S6_OVERLAY_VERSION: "3", PATH: "/bin", XS6_LOGING: "" },
    finds: [
      "warning unknown-setting : S6_LOGING is not a setting and has no effect",
      "warning unknown-setting /etc/s6/init/env-stage2/S6_SYNC_DISK: S6_SYNC_DISK is not a setting and has no effect",
    ],
  },
  {
    name: "a setting whose value cannot be read is a warning",
    tree: {},
    environment: { S6_KILL_GRACETIME: "3s", S6_SIGNAL_HUP: "hop", S6_LOGGING: "2" },
    finds: [
      'warning setting-value : S6_KILL_GRACETIME="3s": not a number; using the default, 3000',
      'warning setting-value : S6_SIGNAL_HUP="hop": unknown route; the known ones are stop, ignore, rescan, forward, reload and send; using the default, rescan',
    ],
  },
  {
    name: "a profile that the image does not have is an error",
    tree: { "etc/cont-profile.d/web/services.d/x/run": RUN },
    environment: { S6_RUNTIME_PROFILE: "wbe" },
    finds: [
      'error profile : S6_RUNTIME_PROFILE is "wbe", but there is no directory /etc/cont-profile.d/wbe: nothing of the image is run or started',
    ],
    mended: { "etc/cont-profile.d/wbe/x": "" },
  },
];

checkRules([...IGNORED, ...SETTINGS, {
  name: "an image with directories of its own is as it should be",
  tree: { "usr/bin/env": "", "sbin/x": "" },
  finds: [],
}]);
