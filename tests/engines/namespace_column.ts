// Plain namespaces as a column of the matrix: what the words of a command line mean is done by unshare(1), control groups and
// what else a shell has, or cannot be done.

import { isInstalled, output } from "../../scripts/command.ts";
import { asUser, NamespaceEngine } from "../../scripts/container_namespace.ts";
import type { Container, ContainerEnd, ContainerOptions } from "../../scripts/engine.ts";
import { intoContainer } from "../../scripts/namespaces.ts";
import { CACHE } from "../surroundings/tarball.ts";
import { Cannot, type Column, type EngineStart, type EngineSubject, wordBehind } from "./column.ts";
import { ControlGroup } from "./control_group.ts";
import { BOOTED, IMAGE_ENTRYPOINT, IMAGE_ENVIRONMENT } from "./matrix_image.ts";

type Draft = { -readonly [Key in keyof ContainerOptions]: ContainerOptions[Key] };

interface Settings {
  readonly options: Draft;
  readonly groups: ControlGroup[];
}

/** Static programs that engines put in front of an entry point for --init. */
const INITS = ["catatonit", "tini-static"];

const SEARCH = "PATH=/usr/local/bin:/usr/bin:/bin";
const CANNOT_FREEZE = "nothing freezes it without an engine";
const CANNOT_HEALTH = "no engine is there to run the check";
const CANNOT_RESTART = "no engine is there to start it again";
const NO_GROUPS = "this machine has no control groups for it";

/** What an option does to the settings; those without a value get an empty one. */
const OPTIONS: Readonly<Record<string, (settings: Settings, value: string) => void | Promise<void>>> = {
  "-t": ({ options }) => void (options.terminal = true),
  "-i": () => {},
  "-d": () => {},
  // Root there has all capabilities that root of this machine has.
  "--privileged": () => {},
  "--init": ({ options }) => withInit(options),
  "--read-only": ({ options }) => void (options.readOnly = true),
  "-e": ({ options }, value) => {
    const at = value.indexOf("=");
    options.environment = { ...options.environment, [value.slice(0, at)]: value.slice(at + 1) };
  },
  "-w": ({ options }, value) => void (options.workingDirectory = value),
  "-v": ({ options }, value) => void (options.volumes = [...options.volumes ?? [], value]),
  "--user": ({ options }, value) => void (options.user = value),
  "--tmpfs": ({ options }, value) => void (options.temporary = [...options.temporary ?? [], value]),
  "--security-opt": ({ options }) => void (options.noNewPrivileges = true),
  "--ulimit": ({ options }, value) => void (options.openFiles = value.replace("nofile=", "")),
  "--pid": ({ options }) => void (options.hostProcesses = true),
  "--stop-signal": () => {},
  "--memory": ({ groups }, value) => limit(groups, "memory", value),
  "--pids-limit": ({ groups }, value) => limit(groups, "pids", value),
  "--cap-drop": () => cannot("unshare and chroot leave root all its capabilities"),
  "--uidmap": () => cannot("the files of its root belong to the machine's users"),
  "--health-cmd": () => cannot(CANNOT_HEALTH),
  "--restart": () => cannot(CANNOT_RESTART),
};

const WITHOUT_VALUE = ["-t", "-i", "-d", "--privileged", "--init", "--read-only"];

function cannot(reason: string): never {
  throw new Cannot(reason);
}

async function withInit(options: Draft): Promise<void> {
  const program = INITS.find(isInstalled);
  if (program === undefined) throw new Cannot(`neither of ${INITS.join(" and ")} is installed`);
  const directory = `${CACHE}/matrix-init`;
  await Deno.mkdir(directory, { recursive: true });
  await output(["sh", "-c", 'cp -L "$(command -v "$1")" "$2"', "copy", program, `${directory}/init`]);
  options.volumes = [...options.volumes ?? [], `${directory}:/dev/engine`];
  options.entrypoint = ["/dev/engine/init", "--", IMAGE_ENTRYPOINT];
}

function limit(groups: ControlGroup[], controller: "memory" | "pids", value: string): void {
  const group = ControlGroup.make(controller, value);
  if (group === undefined) throw new Cannot(NO_GROUPS);
  groups.push(group);
}

async function settingsOf(words: readonly string[]): Promise<Settings> {
  const settings: Settings = { options: { environment: IMAGE_ENVIRONMENT, stays: true }, groups: [] };
  for (let at = 0; at < words.length; at++) {
    const option = OPTIONS[words[at]!];
    if (option === undefined) throw new Error(`plain namespaces do not know ${words[at]}`);
    await option(settings, WITHOUT_VALUE.includes(words[at]!) ? "" : words[++at]!);
  }
  if (settings.groups.length > 0) settings.options.groups = settings.groups.map(({ path }) => path);
  return settings;
}

function subjectOf(
  container: Container,
  words: readonly string[],
  groups: readonly ControlGroup[],
): EngineSubject {
  const signal = wordBehind(words, "--stop-signal");
  const stopByTerm = container.stop.bind(container);
  const stop = async (seconds: number): Promise<ContainerEnd> => {
    if (signal === undefined) return await stopByTerm(seconds);
    await container.signal(signal);
    return await container.ended;
  };
  const entering = async (argv: readonly string[], options: readonly string[] = []): Promise<readonly string[]> => {
    const user = wordBehind(options, "-u") ?? wordBehind(words, "--user");
    return [...intoContainer(await container.pid()), ...asUser(user), "env", SEARCH, ...argv];
  };
  const dispose = async (): Promise<void> => {
    await container.signal("KILL").catch(() => {});
    await container.ended;
    await container.remove();
    for (const group of groups) group[Symbol.dispose]();
  };
  return Object.assign(container, {
    stop,
    entering,
    restart: async (seconds: number) => {
      await stop(seconds);
      const again = await container.again();
      await again.printed(BOOTED);
      return subjectOf(again, words, []);
    },
    health: () => cannot(CANNOT_HEALTH),
    pause: () => cannot(CANNOT_FREEZE),
    unpause: () => cannot(CANNOT_FREEZE),
    restartedByEngine: () => cannot(CANNOT_RESTART),
    [Symbol.asyncDispose]: dispose,
  });
}

class NamespaceColumn implements Column {
  readonly name = "plain namespaces";
  private readonly engine = new NamespaceEngine();

  constructor(private readonly root: string) {}

  async versions(): Promise<readonly string[]> {
    return [(await output(["unshare", "--version"])).trim().replace("unshare from ", "")];
  }

  async start({ options: words, command, stdin }: EngineStart): Promise<EngineSubject> {
    const { options, groups } = await settingsOf(words);
    const isTyped = !words.includes("-t") && stdin !== undefined;
    const started = await this.engine.start(this.root, {
      ...options,
      arguments: command,
      ...(isTyped ? { stdin } : {}),
    });
    return subjectOf(started, words, groups);
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** @param root the image */
export function namespaceColumn(root: string): Column | undefined {
  return Deno.uid() === 0 && isInstalled("unshare") && isInstalled("busybox") ? new NamespaceColumn(root) : undefined;
}
