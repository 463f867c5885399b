// Rows about what a database's service directories hold, what its programs answer, and what they make of broken databases.

import { bundleOf, longrun, needs, oneshot, source, type SourceTree } from "./definitions.ts";
import { asked, COMPILE, compiled, type RecordedRow } from "./rc_row.ts";

const one = (tree: SourceTree): SourceTree => source({ a: longrun(tree) });

const numbers = [
  "10",
  "10\n\n",
  "",
  " 1",
  "+1",
  "-1",
  "0",
  "1",
  "3\nfoo",
  "4294967295",
  "4294967296",
  "3\0" + "4",
  "three",
]
  .map((text) => compiled(`the notification-fd ${JSON.stringify(text)}`, one({ "notification-fd": text })));

const directories: readonly RecordedRow[] = [
  ...numbers,
  compiled("a longrun with all that is copied, and more", {
    ...one({
      finish: { content: "#!/bin/sh\n", mode: 0o600 },
      "notification-fd": "003",
      "lock-fd": "4\n",
      "timeout-kill": "1000",
      "timeout-finish": "0\n",
      "max-death-tally": "7 \n".trim(),
      "down-signal": "SIGUSR1\nmore\n",
      "reload-signal": "HUP",
      "flag-newpidns": "x",
      "flag-timeout-killpg": "y",
      "template/run": { content: "#!/bin/sh\n", mode: 0o755 },
      "data/check": { content: "#!/bin/sh\n", mode: 0o750 },
      "data/deep/file": { content: "\0\xff", mode: 0o640 },
      "data/link": { link: "../../nowhere" },
      "env/NAME": "value",
      "log/run": "#!/bin/sh\n",
      down: "",
      nosetsid: "",
      own: "",
      "event/x": "",
      "supervise/x": "",
      "conf/x": "",
    }),
  }),
  compiled("a run that is not executable", one({ run: { content: "#!/bin/sh\n", mode: 0o644 } })),
  compiled("data that is a link to a directory", { ...one({ data: { link: "../../t" } }), "t/x": "" }),
  compiled("data that is a file", one({ data: "" })),
  compiled("env that is a link that leads nowhere", one({ env: { link: "nowhere" } })),
  compiled("a finish that is a link that leads nowhere", one({ finish: { link: "nowhere" } })),
  compiled("a finish that is a directory", one({ "finish/x": "" })),
  compiled("a down-signal that is a link that leads nowhere", one({ "down-signal": { link: "nowhere" } })),
  compiled("one descriptor for two purposes", one({ "notification-fd": "4", "lock-fd": "4" })),
  compiled("one low descriptor for two purposes", one({ "notification-fd": "1", "lock-fd": "1" })),
  compiled("a lock-fd that is none", one({ "lock-fd": "x" })),
  compiled("a timeout-kill that is none", one({ "timeout-kill": "x" })),
  compiled("a max-death-tally that is none", one({ "max-death-tally": "" })),
  { name: "all lines of verbosity 2", files: source({ a: oneshot("a") }), script: ["s6-rc-compile -v2 d s"] },
  {
    name: "all lines of verbosity 3",
    files: source({ a: oneshot("a"), b: bundleOf("a") }),
    script: ["s6-rc-compile -v 3 d s"],
  },
  { name: "the holder runs as a user", files: one({}), script: ["s6-rc-compile -h 'us\"er\\' d s"] },
  { name: "the runner waits", files: one({}), script: ["s6-rc-compile -b d s"] },
  {
    name: "long options",
    files: one({}),
    script: ["s6-rc-compile --verbosity=2 --block --fdholder-user=nobody -- d s"],
  },
  { name: "the database is there", files: { ...one({}), "d/x": "" } },
  { name: "the directory of the database is not there", files: one({}), script: ["s6-rc-compile x/d s"] },
  { name: "a wrong definition leaves no database", files: one({ "notification-fd": "x" }) },
  {
    name: "a hundred and thirty consumers need a larger holder",
    files: source(Object.fromEntries(
      Array.from({ length: 130 }, (_, at) => [
        [`p${at}`, longrun({ "producer-for": `c${at}\n` })],
        [`c${at}`, longrun({ "consumer-for": `p${at}\n` })],
      ]).flat() as [string, SourceTree][],
    )),
  },
];

