// Plays a page of the manual: its files are laid where `docker build` would take them, `docker run` boots a container with
// them, `docker exec` runs a command in it, and what is printed is compared with what the page shows.

import type { ContainerEnd } from "../../scripts/engine.ts";
import { boot, type Booted, runToEnd, type Setting } from "./container.ts";
import { type ShownCommand, shownIn, type ShownPart } from "./manual_page.ts";
import { difference } from "./shown_output.ts";
import { patience } from "../../scripts/patience.ts";

/** However slow the machine is, this is an output that does not come. */
const TIME_LIMIT = patience(20_000);
/** What an engine's exec exits with whose container has ended: 128 and HUP, TERM or KILL of the stop, or unknown. */
const CUT_OFF: ReadonlySet<number> = new Set([129, 143, 137, 255]);

/** What asks and changes nothing: it is asked again until it says what is shown. */
const LOOKS =
  /^(?:cat|ls|ps|id|tail|wget|printcontenv|s6-svstat|s6-rc (?:-a )?list|s6-overlay (?:status|healthy|explain|logs))\b/;

/** What is out of the ordinary on a page. */
export interface Plot {
  /** What lies in the image before the page begins. */
  readonly files?: readonly Extract<ShownPart, { kind: "file" }>[];
  /** Files with mistakes that are shown on purpose, by their paths in the container. */
  readonly mistaken?: readonly string[];
  /** It shows boots that do not end. */
  readonly hangs?: boolean;
}

/** @throws Error with the line where the page is wrong */
export async function playPage(markdown: string, plot: Plot = {}): Promise<void> {
  await using story = new Story(await Deno.makeTempDir({ prefix: "manual-" }), plot);
  const all = [...plot.files ?? [], ...shownIn(markdown)];
  // An engine goes on with its checks; here the container passes them as the page leaves it.
  const isCheck = ({ kind }: ShownPart): boolean => kind === "check";
  for (const shown of [...all.filter((shown) => !isCheck(shown)), ...all.filter(isCheck)]) {
    try {
      await story.goOn(shown);
    } catch (error) {
      throw new Error(`line ${shown.line}: ${(error as Error).message}\n${story.soFar()}`, { cause: error });
    }
  }
}

/** Lays the page's files and does what it has done on the machine, and returns the directory. */
export async function layPage(markdown: string): Promise<{ readonly root: string } & AsyncDisposable> {
  const story = new Story(await Deno.makeTempDir({ prefix: "manual-" }), {});
  for (const shown of shownIn(markdown)) await story.goOn(shown);
  return { root: story.root, [Symbol.asyncDispose]: () => story[Symbol.asyncDispose]() };
}

class Story implements AsyncDisposable {
  private container: Booted | undefined;
  /** What lies in the directory is what the image has. */
  private isBuilt = false;

  constructor(private readonly directory: string, private readonly plot: Plot) {}

  get root(): string {
    return `${this.directory}/root`;
  }

  async goOn(shown: ShownPart): Promise<void> {
    switch (shown.kind) {
      case "file":
        return await this.write(shown.path, shown.text);
      case "command":
        return await this.run(shown);
      case "check":
        return await this.check(shown.command);
    }
  }

