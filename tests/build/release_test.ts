// The files of a release: names that Dockerfiles fetch, sums, what the archives hold in whatever order they are unpacked, and
// documents whose digests are those of the files.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { pack } from "../../scripts/pack.ts";
import { HOST } from "../../scripts/base.ts";
import { output } from "../../scripts/command.ts";
import { writeRelease } from "../../scripts/release.ts";
import { completeArchives, SMALL_ARCHIVES } from "../../scripts/release/archives.ts";
import { sourceAt } from "../../scripts/release/source.ts";
import { entriesOf, PREFIX } from "../../scripts/tree.ts";
import { VERSION } from "../../lib/version.ts";
import { lightBuild } from "../surroundings/light_release.ts";

const MACHINE = Deno.build.arch;
const ARCHIVES = [
  ...new Set([
    ...["gz", "xz", "zst"].map((format) => `s6-overlay-${HOST}.tar.${format}`),
    `s6-overlay-${MACHINE}.tar.xz`,
    "s6-overlay-noarch.tar.xz",
    "s6-overlay-symlinks-arch.tar.xz",
    "s6-overlay-symlinks-noarch.tar.xz",
    "syslogd-overlay-noarch.tar.xz",
  ]),
].sort();
const [BILL, STATEMENT] = [`s6-overlay-${HOST}.spdx.json`, `s6-overlay-${HOST}.provenance.json`];
const DECOMPRESSORS: Readonly<Record<string, readonly string[]>> = {
  gz: ["gzip", "--decompress"],
  xz: ["xz", "--decompress"],
  zst: ["zstd", "--decompress", "--quiet"],
};

interface Made {
  readonly directory: string;
  readonly tar: string;
  readonly tree: string;
}

let made: Promise<Made> | undefined;

/** One for all tests that only look at it. */
function release(): Promise<Made> {
  if (made === undefined) {
    const place = Deno.makeTempDirSync({ prefix: "release-" });
    addEventListener("unload", () => Deno.removeSync(place, { recursive: true }));
    made = releaseIn(place);
  }
  return made;
}

async function releaseIn(place: string): Promise<Made> {
  const build = await lightBuild(place);
  deepEqual(await writeRelease(build, `${place}/release`, "least"), [...ARCHIVES, BILL, STATEMENT]);
  return { directory: `${place}/release`, tar: build.tar, tree: build.tree };
}

async function sumOf(path: string): Promise<string> {
  return (await output(["sha256sum", path])).slice(0, 64);
}

// deno-lint-ignore no-explicit-any
async function documentAt(path: string): Promise<any> {
  return JSON.parse(await Deno.readTextFile(path));
}

Deno.test("a release has all files that Dockerfiles fetch, and beside each its sum, which sha256sum checks", async () => {
  const { directory } = await release();
  const names = [...ARCHIVES, BILL, STATEMENT];
  const present = Array.from(Deno.readDirSync(directory), ({ name }) => name).sort();
  deepEqual(present, names.flatMap((name) => [name, `${name}.sha256`]).sort());
  const told = await output(["sha256sum", "--check", "--strict", ...names.map((name) => `${name}.sha256`)], {
    cwd: directory,
  });
  deepEqual(told.trim().split("\n"), names.map((name) => `${name}: OK`));
});

Deno.test("each complete archive is the tarball, that of generation 2 with a file for its Dockerfiles in front", async () => {
  const { directory, tar } = await release();
  const [wanted, members] = [await sumOf(tar), await output(["tar", "-tvf", tar])];
  for (const name of completeArchives(HOST)) {
    const command = DECOMPRESSORS[name.slice(name.lastIndexOf(".") + 1)]!;
    const plain = `${tar}.again`;
    await output([
      "sh",
      "-c",
      'to=$1; shift; exec "$@" >"$to"',
      "sh",
      plain,
      ...command,
      "--stdout",
      `${directory}/${name}`,
    ]);
    if (!name.endsWith(".gz")) equal(await sumOf(plain), wanted, name);
    else {
      const [first, ...others] = (await output(["tar", "-tvf", plain])).split("\n");
      match(first!, /^-rw-r--r-- .* \.\/bin\/\.s6-overlay$/);
      equal(others.join("\n"), members);
    }
  }
});

