// Runs unit tests: all of them, or the files and folders that are given (`deno task unit tests/lib/log --filter word`).
// Deno has an isolate of its own for each file, and loads into it all that the file imports, which takes longer than
// most files' tests. So a few files are written that import the others, and they are run instead.

const UNITS = ["tests/lib", "tests/cli", "tests/simulation", "tests/scripts", "tests/rows", "tests/house_test.ts"];
/** They use what there is one of in a process: signals, descriptors, children. */
const ALONE = "tests/lib/os/";
const ROOT = new URL("..", import.meta.url).pathname;

/** Files with tests, by their names from the root of the project. */
function testFiles(path: string): string[] {
  if (path.endsWith(".ts")) return [path];
  const entries = [...Deno.readDirSync(`${ROOT}${path}`)].map(({ name, isDirectory }) => ({ name, isDirectory }));
  return entries.flatMap(({ name, isDirectory }) => {
    if (isDirectory) return testFiles(`${path}/${name}`);
    return name.endsWith("_test.ts") ? [`${path}/${name}`] : [];
  }).sort();
}

/** Neighbours come into different shares, as they often take equally long. */
export function shares(files: readonly string[], count: number): string[][] {
  const some: string[][] = Array.from({ length: Math.min(count, files.length) }, () => []);
  files.forEach((file, at) => some[at % some.length]!.push(file));
  return some;
}

/** Writes a file that imports these, and returns its path. */
function entry(directory: string, name: string, files: readonly string[]): string {
  const path = `${directory}/${name}_test.ts`;
  Deno.writeTextFileSync(path, files.map((file) => `import ${JSON.stringify(`${ROOT}${file}`)};\n`).join(""));
  return path;
}

/** Runs deno's tests with these arguments, and says if all have passed. */
async function run(args: readonly string[]): Promise<boolean> {
  const words = ["test", "-A", "--no-check", ...args];
  return (await new Deno.Command(Deno.execPath(), { args: words, cwd: ROOT }).spawn().status).success;
}

/** Runs the tests of these files, and says if all have passed. */
async function runFiles(files: readonly string[], words: readonly string[]): Promise<boolean> {
  const [alone = [], others = []] = [true, false].map((is) => files.filter((file) => file.startsWith(ALONE) === is));
  const directory = Deno.makeTempDirSync({ prefix: "units-" });
  try {
    const some = shares(others, 4 * navigator.hardwareConcurrency)
      .map((share, at) => entry(directory, `share_${at + 1}`, share));
    const passed = [
      some.length === 0 || await run(["--parallel", ...words, ...some]),
      alone.length === 0 || await run([...words, entry(directory, "alone", alone)]),
    ];
    return !passed.includes(false);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

if (import.meta.main) {
  const options = Deno.args.findIndex((word) => word.startsWith("-"));
  const given = options < 0 ? Deno.args : Deno.args.slice(0, options);
  const files = (given.length === 0 ? UNITS : given).flatMap((path) => testFiles(path.replace(/\/$/, "")));
  if (!await runFiles(files, options < 0 ? [] : Deno.args.slice(options))) {
    console.error("unit: the tests of one file: deno test -A FILE, as it is named at the failure");
    Deno.exit(1);
  }
}
