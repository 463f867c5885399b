// What is wrong with definitions of generation 3: what the boot refuses, in its own words, what it ignores, and what it never starts.

import { deepEqual } from "node:assert/strict";
import { checkRules, IMAGE, lintRoot, type RuleCase, RUN, told, type Tree, withTree } from "./linted.ts";

const SOURCES = "etc/s6-overlay/s6-rc.d";
const CONTENTS = "etc/s6-overlay/user-bundles.d/user/contents.d";

const started = (...names: string[]): Tree => Object.fromEntries(names.map((name) => [`${CONTENTS}/${name}`, ""]));
const of = (name: string, files: Tree): Tree =>
  Object.fromEntries(Object.entries(files).map(([file, given]) => [`${SOURCES}/${name}/${file}`, given]));
const longrun = (name: string, files: Tree = {}): Tree => of(name, { type: "longrun\n", run: RUN, ...files });
const oneshot = (name: string, files: Tree = {}): Tree => of(name, { type: "oneshot", up: "true\n", ...files });

const WEB = `/${SOURCES}/web`;

const NUMBERS = ["notification-fd", "lock-fd", "timeout-kill", "timeout-finish", "max-death-tally"].map((
  file,
): RuleCase => ({
  name: `${file} that is no number is refused by the boot`,
  tree: { ...longrun("web", { [file]: "x\n" }), ...started("web") },
  finds: [`error parameter ${WEB}/${file}:1: unable to read ${WEB}/${file}: Invalid argument`],
  mended: { [`${SOURCES}/web/${file}`]: "5\n" },
}));

