// Takes the checkpoints of a built program: processes that have started and loaded everything, from which launchers go on.
// cli/launcher/checkpoint.h says what one is, scripts/checkpoint/ has what takes it: the same one each time.

import { HOST } from "./base.ts";
import { fingerprint, hexadecimal, isFile, output } from "./command.ts";
import { ALLOCATION } from "./launcher.ts";
import { type Namespace, ownNamespaces } from "./namespaces.ts";
import { COMPUTING, KEPT, WAITING, WITHOUT_COMPILER } from "./v8_flags.ts";

interface Kind {
  /** The flags of V8 there. */
  readonly flags: string;
  /**
   * A program that goes on from it, and ends at once: the pages that it touches are made in one go in all that follow. For
   * those that stay, each page that they need not have counts more.
   */
  readonly program?: string;
  /** Stock deno starts with such flags as well, and they are seldom needed. */
  readonly onlyCompiled?: true;
}

/** Of the program that takes them. */
const SOURCES: readonly string[] = [
  "scripts/checkpoint/take.c",
  "scripts/checkpoint/told.c",
  "scripts/checkpoint/turns.c",
  "scripts/checkpoint/turns.h",
  "cli/launcher/checkpoint.h",
];

/** Milliseconds after which a program that has not stopped itself never will; it takes seconds. */
const LONGEST = 300_000;

/** By the checkpoint's name, beside the launcher. */
const CHECKPOINTS: Readonly<Record<string, Kind>> = {
  "checkpoint": { flags: WAITING, program: "s6-true" },
  "checkpoint-computing": { flags: COMPUTING },
  "checkpoint-without-compiler": { flags: WITHOUT_COMPILER, onlyCompiled: true },
};

/** Makes the program of a compiled base with other flags: their place in the file is all that differs. */
export type Recompile = (flags: string, to: string) => Promise<void>;

/** A built program. */
interface Built {
  /** Undefined for a stock base, which takes its flags when it starts. */
  readonly recompile: Recompile | undefined;
  /** The directory with launcher, program and chunks. */
  readonly home: string;
  /** Where that directory will be: where it is, or where the tarball puts it. */
  readonly prefix: string;
}

// What processors have that is not to be used: checkpoint.h lists what may be.
const NOT_USED = ["-RTM", ...["F", "VL", "BW", "CD", "DQ", "IFMA", "_VBMI", "_VBMI2"].map((part) => `-AVX512${part}`)];

function environment({ prefix }: Built, flags: string): Record<string, string> {
  return {
    OVERLAY_CHECKPOINT: "1",
    OVERLAY_PREFIX: prefix,
    DENO_DISABLE_NODE_SHIM: "1",
    DENO_NO_UPDATE_CHECK: "1",
    DENO_NO_PROMPT: "1",
    DENO_DIR: `${prefix}/launcher/none`,
    HOME: `${prefix}/none`,
    NO_COLOR: "1",
    DENO_V8_FLAGS: [flags, ...KEPT].join(),
    SIMDUTF_FORCE_IMPLEMENTATION: "haswell",
    // Whatever is called later is found now: how depends on the processor.
    LD_BIND_NOW: "1",
    // The kernel does not know of the thread's area for restartable sequences where the process goes on.
    GLIBC_TUNABLES: [ALLOCATION, "glibc.pthread.rseq=0", `glibc.cpu.hwcaps=${NOT_USED.join()}`].join(":"),
  };
}

function command({ recompile, prefix }: Built): string[] {
  if (recompile !== undefined) return [`${prefix}/program`];
  const options = ["-A", "--no-config", "--no-lock", "--no-remote", "--no-npm", "--no-code-cache"];
  return [`${prefix}/program`, "run", ...options, `${prefix}/js/main.js`];
}

/** With the built directory at its later place, below a root that has nothing else. */
const ENTER =
  `mount --bind "$1" "$2$3" && mount --rbind /proc "$2/proc" && mount --rbind /dev "$2/dev" && shift 3 && "$@"`;