/** Unpacks $@ one after another into an empty directory, and lists what is there. */
const UNPACKED = `umask 022; rm -rf root; mkdir root
for archive; do tar -C root -xpf "$archive"; done
cd root; exec find . '(' -type d -printf 'directory %m %U:%G %P\n' ')' -o -printf '%y %m %U:%G %s %P %l\n'`;

Deno.test({
  name: "archives make the same of an image in whatever order, and the small ones add what they are for",
  ignore: Deno.uid() !== 0,
  fn: async () => {
    const { directory, tree } = await release();
    const place = await Deno.makeTempDir({ prefix: "orders-" });
    // Links to programs, which no other archive has, would take most of the time.
    const entries = entriesOf(tree).filter((entry) => !/^usr[/]bin|command[/]|[/]words[/]|[/]js[/]/.test(entry));
    await pack(tree, entries, `${place}/complete`);
    const small = Object.keys(SMALL_ARCHIVES);
    for (const name of small) {
      await output(["sh", "-c", 'exec xz -dc "$1" >"$2"', "sh", `${directory}/${name}.tar.xz`, `${place}/${name}`]);
    }
    const unpacked = async (archives: readonly string[]): Promise<string[]> =>
      (await output(["sh", "-ec", UNPACKED, "sh", ...archives], { cwd: place })).trim().split("\n").sort();
    const before = await unpacked(["complete"]);
    const names = ["complete", ...small];
    const after = await unpacked(names);
    deepEqual(after.filter((line) => !before.includes(line)), [
      "f 644 0:0 0 etc/s6-overlay/user-bundles.d/user/contents.d/syslogd-bundle ",
    ]);
    deepEqual(before.filter((line) => !after.includes(line)), []);
    // Each of two comes before the other, and the complete one at each place.
    const orders = [names.toReversed(), ...names.map((_, at) => [...names.slice(at), ...names.slice(0, at)])];
    for (const order of orders) deepEqual(await unpacked(order), after, order.join());
    await Deno.remove(place, { recursive: true });
  },
});

Deno.test("another directory, another mask, another time: the same bytes", async () => {
  const { directory } = await release();
  const place = await Deno.makeTempDir({ prefix: "release-elsewhere-" });
  const mask = Deno.umask(0o077);
  try {
    Deno.env.set("XZ_DEFAULTS", "-9");
    Deno.env.set("TZ", "Pacific/Auckland");
    const other = await releaseIn(`${place}`);
    for (const { name } of Deno.readDirSync(directory)) {
      equal(await sumOf(`${other.directory}/${name}`), await sumOf(`${directory}/${name}`), name);
    }
  } finally {
    Deno.umask(mask);
    Deno.env.delete("XZ_DEFAULTS");
    Deno.env.delete("TZ");
    await Deno.remove(place, { recursive: true });
  }
});

