// Modes of the user's files, through links and names that another user may have put there. On real files, as root.

import { deepEqual } from "node:assert/strict";
import { door } from "../../../../lib/os/door.ts";
import { files } from "../../../../lib/os/file.ts";
import { PATHS } from "../../../../lib/overlay/paths.ts";
import { ensureModes, type ModesOs } from "../../../../lib/overlay/boot/user_modes.ts";
import { reportLine } from "../../../../lib/reporter.ts";

const ME = { uid: 0, gid: 0, groups: [] };

/** The user's directories in a scratch directory instead of where they are. */
function within(root: string): ModesOs {
  const moved = (path: string): string =>
    path.startsWith(PATHS.userFiles) ? root + path.slice(PATHS.userFiles.length) : path;
  return {
    ...files,
    credentials: () => ME,
    readLinkAt: (directory, path) => files.readLinkAt(directory, moved(path)),
    door: { ...door, hold: (path, directory, reach) => door.hold(moved(path), directory, reach) },
  };
}

Deno.test({
  name: "scripts get their modes, but not what others may have put in their place",
  ignore: Deno.uid() !== 0,
  fn: () => {
    const root = Deno.makeTempDirSync();
    const lines: string[] = [];
    const write = (path: string): void => files.writeFile(`${root}/${path}`, "#!/bin/sh\n", 0o600);
    const directory = (path: string): void => files.makeDirectory(`${root}/${path}`, 0o755);
    try {
      for (const path of ["services.d", "services.d/mine", "services.d/mine/log", "cont-init.d"]) directory(path);
      for (const path of ["services.d/theirs", "services.d/other"]) directory(path);
      for (const path of ["secret", "far", "cont-init.d/plain", "services.d/mine/run", "services.d/mine/log/run"]) {
        write(path);
      }
      write("services.d/theirs/run");
      files.symlink("../far", `${root}/cont-init.d/link`);
      files.symlink("../../secret", `${root}/services.d/theirs/finish`);
      files.link(`${root}/secret`, `${root}/services.d/other/run`);
      files.makeFifo(`${root}/cont-init.d/fifo`, 0o600);
      for (const path of ["theirs", "theirs/run", "other"]) files.chown(`${root}/services.d/${path}`, 65534, 65534);
      ensureModes(within(root), (...report) => lines.push(reportLine(...report)));
      const seen = (path: string): string => {
        const { uid, mode } = files.lstat(`${root}/${path}`);
        return `${path} ${uid} ${mode.toString(8)}`;
      };
      deepEqual([
        ...["cont-init.d/plain", "cont-init.d/fifo", "far", "services.d/mine/run", "services.d/mine/log/run"].map(seen),
        ...["services.d/theirs/run", "secret"].map(seen),
        ...lines,
      ], [
        "cont-init.d/plain 0 755",
        "cont-init.d/fifo 0 600",
        "far 0 755",
        "services.d/mine/run 0 755",
        "services.d/mine/log/run 0 755",
        "services.d/theirs/run 0 755",
        "secret 0 600",
      ]);
    } finally {
      Deno.removeSync(root, { recursive: true });
    }
  },
});
