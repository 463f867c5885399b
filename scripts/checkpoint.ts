// Takes the checkpoints of a built program: processes that have started and loaded everything, from which launchers go on.
// cli/launcher/checkpoint.h says what one is, scripts/checkpoint.c is what takes it.

import { type BaseKind, HOST } from "./base.ts";
import { fingerprint, hexadecimal, isFile, output } from "./command.ts";
import { ALLOCATION } from "./launcher.ts";
import { type Namespace, ownNamespaces } from "./namespaces.ts";
import { COMPUTING, KEPT, WAITING } from "./v8_flags.ts";

interface Kind {
  /** The flags of V8 there. */
  readonly flags: string;
  /**
   * A program that goes on from it, and ends at once: the pages that it touches are made in one go in all that follow. For
   * those that stay, each page that they need not have counts more.
   */
  readonly program?: string;
}

/** By the checkpoint's name, beside the launcher. */
const CHECKPOINTS: Readonly<Record<string, Kind>> = {
  "checkpoint": { flags: WAITING, program: "s6-true" },
  "checkpoint-computing": { flags: COMPUTING },
};

const COMMON = "checkpoint";

/** A built program. */
interface Built {
  readonly kind: BaseKind;
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

function command({ kind, prefix }: Built): string[] {
  if (kind === "compiled") return [`${prefix}/program`];
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
    // A compiled program has the same flags whatever it does.
    if (built.kind === "compiled" && name !== COMMON) {
      await Deno.symlink(COMMON, `${built.home}/${name}`);
      continue;
    }
    if (!isFile(kept(name))) {
      await take(built, name, kind).catch((error) => {
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
      "scripts/checkpoint.c",
    ]);
    const inside = built.home === built.prefix ? "" : root;
    const run = async (action: string, command: readonly string[]): Promise<void> => {
      const words = [tool, action, `${built.home}/${name}`, inside, ...command];
      await output(inside === "" ? words : entering(built, root, words), {
        clearEnv: true,
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
  const files = [`${home}/launcher`, `${home}/program`, "scripts/checkpoint.c", "cli/launcher/checkpoint.h"];
  const digests: string[] = [];
  for (const path of [...files, ...libraries, ...chunks].sort()) {
    digests.push(hexadecimal(await crypto.subtle.digest("SHA-256", await Deno.readFile(path))));
  }
  return await fingerprint([
    ...Object.values(CHECKPOINTS).map(({ flags, program }) => JSON.stringify([environment(built, flags), program])),
    ...digests,
  ]);
}
