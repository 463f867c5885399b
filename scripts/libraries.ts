// The loader and the C libraries that the program needs. The overlay brings its own, so that it runs on images with
// another libc or with none. On amd64 they are those of the build machine; for another architecture, Debian's packages.

import { type Architecture, HOST } from "./base.ts";
import { isFile, output } from "./command.ts";

export const LOADER: Readonly<Record<Architecture, string>> = {
  amd64: "ld-linux-x86-64.so.2",
  aarch64: "ld-linux-aarch64.so.1",
};

/** Debian's packages, and what of each is needed besides the loader. */
const NEEDED = {
  "libc6": ["libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1"],
  "libgcc-s1": ["libgcc_s.so.1"],
} as const;

const DEBIAN: Readonly<Record<Architecture, { name: string; triple: string }>> = {
  amd64: { name: "amd64", triple: "x86_64-linux-gnu" },
  aarch64: { name: "arm64", triple: "aarch64-linux-gnu" },
};

/** What libraries come from. */
export interface LibraryPackage {
  readonly name: keyof typeof NEEDED;
  /** Their names. */
  readonly files: readonly string[];
  /** Undefined where the machine's libraries are in no package of Debian's kind. */
  readonly origin: PackageOrigin | undefined;
  /** The file with the notice of its authors and their licenses; undefined where there is none. */
  readonly notice: string | undefined;
}

interface PackageOrigin {
  /** debian, or what is made from it. */
  readonly distribution: string;
  readonly architecture: string;
  readonly version: string;
  /** What it was built from. */
  readonly source: string;
  readonly sourceVersion: string;
}

/** The names of the loader and the libraries. */
function librariesFor(architecture: Architecture): readonly string[] {
  return [LOADER[architecture], ...Object.values(NEEDED).flat()];
}

/** Which packages the libraries are from that installLibraries copies. */
export async function libraryPackages(architecture: Architecture, cache: string): Promise<readonly LibraryPackage[]> {
  const { name: debian } = DEBIAN[architecture];
  const root = architecture === HOST ? "" : await debianRoot(architecture, cache);
  const texts = architecture === HOST
    ? await output(["dpkg-query", "--show", `--showformat=${ORIGIN}`, ...packagesFor(debian)]).catch(() => "")
    : await Deno.readTextFile(`${root}/${ORIGINS}`);
  const distribution = /^ID="?(\w+)/m.exec(await Deno.readTextFile("/etc/os-release").catch(() => ""))?.[1] ?? "debian";
  const lines = texts.split("\n").map((line) => line.split(" "));
  return Object.entries(NEEDED).map(([name, files]) => {
    const found = lines.find(([first]) => first === name);
    const [, version = "", source = "", sourceVersion = ""] = found ?? [];
    const notice = `${root}/usr/share/doc/${name}/copyright`;
    return {
      name: name as keyof typeof NEEDED,
      files: name === "libc6" ? [LOADER[architecture], ...files] : files,
      origin: found && { distribution, architecture: debian, version, source, sourceVersion },
      notice: isFile(notice) ? notice : undefined,
    };
  });
}

/** A line for each package. */
const ORIGIN = "${Package} ${Version} ${source:Package} ${source:Version}\\n";
/** Where the lines of packages that were fetched are, beside their files. */
const ORIGINS = "origins";

function packagesFor(debian: string): readonly string[] {
  return Object.keys(NEEDED).map((name) => `${name}:${debian}`);
}

/** Copies the loader and the libraries into the directory. */
export async function installLibraries(architecture: Architecture, directory: string, cache: string): Promise<void> {
  const sources = architecture === HOST
    ? machineDirectories(architecture)
    : await debianDirectories(architecture, cache);
  await Deno.mkdir(directory, { recursive: true });
  for (const name of librariesFor(architecture)) {
    const from = sources.map((source) => `${source}/${name}`).find(isFile);
    if (!from) throw new Error(`${name} is in none of ${sources.join(", ")}`);
    const bytes = await Deno.readFile(from);
    const isLoader = name.startsWith("ld-");
    const changed = isLoader
      ? withoutPreload(bytes)
      : name.startsWith("libc.")
      ? withoutClone3(bytes, architecture)
      : bytes;
    await Deno.writeFile(`${directory}/${name}`, changed);
    await Deno.chmod(`${directory}/${name}`, isLoader ? 0o755 : 0o644);
  }
}

