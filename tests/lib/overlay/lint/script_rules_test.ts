// What keeps scripts and programs from running: each rule finds it, and finds nothing where it is as it should be.

import { checkRules, IMAGE, MACHINE, program, type RuleCase, RUN } from "./linted.ts";

const INIT = "etc/cont-init.d/10-x";
const SERVICE = "etc/services.d/web/run";
const LOADER = "/lib64/ld-linux-x86-64.so.2";

const RUNNING: readonly RuleCase[] = [
  {
    name: "a script without an interpreter line is an error",
    tree: { [INIT]: "echo x\n" },
    finds: [`error not-runnable /${INIT}: has no #! line that names its interpreter`],
    mended: { [INIT]: RUN },
  },
  {
    name: "an empty script is an error",
    tree: { [SERVICE]: "" },
    finds: [`error not-runnable /${SERVICE}: is empty`],
    mended: { [SERVICE]: RUN },
  },
  {
    name: "a script behind a byte order mark is an error",
    tree: { [SERVICE]: `\xef\xbb\xbf${RUN}` },
    finds: [`error not-runnable /${SERVICE}: begins with a byte order mark, so that its #! line is not seen`],
  },
  {
    name: "a directory in the place of a script is an error",
    tree: { [`${INIT}/run`]: RUN },
    finds: [
      `error not-runnable /${INIT}: is a directory, and nothing in it is looked for: the file itself belongs in its place`,
    ],
  },
  {
    name: "a script that is a link to nothing is an error, and one to a script is none",
    tree: { [INIT]: { link: "../../opt/x" } },
    finds: [`error not-runnable /${INIT}: is a link to ../../opt/x, which does not exist`],
    mended: { "opt/x": RUN },
  },
  {
    name: "the boot makes scripts executable, and so their modes are not looked at",
    tree: {
      [INIT]: { content: RUN, mode: 0o600 },
      [SERVICE]: RUN,
      "etc/services.d/web/finish": RUN,
      "etc/services.d/web/log/run": RUN,
      "etc/cont-finish.d/x": RUN,
      "etc/s6/services/db/run": RUN,
    },
    finds: [],
  },
  {
    name: "what the boot does not make executable has to be: what a link of an image service leads to",
    tree: { "etc/s6/services/db/run": { link: "/opt/run" }, "opt/run": RUN },
    finds: ["error not-runnable /etc/s6/services/db/run: is not executable"],
    mended: { "opt/run": { content: RUN, mode: 0o755 } },
  },
  {
    name: "a file for a signal has to be executable",
    tree: { "etc/s6/services/.s6-svscan/SIGHUP": RUN },
    finds: ["error not-runnable /etc/s6/services/.s6-svscan/SIGHUP: is not executable"],
    mended: { "etc/s6/services/.s6-svscan/SIGHUP": { content: RUN, mode: 0o755 } },
  },
  {
    name: "what checks a logger's readiness has to be executable",
    tree: {
      [SERVICE]: RUN,
      "etc/services.d/web/log/run": "#!/bin/sh\nexec s6-notifyoncheck cat\n",
      "etc/services.d/web/log/data/check": RUN,
    },
    finds: ["error not-runnable /etc/services.d/web/log/data/check: is not executable"],
    mended: { "etc/services.d/web/log/data/check": { content: RUN, mode: 0o755 } },
  },
  {
    name: "what checks the readiness of a longrun has to be executable",
    tree: {
      "etc/s6-overlay/s6-rc.d/db/type": "longrun\n",
      "etc/s6-overlay/s6-rc.d/db/run": "#!/bin/sh\nexec s6-notifyoncheck cat\n",
      "etc/s6-overlay/s6-rc.d/db/notification-fd": "3\n",
      "etc/s6-overlay/s6-rc.d/db/data/check": RUN,
      "etc/s6-overlay/user-bundles.d/user/contents.d/db": "",
    },
    finds: ["error not-runnable /etc/s6-overlay/s6-rc.d/db/data/check: is not executable"],
    mended: { "etc/s6-overlay/s6-rc.d/db/data/check": { content: RUN, mode: 0o755 } },
  },
  {
    name: "a file of the name check that nothing runs is left alone",
    tree: { [SERVICE]: RUN, "etc/services.d/web/data/check": "what to check\n" },
    finds: [],
  },
  {
    name: "CRLF line ends that the boot converts are a warning",
    tree: { [SERVICE]: "#!/bin/sh\r\nexec sleep 1\r\n" },
    finds: [`warning line-ends /${SERVICE}:1: has CRLF line ends, and is run as a copy without them`],
  },
  {
    name: "a service that is a link gets modes, and its line ends are not converted",
    tree: { "etc/services.d/web": { link: "/opt/web" }, "opt/web/run": "#!/bin/sh\r\n:\r\n" },
    finds: [`error interpreter /${SERVICE}:1:3: has CRLF line ends`],
    mended: { "opt/web/run": RUN },
  },
  {
    name: "CRLF line ends that the boot does not convert are an error",
    tree: { "etc/s6/services/.s6-svscan/SIGHUP": { content: "#!/bin/sh\r\n:\r\n", mode: 0o755 } },
    finds: ["error interpreter /etc/s6/services/.s6-svscan/SIGHUP:1:3: has CRLF line ends"],
  },
  {
    name: "a line of a shell that ends in CRLF is a warning",
    tree: { [SERVICE]: "#!/bin/sh\necho x\nexec sleep 1\r\n" },
    finds: [`warning line-ends /${SERVICE}:3: the line ends in CRLF, and the shell takes the CR for a part of it`],
  },
  {
    name: "CRLF in execline is a blank like others",
    tree: { [SERVICE]: "#!/command/execlineb -P\ns6-setuidgid www\r\nsleep 1\r\n" },
    finds: [],
  },
];

