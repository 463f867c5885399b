// What is measured, and what each is given to do: ours in a root file system of its own, the others as Debian installs
// them.

import { output } from "../command.ts";
import { layRoot } from "../rootfs.ts";

/** What a container has to do before its command runs. */
export type Load = "empty" | "busy" | "calls";

interface Work {
  readonly scripts: number;
  readonly services: number;
  /** What a script does besides its echo, where the programs are ours. */
  readonly calls?: string;
  readonly description: string;
}

export const LOADS: Readonly<Record<Load, Work>> = {
  empty: { scripts: 0, services: 0, description: "nothing but the command" },
  busy: { scripts: 3, services: 5, description: "3 initialization scripts and 5 services, then the command" },
  calls: {
    scripts: 3,
    services: 5,
    calls: "s6-setuidgid nobody true\n",
    description: "the same, and each script calls s6-setuidgid (the others: setpriv)",
  },
};

export interface Contestant {
  readonly name: string;
  /** The root directory to run in. */
  readonly root: string;
  /** Process 1 and its arguments; the command is `stamp command`. */
  readonly argv: readonly string[];
}

async function put(root: string, path: string, content: string): Promise<string> {
  const file = `${root}/${path}`;
  await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(file, content);
  await Deno.chmod(file, 0o755);
  return file;
}

function each<T>(count: number, make: (at: number) => T): T[] {
  return Array.from({ length: count }, (_, at) => make(at + 1));
}

/** Lays out a root file system of busybox with one of our trees and the stamp in it. */
export async function layTree(root: string, tree: string, stamp: string): Promise<string> {
  await layRoot("busybox", root);
  await output(["/bin/sh", "-c", 'tar -c -C "$1" . | tar -x -C "$2" --keep-directory-symlink', "lay", tree, root]);
  await Deno.copyFile(stamp, `${root}/stamp`);
  return root;
}

/** Ours, from a tree that the build laid out. */
export async function ours(name: string, tree: string, load: Load, directory: string): Promise<Contestant> {
  const root = await layTree(`${directory}/${name.replaceAll(" ", "-")}-${load}`, tree, `${directory}/stamp`);
  for (const at of each(LOADS[load].scripts, (at) => at)) {
    await put(
      root,
      `etc/cont-init.d/${at}`,
      `#!/usr/bin/with-contenv sh\necho script ${at}\n${LOADS[load].calls ?? ""}`,
    );
  }
  for (const at of each(LOADS[load].services, (at) => at)) {
    await put(root, `etc/services.d/s${at}/run`, "#!/usr/bin/with-contenv sh\nexec sleep 1000\n");
  }
  return { name, root, argv: ["/init", "/stamp", "command"] };
}

/** The shell script that does the work where the supervisor has no notion of it. */
async function shellWork(load: Load, directory: string, supervised: string): Promise<string> {
  const { scripts, services } = LOADS[load];
  const lines = each(
    scripts,
    (at) => `sh -c 'echo script ${at}${LOADS[load].calls ? "; setpriv --reuid nobody true" : ""}'`,
  );
  lines.push(supervised || each(services, () => "sleep 1000 &").join("\n"));
  return await put(
    directory,
    `work-${load}-${supervised === "" ? "plain" : "runit"}`,
    `#!/bin/sh\n${lines.join("\n")}\nexec ${directory}/stamp command\n`,
  );
}

async function runit(load: Load, directory: string): Promise<readonly string[]> {
  const services = `${directory}/runit-${load}`;
  await Deno.mkdir(services);
  for (const at of each(LOADS[load].services, (at) => at)) {
    await put(services, `s${at}/run`, "#!/bin/sh\nexec sleep 1000\n");
  }
  return [await shellWork(load, directory, `runsvdir ${services} &`)];
}

async function supervisor(load: Load, directory: string): Promise<readonly string[]> {
  const { scripts, services } = LOADS[load];
  const program = (name: string, command: string, more = ""): string =>
    `[program:${name}]\ncommand=${command}\nstdout_logfile=/dev/fd/1\nstdout_logfile_maxbytes=0\n${more}`;
  const all = each(services, (at) => program(`s${at}`, "/bin/sleep 1000"));
  all.push(program("command", `${directory}/stamp command`, "autorestart=false\nstartsecs=0\npriority=2000\n"));
  const head =
    `[supervisord]\nnodaemon=true\nuser=root\nlogfile=/dev/null\nlogfile_maxbytes=0\npidfile=${directory}/supervisord.pid\n`;
  const configuration = await put(directory, `supervisor-${load}.conf`, `${head}${all.join("")}`);
  const lines = each(
    scripts,
    (at) => `sh -c 'echo script ${at}${LOADS[load].calls ? "; setpriv --reuid nobody true" : ""}'`,
  );
  return [
    await put(
      directory,
      `supervisor-${load}`,
      `#!/bin/sh\n${lines.join("\n")}\nexec supervisord -c ${configuration}\n`,
    ),
  ];
}

/** The others. tini and dumb-init supervise nothing: a shell starts the services. */
export async function others(load: Load, directory: string): Promise<Contestant[]> {
  const plain = await shellWork(load, directory, "");
  const argvs: Record<string, readonly string[]> = {
    "tini": ["/usr/bin/tini", "--", plain],
    "dumb-init": ["/usr/bin/dumb-init", plain],
    "runit": await runit(load, directory),
    "supervisor": await supervisor(load, directory),
  };
  return Object.entries(argvs).map(([name, argv]) => ({ name, root: "/", argv }));
}