checkRules([
  ...NUMBERS,
  {
    name: "a definition without a type is refused",
    tree: { ...of("web", { run: RUN }), ...started("web") },
    finds: [`error definition ${WEB}/type: unable to read ${WEB}/type: No such file or directory`],
    mended: { [`${SOURCES}/web/type`]: "longrun" },
  },
  {
    name: "an unknown type is refused, and what names the service is not",
    tree: {
      ...of("web", { type: "daemon\n", run: RUN }),
      ...oneshot("after", { "dependencies.d/web": "" }),
      ...started("after"),
    },
    finds: [`error definition ${WEB}/type:1: invalid ${WEB}/type: must be oneshot, longrun, or bundle`],
    mended: { [`${SOURCES}/web/type`]: "longrun\n" },
  },
  {
    name: "names that nothing defines are told, each where it stands",
    tree: { ...oneshot("web", { dependencies: "# none\nbsae\nother\n" }), ...started("web", "wbe") },
    finds: [
      `error definition ${WEB}/dependencies:2: during dependency resolution for service web: undefined service name bsae`,
      `error definition ${WEB}/dependencies:3: during dependency resolution for service web: undefined service name other`,
      `error definition /${CONTENTS}/wbe: during resolution of bundle user: undefined service name wbe`,
    ],
    mended: { ...oneshot("bsae"), ...oneshot("other"), ...oneshot("wbe") },
  },
  {
    name: "a pipeline has to be named on both sides",
    tree: { ...longrun("web", { "producer-for": "web-log\n" }), ...longrun("web-log"), ...started("web", "web-log") },
    finds: [
      `error definition ${WEB}/producer-for:1: longrun service web declares being a producer for a service named web-log that ` +
      "does not declare it back",
    ],
    mended: { [`${SOURCES}/web-log/consumer-for`]: "web\n" },
  },
  {
    name: "a longrun without run and a oneshot without up are refused",
    tree: {
      ...of("web", { type: "longrun", finish: RUN }),
      ...of("zed", { type: "oneshot", down: "" }),
      ...started("web", "zed"),
    },
    finds: [
      `error definition ${WEB}: unable to find a run script in ${WEB}/run`,
      `error definition /${SOURCES}/zed: unable to open /${SOURCES}/zed/up: No such file or directory`,
    ],
    mended: { ...longrun("web"), ...oneshot("zed") },
  },
  {
    name: "a command line that is no execline is refused where it is wrong",
    tree: { ...oneshot("web", { up: "echo a\nif {\n" }), ...started("web") },
    finds: [`error definition ${WEB}/up:2:4: syntax error in ${WEB}/up: unmatched {`],
    mended: { [`${SOURCES}/web/up`]: "if { echo a } echo b\n" },
  },
  {
    name: "a script of a shell in the place of a command line does not do what it says",
    tree: { ...oneshot("web", { up: "#!/bin/sh\nmkdir -p /a\nchown www /a\n" }), ...started("web") },
    finds: [
      `error shebang ${WEB}/up:1: it is not run by /bin/sh: its first line is a comment, and all others together are one command ` +
      "line in execline",
    ],
    mended: { [`${SOURCES}/web/up`]: "if { mkdir -p /a }\nchown www /a\n" },
  },
  {
    name: "the script that a command line names has to be executable, and is checked as others are",
    tree: {
      ...oneshot("web", {
        up: "with-contenv /etc/s6-overlay/scripts/web x",
        down: "if { /etc/s6-overlay/scripts/gone } true\n",
      }),
      ...started("web"),
      "etc/s6-overlay/scripts/web": "#!/bin/bash\n",
    },
    finds: [
      `error missing-program ${WEB}/down: is to run /etc/s6-overlay/scripts/gone, which does not exist`,
      "error not-runnable /etc/s6-overlay/scripts/web: is not executable",
      "error interpreter /etc/s6-overlay/scripts/web:1:3: interpreter /bin/bash does not exist",
    ],
    mended: {
      "etc/s6-overlay/scripts/web": { content: RUN, mode: 0o755 },
      "etc/s6-overlay/scripts/gone": { content: RUN, mode: 0o755 },
    },
  },
  {
    name: "accounts that the image does not have are found in scripts and command lines",
    tree: {
      ...longrun("web", { run: "#!/bin/sh\nexec s6-setuidgid nginx x\n" }),
      ...oneshot("prepare", { up: "s6-setuidgid nginx true\n" }),
      ...started("web", "prepare"),
    },
    finds: [
      `error account /${SOURCES}/prepare/up:1:14: unknown user: nginx`,
      `error account ${WEB}/run:2:19: unknown user: nginx`,
    ],
    mended: { [`${SOURCES}/web/run`]: RUN, [`${SOURCES}/prepare/up`]: "s6-setuidgid www true\n" },
  },
  {
    name: "a oneshot may make the accounts",
    tree: {
      ...longrun("web", { run: "#!/bin/sh\nexec s6-setuidgid nginx x\n" }),
      ...oneshot("prepare", { up: "adduser -D nginx\n" }),
      ...started("web", "prepare"),
    },
    finds: [`warning account ${WEB}/run:2:19: unknown user: nginx`],
  },
  {
    name: "a descriptor that every process has is no place to tell readiness",
    tree: { ...longrun("web", { "notification-fd": "1\n" }), ...started("web") },
    finds: [
      `error notification-fd ${WEB}/notification-fd:1: 1 is standard output of run, which is replaced by the pipe on which it tells ` +
      "that it is ready",
    ],
    mended: { [`${SOURCES}/web/notification-fd`]: "3\n" },
  },
  {
    name: "one descriptor cannot be for two things",
    tree: { ...longrun("web", { "notification-fd": "3\n", "lock-fd": "3\n" }), ...started("web") },
    finds: [`error parameter ${WEB}/lock-fd:1: longrun web has the same value for notification-fd and lock-fd`],
    mended: { [`${SOURCES}/web/lock-fd`]: "4\n" },
  },
  {
    name: "files without effect are told",
    tree: {
      ...longrun("web", {
        "dependencies.d/base": "",
        dependencies: "base\n",
        "log/run": RUN,
        down: "",
        "down-signal": "NONE",
      }),
      ...started("web"),
      [`${SOURCES}/script`]: RUN,
      [`${SOURCES}/README`]: "of no service",
    },
    finds: [
      `warning not-a-definition /${SOURCES}/script: is a file, and definitions are directories: it is ignored`,
      `warning ignored-file ${WEB}/dependencies: is not read, as there is dependencies.d`,
      `warning ignored-file ${WEB}/down: has no effect in s6-rc.d`,
      `error signal ${WEB}/down-signal:1: "NONE" is not a signal, and is passed over`,
      `warning ignored-file ${WEB}/log: is no logger in s6-rc.d, and is ignored`,
    ],
  },
  {
    name: "a service that the boot does not start gets a hint",
    tree: { ...longrun("web"), ...longrun("spare", { "dependencies.d/web": "" }), ...started("web") },
    finds: [
      `hint not-started /${SOURCES}/spare: is not started: no bundle that the boot starts has it, and nothing that is started ` +
      "depends on it",
    ],
    mended: { [`${SOURCES}/web/dependencies.d/other`]: "", ...oneshot("other"), ...started("spare") },
  },
  {
    name: "a user bundle of another type is refused",
    tree: { [`${SOURCES}/user/type`]: "oneshot\n", [`${SOURCES}/user/up`]: "" },
    finds: [
      `hint bundle-place /${SOURCES}/user: is the older place of the bundle user: s6-overlay from 3.2.3.2 on warns of it, and ` +
      "ignores /etc/s6-overlay/user-bundles.d then",
      `error definition /${SOURCES}/user/type: /${SOURCES}/user is not a bundle, and user is one`,
    ],
  },
  {
    name: "a link that leads nowhere is refused, and a second definition, and a reserved name",
    tree: {
      [`${SOURCES}/gone`]: { link: "/nowhere" },
      ...of("s6rc-own", { type: "bundle", contents: "" }),
      ...of("fix-attrs", { type: "oneshot", up: "" }),
    },
    finds: [
      `error definition /${SOURCES}/fix-attrs: duplicate service definition: fix-attrs defined in s6-overlay itself is already ` +
      "defined and has type oneshot",
      `error definition /${SOURCES}/gone: unable to stat /${SOURCES}/gone: No such file or directory`,
      `error definition /${SOURCES}/s6rc-own: in /${SOURCES}: identifier s6rc-own starts with reserved prefix`,
    ],
  },
]);