const INTERPRETERS: readonly RuleCase[] = [
  {
    name: "an interpreter that the image does not have is an error at its place",
    tree: { [SERVICE]: "#!/bin/bash\nexec x\n" },
    finds: [`error interpreter /${SERVICE}:1:3: interpreter /bin/bash does not exist`],
    mended: { "bin/bash": program(MACHINE.amd64) },
  },
  {
    name: "an interpreter that is not executable is an error",
    tree: { [SERVICE]: "#!/bin/bash\nexec x\n", "bin/bash": "#!/bin/sh\n" },
    finds: [`error interpreter /${SERVICE}:1:3: interpreter /bin/bash is not executable`],
    mended: { "bin/bash": program(MACHINE.amd64) },
  },
  {
    name: "an interpreter of the overlay does not have to be where it is named",
    tree: { [SERVICE]: "#!/usr/bin/with-contenv sh\n", [INIT]: "#!/bin/execlineb -P\ns6-log\n" },
    finds: [],
  },
  {
    name: "what with-contenv is to run is looked for in PATH",
    tree: { [INIT]: "#!/command/with-contenv bash\n" },
    finds: [
      `error interpreter /${INIT}:1:3: /command/with-contenv is to run bash, which no directory of PATH has`,
    ],
    mended: { "usr/local/bin/bash": program(MACHINE.amd64) },
  },
  {
    name: "a directory of the container's own PATH is searched",
    tree: { [INIT]: "#!/command/with-contenv ruby\n", "opt/ruby/bin/ruby": program(MACHINE.amd64) },
    environment: { PATH: "/opt/ruby/bin:/bin" },
    finds: [],
  },
  {
    name: "what with-contenv is to run by its path has to be there",
    tree: { [INIT]: "#!/command/with-contenv /bin/bash\n" },
    finds: [
      `error interpreter /${INIT}:1:3: /command/with-contenv is to run /bin/bash, which does not exist`,
    ],
    mended: { "bin/bash": program(MACHINE.amd64) },
  },
  {
    name: "options behind the program of with-contenv are a part of its name",
    tree: { [INIT]: "#!/command/with-contenv sh -e\n" },
    finds: [
      `error interpreter /${INIT}:1:3: /command/with-contenv is to run sh -e, which no directory of PATH has`,
    ],
  },
  {
    name: "what env is to run is looked for, whether there is an env or not",
    tree: { [INIT]: "#!/usr/bin/env bash\n", [SERVICE]: "#!/usr/bin/env -S execlineb -P\ns6-log\n" },
    finds: [`error interpreter /${INIT}:1:3: /usr/bin/env is to run bash, which no directory of PATH has`],
    mended: { "bin/bash": program(MACHINE.amd64) },
  },
  {
    name: "a program without its loader is an error",
    tree: { [SERVICE]: program(MACHINE.amd64, LOADER) },
    finds: [
      `error loader /${SERVICE}: it is there, but the loader ${LOADER} is not in the image: it was built for a system with glibc`,
    ],
    mended: { [LOADER.slice(1)]: program(MACHINE.amd64) },
  },
  {
    name: "an interpreter without its loader is an error, however the script comes to it",
    tree: {
      [SERVICE]: "#!/opt/bash\n",
      [INIT]: "#!/command/with-contenv bash\n",
      "opt/bash": program(MACHINE.amd64, LOADER),
      "usr/bin/bash": program(MACHINE.amd64, LOADER),
    },
    finds: [
      `error loader /${INIT}: its interpreter /usr/bin/bash is there, but the loader ${LOADER} is not in the image: it was built for a system with glibc`,
      `error loader /${SERVICE}: its interpreter /opt/bash is there, but the loader ${LOADER} is not in the image: it was built for a system with glibc`,
    ],
    mended: { "lib64": { link: "usr/lib64" }, [`usr${LOADER}`]: program(MACHINE.amd64) },
  },
  {
    name: "a program for another machine than the overlay's is an error, and one for an older model is none",
    tree: { [SERVICE]: program(MACHINE.arm64), [INIT]: program(MACHINE.i386) },
    finds: [
      `error architecture /${SERVICE}: it is a program for arm64 (aarch64), and the overlay in this image is for amd64 (x86-64)`,
    ],
    mended: { [SERVICE]: program(MACHINE.amd64) },
  },
];