const usage = [
  "s6-rc-compile",
  "s6-rc-compile d",
  "s6-rc-compile -z d s",
  "s6-rc-compile --foo d s",
  "s6-rc-compile --foo=3 d s",
  "s6-rc-compile --verbosity d s",
  "s6-rc-compile --block=3 d s",
  "s6-rc-compile -v",
  "s6-rc-compile -v x d s",
  "s6-rc-compile -bv",
  "s6-rc-compile --=2 d s",
  "s6-rc-compile - s",
  "s6-rc-compile -bz d s",
  "s6-rc-compile --verbosity= d s",
  "s6-rc-compile -b3 d s",
  "s6-rc-compile -v4294967296 d s",
  "s6-rc-compile -v -1 d s",
  "s6-rc-db",
  "s6-rc-db foo",
  "s6-rc-db foo x",
  "s6-rc-db list",
  "s6-rc-db list foo",
  "s6-rc-db type",
  "s6-rc-db -c",
  "s6-rc-db --up=1 help",
  "s6-rc-db help",
  "s6-rc-db -udEeb --with-essentials help me",
  "s6-rc-db -c nowhere check",
  "s6-rc-db -l nowhere check",
  "s6-rc-dryrun",
  "s6-rc-dryrun -t x a",
  "s6-rc-dryrun -z a",
  "s6-rc-dryrun -t0 a 'b  c' -v",
  "s6-rc-dryrun -v0 -t 1 a",
  "s6-rc-oneshot-run up",
  "s6-rc-oneshot-run foo 1",
  "s6-rc-oneshot-run up x",
  "s6-rc-oneshot-run up -1",
  "s6-rc-oneshot-run -l nowhere up 2",
  "s6-rc-format-upgrade",
  "s6-rc-format-upgrade x",
  "s6-rc-format-upgrade -v x /x",
  "s6-rc-format-upgrade -t x /x",
  "s6-rc-format-upgrade -l nowhere /x",
  "s6-rc-fdholder-filler -z",
  "s6-rc-fdholder-filler -t x",
  "s6-rc-fdholder-filler </dev/null",
  "printf '# a\\n\\n' | s6-rc-fdholder-filler -1t 1",
  "echo a | s6-rc-fdholder-filler -1",
  `echo a${"b".repeat(243)} | s6-rc-fdholder-filler`,
].map((command): RecordedRow => ({
  name: command,
  files: {},
  script: [command],
}));

const LARGE = source({
  net: oneshot("net up", { down: "net down 1", "timeout-up": "1000", "timeout-down": "2000", "flag-essential": "" }),
  web: longrun(needs("net", "logs")),
  a: longrun({ "producer-for": "b\n" }),
  b: longrun({ "producer-for": "d\n", "consumer-for": "a\nc\n" }),
  c: longrun({ "producer-for": "b\n", "timeout-up": "7" }),
  d: longrun({ "consumer-for": "e\nb\n", "pipeline-name": "logs\n", "flag-recommended": "" }),
  e: longrun({ "producer-for": "d\n" }),
  user: bundleOf("web", "net"),
  none: bundleOf(),
  single: bundleOf("net"),
});

const PLACES = ["net", "web", "a", "d", "logs", "user", "none", "single", "nobody", "s6rc-fdholder"];
const each = (command: string): RecordedRow =>
  asked(`s6-rc-db ${command}, of each kind of name`, LARGE, ...PLACES.map((name) => `${command} ${name}`));

