// The tarball over images of both layouts, by whatever people extract it with: engines, builders of images, and programs
// that refuse links which lead out of the place.

import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { isInstalled, output } from "../../scripts/command.ts";
import { type Layout, layRoot } from "../../scripts/rootfs.ts";
import { PREFIX } from "../../scripts/tree.ts";
import { fencedBlocks } from "../surroundings/manual_page.ts";
import { PLAIN_TARBALL, TARBALL } from "../surroundings/tarball.ts";
import { lay } from "../rows/harness.ts";

// npm's would cut the first slash off an absolute link.
const PYTHON = "import sys, tarfile; tarfile.open(sys.argv[1]).extractall(sys.argv[3], filter='data')";
const NPM = "import { x } from 'npm:tar@7.5.2'; await x({ file: Deno.args[0], cwd: Deno.args[2], strict: true });";

/** The command line up to the tarball, behind which comes the directory. */
const EXTRACTORS: Readonly<Record<string, readonly string[]>> = {
  "GNU tar": ["tar", "-xzf"],
  "busybox tar": ["/bin/busybox", "tar", "-xzf"],
  "bsdtar": ["bsdtar", "-xzf"],
  "Python's data filter": ["python3", "-c", PYTHON],
  "npm's tar": [Deno.execPath(), "eval", NPM, "--"],
  "umoci": ["sh", "-e", "tests/build/umoci.sh"],
};

interface Builder {
  readonly script: string;
  /** What it is given behind the directory to copy. */
  readonly further: readonly string[];
  readonly isThere: boolean;
}

/** Those that copy a directory over it as well, as most images do. */
const BUILDERS: Readonly<Record<string, Builder>> = {
  "docker's ADD": { script: "docker.sh", further: ["0"], isThere: isInstalled("dockerd") },
  "BuildKit's ADD": { script: "docker.sh", further: ["1"], isThere: isInstalled("dockerd") && hasBuildKit() },
  "buildah's ADD": { script: "buildah.sh", further: [], isThere: isInstalled("buildah") },
};

/** True where the client has it in itself, as that of docker 20.10, or as a plugin. */
function hasBuildKit(): boolean {
  const said = new Deno.Command("docker", { args: ["build", "--help"], env: { DOCKER_BUILDKIT: "1" } }).outputSync();
  return said.success && new TextDecoder().decode(said.stdout).includes("--secret");
}

/** What images may have as links. */
const LINKED = ["bin", "sbin", "lib", "var/run"];

/** They put nothing behind a link that the place has, and so not what the second step of generation 2 is to find. */
const STRICT = ["bsdtar", "npm's tar"];

interface Extraction {
  readonly layout: Layout;
  readonly tarball?: string;
  /** What is behind the directory on the command line. */
  readonly further?: readonly string[];
}

