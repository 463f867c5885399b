// The tests: all of them, with what they need and with all that is random (`deno task test`), or those of rooms
// (`deno task test supervise log`): the unit tests of a folder, the rows of files and the container tests that have the
// room's name in theirs.

import { codeOfDeno, codeOfStep, type TestStep } from "./tasks.ts";

/** The tasks that are all tests. What one of them finds does not keep the next from being run. */
const ALL: readonly TestStep[] = [
  ["static", "unit"],
  ["cases:rows"],
  ["supervision", "cases:programs"],
  ["containers:built"],
  ["containers:run"],
];

/** The tests of a room, as arguments of deno. */
interface RoomTests {
  readonly units: readonly string[];
  readonly rows: readonly string[];
  readonly containers: readonly string[];
}

/**
 * Finds the tests of a room among files of the project.
 * @param paths all files below tests/, from the root of the project
 */
export function testsOf(room: string, paths: readonly string[]): RoomTests {
  const named = (path: string): boolean => path.slice(path.lastIndexOf("/") + 1).includes(room);
  const within = (folder: string): string[] => paths.filter((path) => path.startsWith(folder)).sort();
  const tests = (folder: string): string[] => within(folder).filter((path) => path.endsWith("_test.ts"));
  return {
    units: ["tests/lib/", "tests/cli/", "tests/simulation/"].flatMap(tests)
      .filter((path) => named(path) || path.split("/").slice(2, -1).includes(room)),
    rows: within("tests/cases/").filter((path) => named(path) || path.split("/")[2] === room)
      .map((path) => path.slice("tests/cases/".length, -".ts".length)),
    containers: tests("tests/containers/").filter(named),
  };
}

async function filesBelow(directory: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(directory)) {
    paths.push(...isDirectory ? await filesBelow(`${directory}/${name}`) : [`${directory}/${name}`]);
  }
  return paths;
}

/** Runs deno with these arguments, and ends with its exit code where that is not 0. */
async function run(...args: readonly string[]): Promise<void> {
  const code = await codeOfDeno(...args);
  if (code !== 0) Deno.exit(code);
}

async function testAll(): Promise<void> {
  Deno.env.set("TESTS", "all");
  Deno.env.delete("MOST_ROWS");
  await run("run", "-A", "scripts/setup.ts");
  const codes: number[] = [];
  for (const step of ALL) codes.push(await codeOfStep(step));
  Deno.exit(codes.find((code) => code !== 0) ?? 0);
}

async function testRoom(room: string): Promise<void> {
  const { units, rows, containers } = testsOf(room, await filesBelow("tests"));
  if (units.length + rows.length + containers.length === 0) {
    console.error(
      `test: there are no tests of ${room}: give a folder of lib/ or cli/, or a part of a test file's name`,
    );
    Deno.exit(100);
  }
  if (units.length > 0) await run("task", "unit", ...units);
  if (rows.length > 0) {
    await run("task", "build", "--local");
    await run("test", "-A", "--no-check", "tests/cases_test.ts", "--filter", `/^(${rows.join("|")}): /`);
  }
  if (containers.length > 0) {
    await run("task", "build");
    await run("test", "-A", "--no-check", "--parallel", ...containers);
  }
}

if (import.meta.main) {
  if (Deno.args.length === 0) await testAll();
  for (const room of Deno.args) await testRoom(room);
}
