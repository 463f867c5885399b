// s6-overlay lint in an image, as a Dockerfile runs it and in a container that has booted.

import { faultsOfDeclared } from "../scripts/declared_json.ts";
import { deepEqual, equal, match } from "node:assert/strict";
import { byteString } from "../../lib/bytes.ts";
import { type Given, lay } from "../rows/harness.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { quickly, type Root, root } from "../surroundings/quick.ts";

const RUN: Given = "#!/bin/sh\nexec sleep 1000\n";
/** A program of this machine's whose loader is in no busybox image. */
const LINKED: Given = { content: byteString(await Deno.readFile("/bin/ls")), mode: 0o755 };
const EXAMPLES = ["quick-start", "kubernetes"].map((name) =>
  decodeURIComponent(new URL(`../../examples/${name}/root`, import.meta.url).pathname)
);

interface Linted {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** As RUN in a Dockerfile does it: no process of the overlay is there yet. */
async function lint(
  { path }: Root,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Linted> {
  const { code, stdout, stderr } = await new Deno.Command("chroot", {
    args: [path, "/usr/bin/s6-overlay", "lint", ...words],
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", ...env },
    clearEnv: true,
  }).output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

function story(name: string, given: Readonly<Record<string, Given>>, work: (root: Root) => Promise<void>): void {
  const fn = async (): Promise<void> => {
    await using made = await root(given);
    await work(made);
  };
  Deno.test({ name, ignore: !canIsolate, fn });
}

story(
  "nothing is found in an image that has nothing but the overlay, and in those of the examples",
  {},
  async (root) => {
    const clean = { code: 0, stdout: "0 errors, 0 warnings\n", stderr: "" };
    deepEqual(await lint(root, ["/"]), clean);
    for (const example of EXAMPLES) {
      deepEqual((await new Deno.Command("cp", { args: ["-a", `${example}/.`, root.path] }).output()).code, 0);
      deepEqual(await lint(root, ["/"]), clean, example);
    }
  },
);

const MISTAKES: Readonly<Record<string, Given>> = {
  "etc/cont-init.d/10-bash": "#!/usr/bin/with-contenv bash\n",
  "etc/fix-attrs.d/data": "/data true postgres 0600 0700\n",
  "etc/services.d/linked/run": LINKED,
  "etc/services.d/web/run": "#!/usr/bin/execlineb -P\nwith-contenv\ns6-setuidgid {\n",
  "etc/services.d/web/notification-fd": "1\n",
};

story("what is wrong with an image is told with its place, and fails the build", MISTAKES, async (root) => {
  const { code, stdout, stderr } = await lint(root, ["/"], { S6_LOGING: "1" });
  deepEqual([code, stderr], [1, ""]);
  const lines = stdout.trimEnd().split("\n");
  const expected = [
    /^environment: warning: S6_LOGING is not a setting and has no effect \(did you mean S6_LOGGING\?\)$/,
    /^\/etc\/cont-init\.d\/10-bash:1:3: error: \/usr\/bin\/with-contenv is to run bash, which no directory of PATH has \(/,
    /^\/etc\/fix-attrs\.d\/data:1:12: error: unknown user: postgres \(/,
    /^\/etc\/services\.d\/linked\/run: error: it is there, but the loader \/\S*ld-linux\S* is not in the image: /,
    /^\/etc\/services\.d\/web\/notification-fd:1: error: 1 is standard output of run, /,
    /^\/etc\/services\.d\/web\/run:3:14: error: unterminated block$/,
    /^5 errors, 1 warning$/,
  ];
  equal(lines.length, expected.length, stdout);
  for (const [at, line] of expected.entries()) match(lines[at]!, line);
  const json = await lint(root, ["-j", "/"], { S6_LOGING: "1" });
  equal(json.code, 1);
  deepEqual(faultsOfDeclared("LintReport", JSON.parse(json.stdout)), []);
  const { version, findings } = JSON.parse(json.stdout);
  deepEqual([version, findings.length], [1, 6]);
  deepEqual(findings[5], {
    severity: "error",
    rule: "execline-syntax",
    path: "/etc/services.d/web/run",
    line: 3,
    column: 14,
    text: "unterminated block",
    cure: "",
  });
  const github = await lint(root, ["/", "--github"]);
  equal(github.code, 1);
  match(github.stdout, /^::error file=etc\/services\.d\/web\/run,line=3,col=14::unterminated block$/m);
});

story("all that is wrong with definitions of generation 3 is told at once, as the boot would tell it", {
  "etc/s6-overlay/s6-rc.d/prepare/type": "oneshot\n",
  "etc/s6-overlay/s6-rc.d/prepare/up": "if { true\n",
  "etc/s6-overlay/s6-rc.d/web/type": "longrun\n",
  "etc/s6-overlay/s6-rc.d/web/run": RUN,
  "etc/s6-overlay/s6-rc.d/web/dependencies.d/bsae": "",
  "etc/s6-overlay/user-bundles.d/user/contents.d/web": "",
}, async (root) => {
  const { code, stdout } = await lint(root, ["/"]);
  equal(code, 1);
  const sources = "/etc/s6-overlay/s6-rc.d";
  deepEqual(stdout.split("\n"), [
    `${sources}/prepare/up:1:4: error: syntax error in ${sources}/prepare/up: unmatched { (line 1, column 4: unterminated block)`,
    `${sources}/web/dependencies.d/bsae: error: during dependency resolution for service web: undefined service name bsae ` +
    `(${sources}/web/dependencies.d/bsae names it: define it, or take its name away)`,
    "2 errors, 0 warnings",
    "",
  ]);
  const boot = await quickly(root, {});
  equal(boot.code, 1);
  match(boot.stderr, /^s6-rc-compile: fatal: syntax error in \/etc\/s6-overlay\/s6-rc\.d\/prepare\/up: unmatched \{$/m);
});

story("a warning alone fails no build", { "etc/services.d/x/run": RUN }, async (root) => {
  const { code, stdout } = await lint(root, ["/"], { S6_LOGING: "1" });
  equal(code, 0);
  match(stdout, /\n0 errors, 1 warning\n$/);
});

story("a directory that is yet to be copied can be checked, and another root", {
  "build/root/etc/services.d/web/run": "#!/bin/bash\n",
  "build/root/etc/services.d/db/finish": RUN,
  "build/other/bin/sh": { link: "/nothing" },
  "build/other/etc/services.d/web/run": RUN,
}, async (root) => {
  const partial = await lint(root, ["/build/root"]);
  equal(partial.code, 1);
  match(partial.stdout, /^\/etc\/services\.d\/db: error: has no run, [^\n]*\n1 error, 0 warnings; not a whole image: /);
  const other = await lint(root, ["/build/other"]);
  equal(other.code, 1);
  match(
    other.stdout,
    /^\/etc\/services\.d\/web\/run:1:3: error: interpreter \/bin\/sh does not exist \(install it, .*\)$/m,
  );
  match(other.stdout, /^\/usr\/lib\/s6-overlay\/launcher: error: is missing: /m);
});

story("a COPY that has replaced links is found", {}, async (root) => {
  // As the directories of a merged image lie.
  for (const name of ["bin", "sbin"]) {
    await Deno.remove(`${root.path}/usr/${name}.new`, { recursive: true }).catch(() => {});
    const move = `cp -a ${name}/. usr/${name}/ && rm -r ${name} && ln -s usr/${name} ${name}`;
    deepEqual((await new Deno.Command("sh", { args: ["-ec", move], cwd: root.path }).output()).code, 0);
  }
  equal((await lint(root, ["/"])).code, 0);
  await Deno.remove(`${root.path}/bin`);
  await lay(root.path, { "bin/mine": RUN });
  const { code, stdout } = await lint(root, ["/"]);
  equal(code, 1);
  match(stdout, /^\/bin: error: is a directory, where the image had a link to usr\/bin: /m);
});

story("what cannot be checked is exit code 111, and a wrong call is 100", { "file": "" }, async (root) => {
  const missing = await lint(root, ["/none"]);
  deepEqual([missing.code, missing.stdout], [111, ""]);
  match(missing.stderr, /^s6-overlay: fatal: unable to open \/none: No such file or directory\n$/);
  equal((await lint(root, ["/file"])).code, 111);
  for (const words of [[], ["/", "/"], ["-x", "/"]]) {
    const { code, stderr } = await lint(root, words);
    equal(code, 100, words.join(" "));
    match(stderr, /^s6-overlay: usage: s6-overlay lint \[ -j \| --github \] root\n/);
  }
});

story("a container that has booted can be checked as well", { "etc/services.d/web/run": RUN }, async (root) => {
  const environment = { S6_LOGING: "1", S6_VERBOSITY: "0" };
  const { code, stdout } = await quickly(root, { environment, argv: ["/init", "s6-overlay", "lint", "/"] });
  equal(code, 0);
  match(stdout, /^environment: warning: S6_LOGING is not a setting [^\n]*\n0 errors, 1 warning$/m);
});