/** Extracts it over such a root, looks at the links, and has the rest checked. */
async function extract(
  command: readonly string[],
  { layout, tarball = TARBALL, further = [] }: Extraction,
  check: (root: string) => void = () => {},
): Promise<void> {
  const directory = await Deno.makeTempDir();
  const root = `${directory}/root`;
  try {
    await layRoot(layout, root);
    const own = LINKED.map((path) => linkAt(`${root}/${path}`));
    await output([...command, tarball, "-C", root, ...further]);
    deepEqual(LINKED.map((path) => linkAt(`${root}/${path}`)), own);
    ok(Deno.statSync(`${root}/bin/busybox`).isFile);
    ok(Deno.statSync(`${root}${PREFIX}/program`).isFile);
    const launcher = Deno.statSync(`${root}${PREFIX}/launcher`).ino;
    const links = [...linksIn(root, "init"), ...linksIn(root, "command"), ...linksIn(root, "usr/bin")];
    ok(links.length > 300, `${links.length} links`);
    // By the host's root, so that none may lead out of the place.
    deepEqual(links.filter((link) => Deno.statSync(link).ino !== launcher), []);
    check(root);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

function linkAt(path: string): string | undefined {
  return Deno.lstatSync(path).isSymlink ? Deno.readLinkSync(path) : undefined;
}

/** The links in the directory, or at the path, that are of the tarball. */
function linksIn(root: string, path: string): string[] {
  if (linkAt(`${root}/${path}`) !== undefined) return [`${root}/${path}`];
  const names = Array.from(Deno.readDirSync(`${root}/${path}`), ({ name }) => `${root}/${path}/${name}`);
  return names.filter((name) => /command|launcher/.test(linkAt(name) ?? ""));
}

const FOUND = "usr/bin/.s6-overlay";

/** The two steps as docs/releases.md has them: $1 is the tarball, $3 the root. */
function documentedSteps(): readonly string[] {
  const block = fencedBlocks(Deno.readTextFileSync("docs/releases.md")).find(({ lines }) =>
    lines[0]!.startsWith("RUN ")
  );
  const steps = block!.lines.join("").replace(/^RUN |\\/g, "").split("&&");
  return steps.map((step) => step.replace(/\/tmp\/\S+/, '"$1"').replace(/-C \//, '-C "$3"/').trim());
}

Deno.test("both steps that Dockerfiles of generation 2 have for a merged image succeed, and the first does it all", async () => {
  const [first = "", second = "", ...others] = documentedSteps();
  deepEqual([first.includes("--exclude"), second.endsWith("./bin"), others], [true, true, []]);
  await extract(["sh", "-ec", first, "sh"], { layout: "merged" }, (root) => {
    throws(() => Deno.lstatSync(`${root}/${FOUND}`), Deno.errors.NotFound);
    const { code, stderr } = new Deno.Command("sh", { args: ["-ec", second, "sh", TARBALL, "-C", root] }).outputSync();
    deepEqual([code, new TextDecoder().decode(stderr)], [0, ""]);
    match(Deno.readTextFileSync(`${root}/${FOUND}`), /which is not needed/);
  });
});

Deno.test("bsdtar names the one file that it does not put behind the link of a merged image, and extracts all others", async () => {
  const words = `bsdtar -xzf "$1" -C "$3" 2>&1 || echo "exit code $?" >"$3/said"`;
  await extract(["sh", "-c", `said=$(${words}); echo "$said" >>"$3/said"`, "sh"], { layout: "merged" }, (root) => {
    const said = Deno.readTextFileSync(`${root}/said`);
    match(said, /^exit code 1\n\.\/bin\/\.s6-overlay: Cannot extract through symlink .*\nbsdtar: Error exit/);
    equal(said.match(/Cannot extract/g)!.length, 1);
  });
});

for (const layout of ["busybox", "merged"] as const) {
  for (const [name, command] of Object.entries(EXTRACTORS)) {
    Deno.test(`extracting with ${name} gives a ${layout} image all links, and leaves its own alone`, async () => {
      const strict = layout === "merged" && STRICT.includes(name);
      await extract(command.map((word) => strict ? word.replace("-xzf", "-xf") : word), {
        layout,
        tarball: strict ? PLAIN_TARBALL : TARBALL,
      });
    });
  }
  for (const [name, builder] of Object.entries(BUILDERS)) {
    Deno.test({
      name: `${name} and a COPY give a ${layout} image all links and files, and leave its own alone`,
      ignore: Deno.uid() !== 0 || !builder.isThere,
      fn: async () => {
        const directory = await Deno.makeTempDir();
        await lay(directory, {
          "etc/services.d/web/run": "#!/bin/sh\n",
          "usr/bin/tool": { content: "#!/bin/sh\n", mode: 0o755 },
        });
        const command = ["sh", "-e", `tests/build/${builder.script}`];
        await extract(command, { layout, further: [directory, ...builder.further] }, (root) => {
          ok(Deno.statSync(`${root}/etc/services.d/web/run`).isFile);
          equal(Deno.statSync(`${root}/usr/bin/tool`).mode! & 0o777, 0o755);
        });
        await Deno.remove(directory, { recursive: true });
      },
    });
  }
}
