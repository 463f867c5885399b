// Under which names the applets are installed. /command has them all. /usr/bin has them too, because shebangs and
// scripts spell that path out, except the words of the shell: some of those are files of the distribution there.

import { applets } from "../cli/index.ts";

// The reserved words, builtins and standard utilities among execline's names. Fedora, for one, has /usr/bin/cd.
const SHELL_WORDS = new Set(
  "case cd command do echo env eval exec exit export false fc fg for getopts hash if kill printf pwd read set shift sleep test time trap true type ulimit umask unset wait while"
    .split(" "),
);

// Programs that an init system, if the image has one, installs under these names.
const INIT_SYSTEM = new Set(["halt", "init", "poweroff", "reboot", "runlevel", "shutdown", "telinit"]);

/** Every applet that is a command. `init` is reached as /init only. */
export function commandNames(): string[] {
  return Object.keys(applets).filter((name) => name !== "init").sort();
}

/** The applets that /usr/bin has as well. */
export function sharedNames(): string[] {
  return commandNames().filter((name) => !SHELL_WORDS.has(name) && !INIT_SYSTEM.has(name));
}