const answers: readonly RecordedRow[] = [
  asked(
    "lists",
    LARGE,
    "list all",
    "list services",
    "list oneshots",
    "list longruns",
    "list bundles",
    "-e list services",
    "-e list all",
    "-e list longruns",
    "check",
  ),
  ...[
    "type",
    "timeout",
    "-d timeout",
    "contents",
    "-e contents",
    "dependencies",
    "-d dependencies",
    "script",
    "-d script",
    "flags",
    "atomics",
    "all-dependencies",
    "-d all-dependencies",
    "-e all-dependencies",
    "--down dependencies",
  ].map(each),
  asked("pipelines", LARGE, "pipeline a", "pipeline d", "pipeline e", "pipeline web"),
  asked("several names", LARGE, "atomics user a", "dependencies web a", "all-dependencies single a", "type net web"),
  {
    name: "pipeline of what is no longrun",
    files: LARGE,
    script: [COMPILE, 's6-rc-db -c d pipeline net; echo "= $?"', 's6-rc-db -c d pipeline user; echo "= $?"'],
    differs: {
      reason: "the original ends with 5 and says nothing",
      stderr: "s6-rc-db: fatal: in database d: identifier net represents a oneshot service\n" +
        "s6-rc-db: fatal: in database d: identifier user represents a bundle\n",
    },
  },
  {
    name: "the database of a live directory",
    files: { ...LARGE, "live/compiled": { link: "../d" } },
    script: [COMPILE, "s6-rc-db -l live list bundles", "s6-rc-db --livedir=live type net"],
  },
  {
    name: "scripts of oneshots by number",
    files: {
      ...source({ a: oneshot("printenv RC_NAME", { down: "echo down $1 ${RC_NAME}" }), b: oneshot("") }),
      "live/compiled": { link: "../d" },
    },
    script: [
      COMPILE,
      'for n in 1 2 3 4 99; do for w in up down reload; do s6-rc-oneshot-run -l live $w $n; echo "$w $n = $?"; done; done',
      "s6-rc-oneshot-run --livedir=live --block --no-block up 2",
    ],
  },
  {
    name: "a script that is not there",
    files: { ...source({ a: oneshot("no-such-program") }), "live/compiled": { link: "../d" } },
    script: [COMPILE, 's6-rc-oneshot-run -l live up 2 2>/dev/null; echo "= $?"'],
  },
  {
    name: "another database in a live directory",
    files: { ...source({ a: oneshot("a") }), "live/compiled": { link: "../d" } },
    script: [COMPILE, "s6-rc-format-upgrade -l live /nowhere", "readlink live/compiled; ls live"],
  },
];

/** A holder at the socket h while these run. */
const holding = (...commands: readonly string[]): readonly string[] => [
  COMPILE,
  "s6-fdholder-daemon -i d/servicedirs/s6rc-fdholder/data/rules -- h & holder=$!",
  "until s6-fdholder-list h >/dev/null 2>&1; do sleep 0.02; done",
  ...commands,
  "s6-fdholder-list h | sort; kill $holder; wait $holder 2>/dev/null",
  'rm -r d; echo "= $?"',
];

const filling: readonly RecordedRow[] = [
  {
    name: "a holder is filled",
    files: source({ a: longrun() }),
    script: holding("printf 'a\\n  b c\\n# d\\n\\ne' | s6-ipcclient -l0 h s6-rc-fdholder-filler -1; echo \"= $?\""),
  },
  {
    name: "a holder is not filled twice with the same",
    files: source({ a: longrun() }),
    script: holding(
      "for n in 1 2; do echo a | s6-ipcclient -l0 h s6-rc-fdholder-filler -1 -t 5000 2>&1 | wc -l; done",
    ),
  },
  {
    name: "a holder is filled with more than one message takes",
    files: source({ a: longrun() }),
    script: holding('seq 1 300 | s6-ipcclient -l0 h s6-rc-fdholder-filler; echo "= $?"'),
  },
];

export const programRows: readonly RecordedRow[] = [...directories, ...usage, ...filling, ...answers];