const EXECLINE: readonly RuleCase[] = [
  {
    name: "a block that is not closed is found where it begins",
    tree: { [SERVICE]: "#!/command/execlineb -P\nforeground { echo x\nsleep 1\n" },
    finds: [`error execline-syntax /${SERVICE}:2:12: unterminated block`],
  },
  {
    name: "a quote that is not closed is found where it begins",
    tree: { [INIT]: '#!/usr/bin/with-contenv execlineb\necho a\n  echo "b\n' },
    finds: [`error execline-syntax /${INIT}:3:8: syntax error: unterminated "`],
  },
  {
    name: "a script that execline accepts is as it should be",
    tree: { [INIT]: '#!/command/execlineb -P\nif { test -n "${x}" } # }\nforeground { echo "}" }\necho\n' },
    finds: [],
  },
];

checkRules([...RUNNING, ...INTERPRETERS, ...EXECLINE]);

const PARTIAL = Object.fromEntries(Object.entries(IMAGE).filter(([path]) => path === "var/log/app"));
checkRules([{
  name: "of files that are yet to be copied into an image what is not there is not looked for",
  tree: {
    [SERVICE]: "#!/bin/bash\n",
    [INIT]: "#!/command/with-contenv perl\n",
    "etc/services.d/db/run": "#!/command/execlineb -P\ns6-setuidgid postgres }\n",
    "etc/services.d/x/log/run": "#!/bin/sh\nexec s6-log /nowhere/here\n",
    "etc/services.d/x/run": program(MACHINE.amd64, LOADER),
    "etc/fix-attrs.d/x": "/data true postgres 0600 0700\n",
  },
  finds: ["error execline-syntax /etc/services.d/db/run:2:23: unmatched }"],
}], PARTIAL);
