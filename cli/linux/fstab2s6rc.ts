// fstab2s6rc: services for s6-rc that mount what /etc/fstab lists. It mounts nothing itself. Follows the manual of
// s6-linux-utils 2.6.4.

import type { ByteString } from "../../lib/bytes.ts";
import { type FstabWishes, servicesOfFstab, type ServiceSource } from "../../lib/fstab_services.ts";
import { parseMountTable } from "../../lib/mount_table.ts";
import type { Os } from "../../lib/os/os.ts";
import { randomLetters } from "../../lib/random.ts";
import { EXIT, Failure, unlessRefused } from "../../lib/report.ts";
import { removeTree } from "../../lib/tree.ts";
import { type Applet, utility } from "../applet.ts";
import { octal } from "../getopt.ts";
import { longOptions } from "../long_options.ts";

export const fstab2s6rc: Applet = utility({
  name: "fstab2s6rc",
  usage: "[ -A | -a ] [ -U | -u ] [ -E | -e ] [ -F fstab ] [ -m mode ] [ -B bundle ] [ -d basedep ] dir",
  summary: "make service definitions for s6-rc of the file systems and swaps in fstab",
  help: {
    A: "make services of what is marked noauto too, for no bundle (default)",
    a: "leave out what is marked noauto",
    U: "let the services run s6-mount, s6-swapon and so on (default)",
    u: "let the services run mount, swapon and so on of util-linux, which know UUID= and LABEL=",
    E: "mark the services as essential, which stay up (default)",
    e: "mark the services as recommended; they unmount when they are brought down",
    F: "read this file instead of /etc/fstab",
    m: "the mode of the directory, in octal (default 0755)",
    B: "make a bundle of this name of all services, and of those behind it with -mounts and -swaps",
    d: "let each service depend on this one",
  },
  exits: { 1: "fstab is wrong" },
  notes: [
    "A service is named after its place: mount-var:log mounts /var/log, swap-dev:sda2 takes /dev/sda2 for swap. It " +
    "depends on the one that mounts what its place lies in. The root, which is mounted already, has none.",
  ],
  options: "AaUuEeF:m:B:d:",
  long: longOptions({
    "base-dependency": "d",
    "bundle": "B",
    "essential": "E",
    "exclude-noauto": "a",
    "fstab": "F",
    "include-noauto": "A",
    "mode": "m",
    "not-essential": "e",
    "with-uuid": "u",
    "without-uuid": "U",
  }),
  least: 1,
  run: (context, { options, args: [directory = ""] }) => {
    const { os } = context;
    const mode = octal(options.value("m") ?? "755");
    const wishes: FstabWishes = {
      withNoauto: options.last("A", "a") !== "a",
      withUuid: options.last("U", "u") === "u",
      isEssential: options.last("E", "e") !== "e",
      bundle: options.value("B"),
      base: options.value("d"),
      warn: (text) => context.warn(text),
    };
    const entries = parseMountTable(os.readFile(options.value("F") ?? "/etc/fstab"));
    const sources = servicesOfFstab(entries, wishes);
    if (unlessRefused(() => os.lstat(directory)) !== undefined) {
      throw new Failure(EXIT.system, `${directory} is there already`);
    }
    makeWhole(os, directory, mode, sources);
    return 0;
  },
});

/** Makes the directory under another name first, so that no other program meets a part of it. */
function makeWhole(os: Os, directory: ByteString, mode: number, sources: readonly ServiceSource[]): void {
  const made = `${directory.replace(/\/+$/, "")}:${randomLetters(os, 8)}`;
  // As with the original, the umask counts for files only.
  const fileMode = 0o666 & ~os.setUmask(0);
  os.makeDirectory(made, 0o700);
  try {
    for (const { name, files, directories } of sources) {
      os.makeDirectory(`${made}/${name}`, 0o755);
      for (const below of directories) os.makeDirectory(`${made}/${name}/${below}`, 0o755);
      for (const [file, content] of files) os.writeFile(`${made}/${name}/${file}`, content, fileMode);
    }
    os.chmod(made, mode);
    os.rename(made, directory);
  } catch (error) {
    unlessRefused(() => removeTree(os, made));
    throw error;
  }
}