/** Adds the checkpoints to a program that was built for this machine's architecture. Those in the cache are of its content. */
export async function takeCheckpoints(built: Built, cache: string): Promise<void> {
  if (HOST !== "amd64") return;
  const key = await keyOf(built);
  const kept = (name: string): string => `${cache}/${name}-${key}`;
  for (const [name, kind] of Object.entries(CHECKPOINTS)) {
    if (kind.onlyCompiled && built.recompile === undefined) continue;
    if (!isFile(kept(name))) {
      await withFlags(built, kind.flags, () => take(built, name, kind)).catch((error) => {
        const cure = "taking one needs ptrace and a mount namespace; --starting builds without";
        throw new Error(`no checkpoint can be taken of ${built.home}/program (${cure}):\n${error.message}`);
      });
      await Deno.copyFile(`${built.home}/${name}`, `${kept(name)}.new`);
      await Deno.rename(`${kept(name)}.new`, kept(name));
    }
    await Deno.copyFile(kept(name), `${built.home}/${name}`);
    await Deno.chmod(`${built.home}/${name}`, 0o644);
  }
}

/** A checkpoint holds for the program with its usual flags, too: what is mapped of it is the same, and its length. */
async function withFlags({ recompile, home }: Built, flags: string, work: () => Promise<void>): Promise<void> {
  if (recompile === undefined) return await work();
  const [program, usual] = [`${home}/program`, `${home}/program.usual`];
  await Deno.rename(program, usual);
  try {
    await recompile([flags, ...KEPT].join(), program);
    const [size, usualSize] = [program, usual].map((path) => Deno.statSync(path).size);
    if (size !== usualSize) throw new Error(`with the flags ${flags} it has ${size} bytes, not ${usualSize}`);
    await work();
  } finally {
    await Deno.rename(usual, program);
  }
}

async function take(built: Built, name: string, { flags, program }: Kind): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    const tool = `${root}/checkpoint`;
    await output([
      "gcc",
      "-O1",
      "-Wall",
      "-Wextra",
      "-Werror",
      "-I",
      "cli/launcher",
      "-o",
      tool,
      ...SOURCES.filter((path) => path.endsWith(".c")),
    ]);
    const inside = built.home === built.prefix ? "" : root;
    const run = async (action: string, command: readonly string[]): Promise<void> => {
      const words = [tool, action, `${built.home}/${name}`, inside, ...command];
      await output(inside === "" ? words : entering(built, root, words), {
        clearEnv: true,
        signal: AbortSignal.timeout(LONGEST),
        env: environment(built, flags),
      });
    };
    await layOut(built, root, inside);
    await run("take", command(built));
    if (program === undefined) return;
    await Deno.symlink(`${built.prefix}/launcher`, `${root}/${program}`);
    await run("note", [`${inside === "" ? root : ""}/${program}`]);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

async function layOut({ prefix }: Built, root: string, inside: string): Promise<void> {
  for (const directory of inside === "" ? [] : [prefix, "/proc", "/dev"]) {
    await Deno.mkdir(`${root}${directory}`, { recursive: true });
  }
}

function entering({ home, prefix }: Built, root: string, words: readonly string[]): string[] {
  const users: readonly Namespace[] = Deno.uid() === 0 ? [] : ["user"];
  return [...ownNamespaces("mount", ...users), "sh", "-c", ENTER, "sh", home, root, prefix, ...words];
}

/** By content: the same program has the same checkpoint. */
async function keyOf(built: Built): Promise<string> {
  const { home } = built;
  const chunks = isFile(`${home}/js`)
    ? [...Deno.readDirSync(`${home}/js`)].map(({ name }) => `${home}/js/${name}`)
    : [];
  const libraries = isFile(`${home}/lib`)
    ? [...Deno.readDirSync(`${home}/lib`)].map(({ name }) => `${home}/lib/${name}`)
    : [];
  const files = [`${home}/launcher`, `${home}/program`, ...SOURCES];
  const digests: string[] = [];
  for (const path of [...files, ...libraries, ...chunks].sort()) {
    digests.push(hexadecimal(await crypto.subtle.digest("SHA-256", await Deno.readFile(path))));
  }
  return await fingerprint([
    ...Object.values(CHECKPOINTS).map(({ flags, program }) => JSON.stringify([environment(built, flags), program])),
    ...digests,
  ]);
}