function findingsOf(tree: Tree, environment: Readonly<Record<string, string>> = {}): readonly string[] {
  return withTree({ ...IMAGE, ...tree }, (root) => lintRoot(root, environment).findings.map(told));
}

Deno.test("circles are told with each of their steps", () => {
  const tree = {
    ...oneshot("a", { "dependencies.d/b": "" }),
    ...oneshot("b", { dependencies: "all\n" }),
    ...of("all", { type: "bundle", "contents.d/a": "" }),
    ...started("a"),
  };
  const [finding] = withTree({ ...IMAGE, ...tree }, (root) => lintRoot(root).findings);
  deepEqual([finding?.severity, finding?.text, finding?.cure], [
    "error",
    "cyclic service dependency reached from legacy-services and involving a",
    `a needs b (/${SOURCES}/a/dependencies.d/b), b needs a (/${SOURCES}/b/dependencies, line 1, by the bundle all)`,
  ]);
  const bundles = {
    ...of("x", { type: "bundle", "contents.d/y": "" }),
    ...of("y", { type: "bundle", "contents.d/x": "" }),
  };
  const cures = withTree({ ...IMAGE, ...bundles }, (root) => lintRoot(root).findings.map(({ cure }) => cure));
  deepEqual(cures, ["each contains the next: x -> y -> x"]);
});

Deno.test("files that are added to an image extend what it defines", () => {
  const tree = {
    ...of("base-service", { "dependencies.d/mine": "" }),
    ...oneshot("mine", { "dependencies.d/theirs": "" }),
  };
  const found = withTree({ ...tree, ...started("mine", "base-service", "theirs") }, (root) => lintRoot(root).findings);
  deepEqual(found, []);
});

Deno.test("what a hook may define gets a hint, and what it may start none", () => {
  const tree = { ...oneshot("mine"), ...oneshot("other"), ...started("mine", "theirs") };
  deepEqual(findingsOf(tree, { S6_STAGE2_HOOK: "/hook" }), [
    `hint definition /${CONTENTS}/theirs: during resolution of bundle user: undefined service name theirs`,
  ]);
});

Deno.test("where a setting has the image be of generation 2 its definitions count for nothing", () => {
  const tree = of("web", { type: "daemon" });
  deepEqual(findingsOf(tree, { S6_OVERLAY_GENERATION: "2" }), []);
  deepEqual(findingsOf(tree, { S6_OVERLAY_GENERATION: "3" }).length, 1);
});

Deno.test("bundles are where a setting has them, and definitions of a profile in the profile", () => {
  const tree = {
    ...oneshot("a"),
    "bundles/user/contents.d/b": "",
    "etc/cont-profile.d/test/s6-overlay/s6-rc.d/c/type": "x",
  };
  deepEqual(findingsOf(tree, { S6_RUNTIME_BUNDLEDIR: "/bundles" }).toSorted(), [
    "error definition /bundles/user/contents.d/b: during resolution of bundle user: undefined service name b",
    "error definition /etc/cont-profile.d/test/s6-overlay/s6-rc.d/c/type:1: invalid " +
    "/etc/cont-profile.d/test/s6-overlay/s6-rc.d/c/type: must be oneshot, longrun, or bundle",
  ]);
});