Deno.test("the bill of materials has the form of SPDX 2.3, and names what it tells of once", async () => {
  const bill = await documentAt(`${(await release()).directory}/${BILL}`);
  equal(bill.spdxVersion, "SPDX-2.3");
  equal(bill.dataLicense, "CC0-1.0");
  equal(bill.SPDXID, "SPDXRef-DOCUMENT");
  match(bill.documentNamespace, /^https:\/\/[^#]+-[0-9a-f]{64}$/);
  match(bill.creationInfo.created, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  match(bill.creationInfo.creators[0], /^Tool: \S+$/);
  const ids: string[] = [bill, ...bill.packages, ...bill.files].map(({ SPDXID }) => SPDXID);
  equal(new Set(ids).size, ids.length);
  for (const id of ids) match(id, /^SPDXRef-[\w.-]+$/);
  for (const { spdxElementId, relatedSpdxElement } of bill.relationships) {
    ok(ids.includes(spdxElementId) && ids.includes(relatedSpdxElement), `${spdxElementId} ${relatedSpdxElement}`);
  }
  for (const each of bill.packages) {
    for (
      const field of ["name", "versionInfo", "downloadLocation", "licenseConcluded", "licenseDeclared", "copyrightText"]
    ) {
      ok(typeof each[field] === "string" && each[field] !== "", `${each.name}: ${field}`);
    }
  }
});

Deno.test("the bill of materials has the versions of what is in the tarball, and the digests of all that is machine code", async () => {
  const { directory, tree } = await release();
  const bill = await documentAt(`${directory}/${BILL}`);
  const versions = new Map<string, string>();
  for (const { name, versionInfo } of bill.packages) versions.set(name, versionInfo);
  deepEqual([...versions.keys()], ["s6-overlay", "deno", "v8", "libc6", "libgcc-s1"]);
  equal(versions.get("s6-overlay"), VERSION);
  // What the base itself has as its version.
  const program = await output([
    "sh",
    "-c",
    'grep -aFc -e "$1" "$2"',
    "sh",
    versions.get("deno")!,
    `${tree}${PREFIX}/program`,
  ]);
  ok(Number(program) > 0);
  const home = `${tree}${PREFIX}`;
  const machineCode = (await output(["find", home, "-type", "f", "-printf", "%P\\n"])).trim().split("\n")
    .filter((path) => startsAsElf(`${home}/${path}`)).sort();
  ok(machineCode.length > 7, machineCode.join());
  const digests: [string, string][] = [];
  for (const { fileName, checksums } of bill.files) {
    const [one, two] = checksums as { algorithm: string; checksumValue: string }[];
    deepEqual([one!.algorithm, two!.algorithm], ["SHA1", "SHA256"]);
    equal(one!.checksumValue, (await output(["sha1sum", `${tree}/${fileName}`])).slice(0, 40));
    digests.push([fileName.slice(`.${PREFIX}/`.length), two!.checksumValue]);
  }
  const wanted: [string, string][] = [];
  for (const path of machineCode) wanted.push([path, await sumOf(`${home}/${path}`)]);
  deepEqual(digests.sort(), wanted);
});

function startsAsElf(path: string): boolean {
  using file = Deno.openSync(path);
  const head = new Uint8Array(4);
  return file.readSync(head) === 4 && head.join() === "127,69,76,70";
}

Deno.test({
  name: "libraries are told with the package that this machine has them from",
  ignore: !(await new Deno.Command("sh", { args: ["-c", "command -v dpkg-query"], stdout: "null" }).output()).success,
  fn: async () => {
    const { packages } = await documentAt(`${(await release()).directory}/${BILL}`);
    for (const name of ["libc6", "libgcc-s1"]) {
      const version = await output([
        "dpkg-query",
        "--show",
        "--showformat=${Version}",
        `${name}:${HOST === "amd64" ? "amd64" : "arm64"}`,
      ]);
      // deno-lint-ignore no-explicit-any
      const found = packages.find((each: any) => each.name === name);
      equal(found.versionInfo, version);
      const [reference] = found.externalRefs;
      match(reference.referenceLocator, new RegExp(`^pkg:deb/\\w+/${name}@[^?]+\\?arch=(?:amd64|arm64)$`));
      equal(decodeURIComponent(/@([^?]*)/.exec(reference.referenceLocator)![1]!), version);
    }
  },
});

Deno.test("the statement has the digests of all files, the commit, and what was built of", async () => {
  const { directory } = await release();
  const { _type, subject, predicateType, predicate } = await documentAt(`${directory}/${STATEMENT}`);
  deepEqual([_type, predicateType], ["https://in-toto.io/Statement/v1", "https://slsa.dev/provenance/v1"]);
  const wanted = [];
  for (const name of [...ARCHIVES, BILL]) {
    wanted.push({ name, digest: { sha256: await sumOf(`${directory}/${name}`) } });
  }
  deepEqual(subject, wanted);
  const { buildType, externalParameters, resolvedDependencies } = predicate.buildDefinition;
  for (const uri of [buildType, predicate.runDetails.builder.id]) ok(URL.canParse(uri), uri);
  equal(externalParameters.architecture, HOST);
  const { commit } = await sourceAt(".");
  deepEqual(externalParameters.source?.digest, commit === undefined ? undefined : { gitCommit: commit });
  const dependencies: { uri?: string; digest?: Record<string, string> }[] = resolvedDependencies;
  const deno = dependencies.find(({ uri }) => uri?.startsWith("pkg:github/denoland/deno@v"));
  match(deno!.digest!.sha256!, /^[0-9a-f]{64}$/);
  // Each must say what it is.
  for (const { uri, digest } of dependencies) ok(uri !== undefined || digest !== undefined);
});
