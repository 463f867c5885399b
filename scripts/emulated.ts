// The tarball of aarch64 under qemu-user: `deno task emulated` boots a container in each way that emulators are registered.
// With words it runs the container tests there whose files have one of them in their names (`deno task emulated life stop`),
// with `all` every one. That takes days: without checkpoints, and with an emulator that compiles each program anew, a boot
// takes 12 seconds and a call of a program two. docs/faq.md says what is other there.

import { startEmulating } from "./emulator.ts";

const TARBALL = "dist/s6-overlay-aarch64.tar.gz";
/** How many times longer anything may take. */
const SLOWNESS = "30";
const TESTS = "tests/containers";
/** In namespaces of its own. */
const SMOKE = "emulated_test.ts";

/** The files of tests that have one of the words in their names. */
function chosenAmong(names: readonly string[], words: readonly string[]): string[] {
  const tests = names.filter((name) => name.endsWith("_test.ts") && name !== SMOKE);
  return tests.filter((name) => words.some((word) => word === "all" || name.includes(word))).sort();
}

if (import.meta.main) {
  const files = chosenAmong([...Deno.readDirSync(TESTS)].map(({ name }) => name), Deno.args);
  if (files.length === 0 && Deno.args.length > 0) {
    console.error(`emulated: no file in ${TESTS} has one of these in its name: ${Deno.args.join(" ")}`);
    Deno.exit(100);
  }
  const smoke = new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--no-check", `${TESTS}/${SMOKE}`],
    env: { EMULATED: TARBALL },
  });
  if (!(await smoke.spawn().status).success) Deno.exit(1);
  let failed = 0;
  // One by one, so that what is done is told where it takes days.
  for (const file of files) {
    const environment = ["env", `OVERLAY_TARBALL=${TARBALL}`, `SLOWNESS=${SLOWNESS}`, "CONTAINER_ENGINE=namespaces"];
    const test = [Deno.execPath(), "test", "-A", "--no-check", `${TESTS}/${file}`];
    const process = await startEmulating("keeps argv[0]", [...environment, ...test]);
    const { code, stdout, stderr } = await process.ended;
    console.log(`${stdout}${stderr}`);
    if (code !== 0) failed++;
  }
  if (files.length > 0) console.log(`emulated: ${files.length - failed} files of tests passed, ${failed} failed`);
  if (failed > 0) Deno.exit(1);
}