/** Instructions that make the system call clone3, by the number and the call itself, and as many bytes with the result -ENOSYS. */
const CLONE3: Readonly<Record<Architecture, Readonly<Record<"number" | "call" | "refusal", readonly number[]>>>> = {
  // mov $435, %eax; syscall and mov $-38, %rax
  amd64: { number: [0xb8, 0xb3, 1, 0, 0], call: [0x0f, 5], refusal: [0x48, 0xc7, 0xc0, 0xda, 0xff, 0xff, 0xff] },
  // mov x8, #435; svc #0 and mov x0, #-38; nop
  aarch64: {
    number: [0x68, 0x36, 0x80, 0xd2],
    call: [1, 0, 0, 0xd4],
    refusal: [0xa0, 4, 0x80, 0x92, 0x1f, 0x20, 3, 0xd5],
  },
};

// Container engines before 20.10.10 refuse clone3 by EPERM, after which the library starts no thread and no child. Where the
// kernel has no such call it takes clone instead, which loses us nothing. For aarch64 it has the call from 2.37 on.
function withoutClone3(library: Uint8Array, architecture: Architecture): Uint8Array {
  const { number, call, refusal } = CLONE3[architecture];
  const places = placesOf([...number, ...call], library);
  if (places.length === 0 && placesOf(number, library).length === 0) return library;
  if (places.length !== 1) throw new Error(`the C library calls clone3 in ${places.length} places, not in one`);
  const changed = library.slice();
  changed.set(refusal, places[0]);
  return changed;
}

function placesOf(sequence: readonly number[], bytes: Uint8Array): number[] {
  const found: number[] = [];
  for (let at = bytes.indexOf(sequence[0]!); at >= 0; at = bytes.indexOf(sequence[0]!, at + 1)) {
    if (sequence.every((byte, offset) => bytes[at + offset] === byte)) found.push(at);
  }
  return found;
}

// An image's list of libraries to load into every program is made for its own libc: our loader looks for the list where
// none can be.
function withoutPreload(loader: Uint8Array): Uint8Array {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  const [wanted, nowhere] = [encode("/etc/ld.so.preload\0"), encode("/dev/null/.preload\0")];
  const at = loader.findIndex((_, start) => wanted.every((byte, offset) => loader[start + offset] === byte));
  if (at < 0) throw new Error("the loader names no /etc/ld.so.preload");
  const changed = loader.slice();
  changed.set(nowhere, at);
  return changed;
}

function machineDirectories(architecture: Architecture): string[] {
  const { triple } = DEBIAN[architecture];
  return [`/lib/${triple}`, `/usr/lib/${triple}`, "/lib64", "/usr/lib64", "/lib", "/usr/lib"];
}

async function debianDirectories(architecture: Architecture, cache: string): Promise<string[]> {
  const { triple } = DEBIAN[architecture];
  const root = await debianRoot(architecture, cache);
  return [`${root}/lib/${triple}`, `${root}/usr/lib/${triple}`, `${root}/lib`];
}

/** Where the packages for another architecture are unpacked, with a line for each of them. */
async function debianRoot(architecture: Architecture, cache: string): Promise<string> {
  const { name } = DEBIAN[architecture];
  const root = `${cache}/debian-${name}-with-origins`;
  if (isFile(root)) return root;
  await output(["dpkg", "--add-architecture", name]);
  await output(["apt-get", "update", "-q"]);
  const scratch = await Deno.makeTempDir();
  await Deno.chmod(scratch, 0o777);
  await output(["apt-get", "download", "-q", ...packagesFor(name)], { cwd: scratch });
  let lines = "";
  for (const entry of Deno.readDirSync(scratch)) {
    await output(["dpkg-deb", "--extract", `${scratch}/${entry.name}`, `${root}.new`]);
    lines += await output(["dpkg-deb", "--show", `--showformat=${ORIGIN}`, `${scratch}/${entry.name}`]);
  }
  await Deno.writeTextFile(`${root}.new/${ORIGINS}`, lines);
  await Deno.rename(`${root}.new`, root);
  await Deno.remove(scratch, { recursive: true });
  return root;
}
