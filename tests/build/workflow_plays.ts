// How each step of the workflows is run by tests: what it finds and what it is to leave, or why it is not run.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { HOST } from "../../scripts/base.ts";
import { chooseEngine } from "../../scripts/container.ts";
import { layRoot } from "../../scripts/rootfs.ts";
import { writeSum } from "../../scripts/sum.ts";
import { VERSION } from "../../lib/version.ts";
import { smallArchives } from "../surroundings/light_release.ts";
import { TARBALL } from "../surroundings/tarball.ts";

/** STEPS=all runs those too that take minutes, and containers with the engine that the machine has. */
export const ALL_STEPS: boolean = Deno.env.get("STEPS") === "all";

type Variables = Readonly<Record<string, string>>;

/** What does the same in the ordinary run of tests: a file that has these words. */
interface SameElsewhere {
  readonly file: string;
  readonly words: string;
}

interface PlayedStep {
  readonly run: string;
  /** Brings what the checkout has by then, of actions and of other jobs. */
  readonly before?: (checkout: string) => Promise<void>;
  /** Over the step's own. */
  readonly env?: Variables;
  /** Looks at what it has left and printed, when it has ended with 0. */
  readonly leaves: (checkout: string, stdout: string) => void | Promise<void>;
  /** With these it must fail. */
  readonly failing?: Variables;
  /** It takes minutes. */
  readonly otherwise?: SameElsewhere;
}

interface LeftStep {
  readonly run: string;
  readonly reason: string;
  readonly otherwise?: SameElsewhere;
}

const ENGINE = chooseEngine(ALL_STEPS ? undefined : "namespaces");
const IMAGE = "localhost/workflow-step";

/** What GitHub puts for an expression. */
export const EXPRESSIONS: Variables = {
  "matrix.architecture": HOST,
  "matrix.machine.architecture": HOST,
  "matrix.base": "stock",
  "matrix.image": IMAGE,
  "github.token": "token",
};

/** What its runner sets for all steps. */
export const OF_RUNNER: Variables = { GITHUB_REF_NAME: `v${VERSION}` };

/** Programs of its runner: tests are root already, and what would upload lists what it is given. */
export const RUNNER_PROGRAMS: Variables = { sudo: 'exec "$@"', gh: String.raw`printf '%s\n' "$@"` };

export const PLAYED_STEPS: readonly PlayedStep[] = [
  {
    run: 'sudo env "PATH=$PATH" npx -y "$DENO" task emulated',
    leaves: (_, stdout) => match(stdout, /\| 2 passed \| 0 failed /),
    otherwise: { file: ".ci/run", words: " task emulated;" },
  },
  {
    run: 'sudo env "PATH=$PATH" npx -y "$DENO" run -A scripts/setup.ts build release',
    leaves: (_, stdout) => equal(stdout, "", "all of it is here"),
  },
  {
    run: 'npx -y "$DENO" task release --arch ${{ matrix.architecture }} --base ${{ matrix.base }}',
    leaves: (checkout) => ok(Deno.statSync(`${checkout}/dist/release/s6-overlay-${HOST}.tar.gz.sha256`).isFile),
    otherwise: { file: "tests/build/release_test.ts", words: "await writeRelease(" },
  },
  {
    run: "cd dist && sha256sum -c -- *.sha256",
    before: async (checkout) => {
      const archive = `${checkout}/dist/s6-overlay-${HOST}.tar.gz`;
      await Deno.copyFile(TARBALL, archive);
      await writeSum(archive);
    },
    leaves: (_, stdout) => equal(stdout, `s6-overlay-${HOST}.tar.gz: OK\n`),
  },
  {
    run:
      'npx -y "$DENO" run -A scripts/smoke.ts ${{ matrix.image }} dist/s6-overlay-${{ matrix.machine.architecture }}.tar.gz',
    before: async (checkout) => {
      await layRoot("busybox", `${checkout}/dist/root`);
      await ENGINE.importRoot(`${checkout}/dist/root`, IMAGE);
    },
    env: { CONTAINER_ENGINE: ENGINE.name },
    leaves: async (_, stdout) => {
      match(stdout, /: all is well\n$/);
      await ENGINE.remove(IMAGE);
    },
  },
  {
    run: 'test "$GITHUB_REF_NAME" = "v$(jq -r .version deno.json)"',
    leaves: (_, stdout) => equal(stdout, ""),
    failing: { GITHUB_REF_NAME: `v${VERSION}.1` },
  },
  {
    run: "npx -y deno@2.9.6 task release:image",
    before: async (checkout) => {
      const release = `${checkout}/dist/release`;
      await smallArchives(release);
      for (const name of ["root", "tar"]) await Deno.remove(`${release}/${name}`, { recursive: true });
      for (const { name } of [...Deno.readDirSync(release)]) await writeSum(`${release}/${name}`);
    },
    leaves: (checkout) => ok(Deno.statSync(`${checkout}/dist/release/s6-overlay-oci.tar`).isFile),
  },
  {
    run: "cd dist/release && sha256sum -c -- *.sha256",
    leaves: (_, stdout) => {
      const names = ["aarch64.tar.xz", "amd64.tar.xz", "oci.tar"];
      equal(stdout, names.map((name) => `s6-overlay-${name}: OK\n`).join(""));
    },
  },
  {
    run:
      'gh release create "$GITHUB_REF_NAME" --verify-tag --title "$GITHUB_REF_NAME" --notes-file CHANGELOG.md dist/release/*',
    leaves: (checkout, stdout) => {
      const [tag] = Object.values(OF_RUNNER);
      const options = ["--verify-tag", "--title", tag, "--notes-file", "CHANGELOG.md"];
      const files = Array.from(Deno.readDirSync(`${checkout}/dist/release`), ({ name }) => `dist/release/${name}`);
      deepEqual(stdout.trim().split("\n"), ["release", "create", tag, ...options, ...files.sort()]);
      ok(files.length === 6 && Deno.statSync(`${checkout}/CHANGELOG.md`).isFile);
    },
  },
  {
    run: "npx -y deno@2.9.6 test -A --no-check tests/scripts/site_test.ts",
    leaves: (_, stdout) => match(stdout, /\| [1-9]\d* passed \| 0 failed /),
    otherwise: { file: "scripts/unit.ts", words: '"tests/scripts"' },
  },
  {
    run: "npx -y deno@2.9.6 task site",
    leaves: (checkout) => ok(Deno.statSync(`${checkout}/dist/site/index.html`).isFile),
  },
];

export const LEFT_STEPS: readonly LeftStep[] = [
  {
    run: 'sudo env "PATH=$PATH" npx -y "$DENO" task test',
    reason: "it runs all tests, of which this is one",
    otherwise: { file: ".ci/run", words: " task test\n" },
  },
  {
    run: "docker pull ${{ matrix.image }}",
    reason: "it needs a registry: here the image is laid out for the step behind it",
  },
];

/** What speaks against the lists, one line each. */
export function faultsOfSteps(steps: readonly string[]): string[] {
  const listed = [...PLAYED_STEPS, ...LEFT_STEPS].map(({ run }) => run);
  return [
    ...steps.filter((run) => !listed.includes(run)).map((run) => `no test runs this step: ${run}`),
    ...listed.filter((run) => !steps.includes(run)).map((run) => `no workflow has this step: ${run}`),
    ...listed.filter((run, at) => listed.indexOf(run) !== at).map((run) => `this step is listed twice: ${run}`),
  ];
}