  private async write(path: string, text: string): Promise<void> {
    const place = `${this.directory}/${path}`;
    await Deno.mkdir(place.slice(0, place.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(place, text);
    this.isBuilt = false;
  }

  /** As the engine would, again and again. */
  private async check(command: readonly string[]): Promise<void> {
    const container = this.running();
    const deadline = performance.now() + TIME_LIMIT;
    for (;;) {
      const { code, stdout, stderr } = await container.exec(command);
      if (code === 0) return;
      if (performance.now() > deadline) throw new Error(`HEALTHCHECK exited ${code}\n${stdout}${stderr}`);
    }
  }

  private async run({ command, output }: ShownCommand): Promise<void> {
    const [line, showsCode] = command.endsWith("; echo $?") ? [command.slice(0, -9), true] : [command, false];
    const deadline = performance.now() + TIME_LIMIT;
    for (;;) {
      const { printed, code } = await this.printedBy(line);
      const shownCode = showsCode ? [String(code)] : [];
      const wrong = !showsCode && code !== 0 ? `it exited ${code}` : difference(output, [...printed, shownCode]);
      if (wrong === undefined) return;
      const again = LOOKS.test(line.replace(/^docker exec \S+ /, "")) || line.startsWith("docker logs");
      if (!again || performance.now() > deadline) {
        throw new Error(`$ ${command}\n${wrong}\nprinted was:\n${printed.flat().join("\n")}`);
      }
    }
  }

  /** What the container has printed. */
  soFar(): string {
    return this.container === undefined ? "" : `the container: ${this.container.stdout}${this.container.stderr}`;
  }

  private async printedBy(line: string): Promise<{ printed: readonly (readonly string[])[]; code: number }> {
    const ended = await this.endOf(line);
    if (ended === undefined) return { printed: [], code: 0 };
    const last = ended.cause === undefined ? "" : `s6-overlay: info: stopping: ${ended.cause}\n`;
    return { printed: [linesOf(ended.stdout), linesOf(ended.stderr + last)], code: ended.code };
  }

  /** One that ends its container may end with it, or the engine has forgotten both before it tells of its end. */
  private async inside(command: readonly string[]): Promise<ContainerEnd> {
    const container = this.running();
    const ended = await container.exec(command);
    if (!CUT_OFF.has(ended.code) || (await container.exec(["true"])).code === 0) return ended;
    return { ...ended, code: 0, stderr: "" };
  }

  /** Undefined for what goes on. */
  private async endOf(line: string): Promise<ContainerEnd | undefined> {
    const [program, verb, ...rest] = wordsOf(line);
    if (program !== "docker") return await this.outside(line);
    switch (verb) {
      case "build":
        this.isBuilt = true;
        return undefined;
      case "run":
        return await this.boot(rest);
      case "exec":
        return await this.inside(rest[0] === "-it" ? rest.slice(2) : rest.slice(1));
      case "rm":
        return void await this.end();
      case "stop":
        return void await this.running().stop(10);
      case "kill":
        return void await this.running().signal(rest[rest.indexOf("-s") + 1]!);
      case "wait":
        return printing(`${(await this.running().ended).code}\n`);
      case "logs":
        return await this.logs(line);
      default:
        throw new Error(`docker ${verb} is not known here`);
    }
  }

  private async logs(line: string): Promise<ContainerEnd> {
    const container = this.running();
    if (/2>&1 \| tail -n 1$/.test(line)) {
      const { cause } = await container.ended;
      return { code: 0, stdout: "", stderr: "", cause, milliseconds: 0 };
    }
    // What it prints is collected meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 0));
    return { code: 0, stdout: container.stdout, stderr: container.stderr, milliseconds: 0 };
  }

  private async outside(line: string): Promise<ContainerEnd> {
    const command = new Deno.Command("/bin/sh", { args: ["-c", line], cwd: this.directory });
    this.isBuilt = false;
    const { code, stdout, stderr } = await command.output();
    const [printed, complaints] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    return { code, stdout: printed!, stderr: complaints!, milliseconds: 0 };
  }

  private async boot(words: readonly string[]): Promise<ContainerEnd | undefined> {
    const { setting, stays } = settingOf(words);
    if (!this.isBuilt) throw new Error("the files are not in the image: docker build -t example .");
    await Deno.mkdir(this.root, { recursive: true });
    if (!stays) return await runToEnd({ ...setting, root: this.root });
    if (this.container !== undefined) throw new Error("the name is in use: docker rm -f example");
    this.container = await boot({ ...setting, root: this.root });
    if (await this.booted(this.container) && setting.user === undefined) {
      await withoutFaults(this.container, this.plot.mistaken ?? []);
    }
  }

  /** Waits until the boot is over, or goes on as the page wants it. @returns false if the container has ended */
  private async booted(container: Booted): Promise<boolean> {
    let over = false;
    container.ended.then(() => over = true);
    const deadline = performance.now() + TIME_LIMIT;
    while (!over && performance.now() < deadline) {
      const { stdout } = await container.exec(["s6-overlay", "status"]);
      if ((this.plot.hangs ? /^container: / : /^container: (?!booting)/).test(stdout)) return true;
    }
    if (over) return false;
    throw new Error("the container does not boot");
  }

  private running(): Booted {
    if (this.container === undefined) throw new Error("no container was started before");
    return this.container;
  }

  private async end(): Promise<void> {
    await this.container?.[Symbol.asyncDispose]();
    this.container = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
    await Deno.remove(this.directory, { recursive: true });
  }
}

/** What a page shows is right in the eyes of `s6-overlay lint`, too. */
async function withoutFaults(container: Booted, mistaken: readonly string[]): Promise<void> {
  const { stdout } = await container.exec(["s6-overlay", "lint", "/"]);
  const faults = linesOf(stdout).slice(0, -1).filter((line) =>
    /: (?:error|warning): /.test(line) && !mistaken.some((path) => line.startsWith(`${path}:`))
  );
  if (faults.length > 0 || !/^\d+ errors?, \d+ warnings?\n$/m.test(stdout)) {
    throw new Error(`s6-overlay lint /\n${stdout}`);
  }
}

function printing(stdout: string): ContainerEnd {
  return { code: 0, stdout, stderr: "", milliseconds: 0 };
}

function linesOf(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}

/** The words of a command line of a shell, without what a shell expands. */
function wordsOf(line: string): string[] {
  const words = line.replace(/\s+2>&1.*$/, "").matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g);
  return Array.from(words, ([word]) => word.replace(/'([^']*)'|"([^"]*)"/g, (_, one, two) => one ?? two));
}

/** What `docker run` is told, and whether it returns at once. */
function settingOf(words: readonly string[]): { setting: Setting; stays: boolean } {
  const environment: Record<string, string> = {};
  const temporary: string[] = [];
  let setting: Setting = { environment, temporary };
  let stays = false;
  const takes: Readonly<Record<string, (value: string) => void>> = {
    "-e": (value) => environment[value.slice(0, value.indexOf("="))] = value.slice(value.indexOf("=") + 1),
    "--tmpfs": (value) => temporary.push(value),
    "--user": (user) => setting = { ...setting, user },
    "--name": () => {},
    "--cap-drop": () => setting = { ...setting, withoutCapabilities: true },
    "--security-opt": () => setting = { ...setting, noNewPrivileges: true },
  };
  let at = 0;
  for (; words[at]!.startsWith("-"); at++) {
    const word = words[at]!;
    if (word === "-d") stays = true;
    else if (word === "--read-only") setting = { ...setting, readOnly: true };
    else if (takes[word] !== undefined) takes[word](words[++at]!);
    else if (word !== "--rm") throw new Error(`docker run ${word} is not known here`);
  }
  // Behind the image's name.
  return { setting: { ...setting, arguments: words.slice(at + 1) }, stays };
}
