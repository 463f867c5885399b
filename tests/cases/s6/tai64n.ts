// Rows for cli/s6/tai64n.ts.

import type { Case } from "../../rows/harness.ts";

const STAMP = "@400000006b0343732906ea43";

const LINES = [
  `${STAMP} hello`,
  STAMP,
  `no stamp ${STAMP}`,
  "@40000000 x",
  `${STAMP}x y`,
  "@4000000037c219bf2ef02e94 z",
  ` ${STAMP} q`,
  "@ffffffffffffffffffffffff",
  "",
  STAMP.toUpperCase(),
  `${STAMP} a\0\xff`,
  `${STAMP} last`,
].join("\n");

// Leap years, the last leap second, the ends of 32 and 33 bits, of the year 9999 and before 1970; nanoseconds that are none.
const SECONDS = [
  ...["38bb4ac0", "38bc9c40", "3a4f5b0a", "5864f2a4", "586846a4", "586846a5", "5868462a", "65e0b5a4", "63fdd3c0"],
  ...["00000000", "00000009", "0000000a", "0000000b", "7fffffff", "80000025", "ffffffff"],
].map((seconds) => `@40000000${seconds}`);
const DATES = [...SECONDS, "@3fffffffffffffff", "@4000000100000000", "@4000003afff44180", "@4000003afff441ab"]
  .flatMap((second) => ["00000000", "3b9ac9ff", "ffffffff"].map((rest) => `${second}${rest} x\n`)).join("");

const ZONES = [
  ...["CET-1CEST,M3.5.0,M10.5.0/3", "America/St_Johns", "Australia/Lord_Howe", ":UTC", ":Europe/Berlin", "right/UTC"],
  ...[
    "/usr/share/zoneinfo/Asia/Kathmandu",
    "/nonexistent",
    "nonsense",
    "",
    ":",
    "AAA",
    "<x>3",
    "XXX-14",
    "YYY12:34:56",
  ],
];

function local(name: string, env: Record<string, string>, ...options: string[]): Case {
  return { name, argv: ["s6-tai64nlocal", ...options], stdin: LINES, env };
}

/** Each line comes in two parts. */
const TORN = `for s in ${STAMP} "x y"; do printf %.5s "$s"; sleep 0.1; echo "\${s#?????} z"; done | `;

export const cases: readonly Case[] = [
  local("s6-tai64nlocal gives dates", {}),
  local("s6-tai64nlocal knows the zone", { TZ: "America/New_York" }),
  local("s6-tai64nlocal -g takes none", { TZ: "America/New_York" }, "-g"),
  { name: "s6-tai64nlocal of dates near and far", argv: ["s6-tai64nlocal", "-g"], stdin: DATES },
  ...ZONES.map((zone): Case => ({
    name: `s6-tai64nlocal where TZ is "${zone}"`,
    argv: ["s6-tai64nlocal"],
    env: { TZ: zone },
    stdin: DATES.split("\n").slice(0, 36).join("\n") + "\n",
  })),
  ...[
    "",
    "\n",
    STAMP,
    `\n${STAMP}`,
    `${STAMP} `,
    `${STAMP} a\n${STAMP}`,
    "@",
    STAMP.slice(0, 24),
    `${STAMP}\0\n\0`,
    "a\nb",
  ].map(
    (stdin): Case => ({
      name: `s6-tai64nlocal of ${JSON.stringify(stdin)}`,
      argv: ["s6-tai64nlocal", "-g"],
      stdin,
    }),
  ),
  {
    name: "s6-tai64nlocal of what is nearly a stamp",
    argv: ["s6-tai64nlocal", "-g"],
    stdin: `@4000000g6b0343732906ea43 x\n${
      STAMP.slice(0, 24)
    } x\n@\n@ ${STAMP}\n@-00000006b0343732906ea43\n@${STAMP}\n`,
  },
  { name: "s6-tai64nlocal with operands", argv: ["s6-tai64nlocal", "-g", "a"], stdin: `${STAMP}\n` },
  { name: "an input that cannot be read", argv: ["sh", "-c", "s6-tai64n <.; echo $?; s6-tai64nlocal <&-; echo $?"] },
  { name: "an output that is full", argv: ["sh", "-c", "s6-tai64n >/dev/full"], stdin: "a\n" },
  { name: "an output that is full, of dates", argv: ["sh", "-c", "s6-tai64nlocal >/dev/full"], stdin: "a\n" },
  {
    name: "s6-tai64n of many bytes",
    argv: ["sh", "-c", "s6-tai64n | cut -c27- | cksum"],
    stdin: "ab\0\xff\n".repeat(9000),
  },
  { name: "s6-tai64nlocal of many bytes", argv: ["s6-tai64nlocal", "-g"], stdin: `${STAMP} ab\0\xff\n`.repeat(3000) },
  {
    name: "s6-tai64nlocal of a long line",
    argv: ["s6-tai64nlocal", "-g"],
    stdin: `${STAMP}${"x".repeat(200000)}\n${STAMP}\n`,
  },
  { name: "s6-tai64nlocal with an unknown option", argv: ["s6-tai64nlocal", "-x"], stderr: true },
  { name: "s6-tai64nlocal of nothing", argv: ["s6-tai64nlocal"], stdin: "" },
  { name: "s6-tai64nlocal of a torn line", argv: ["sh", "-c", `${TORN} s6-tai64nlocal -g`] },
  {
    name: "s6-tai64n stamps each line",
    argv: ["sh", "-c", "s6-tai64n | s6-tai64nlocal | sed 's/^20.*[.][0-9]* /D /'"],
    stdin: "a\n\nb c\n",
  },
  { name: "s6-tai64n ends the last line", argv: ["sh", "-c", "s6-tai64n | cut -c27-"], stdin: "a\nb" },
  { name: "s6-tai64n stamps a torn line once", argv: ["sh", "-c", `${TORN} s6-tai64n | cut -c27-`] },
  { name: "s6-tai64n of nothing", argv: ["s6-tai64n", "-x"], stdin: "" },
];
