// Rows for cli/s6/svwait.ts.

import type { Case } from "../../rows/harness.ts";
import { onTree } from "../../rows/live_tree.ts";

/** Does something with Debian's tools once the tool that is tried has subscribed to the service. */
function once(service: string, action: string): string {
  return `{ until [ "$(ls ${service}/event)" ]; do sleep 0.05; done; ${action}; } &`;
}

/** Waits until no listener is left; the original's removes its fifo a moment after the tool has ended. */
function gone(services: string): string {
  return `for s in ${services}; do until [ -z "$(ls $s/event)" ]; do sleep 0.05; done; done`;
}

const SVC = "/usr/bin/s6-svc";

const errors: readonly Case[] = [
  { name: "s6-svwait without a directory", argv: ["s6-svwait"], stderr: true },
  { name: "s6-svwait with an unknown option", argv: ["s6-svwait", "-q", "web"], stderr: true },
  { name: "s6-svwait -t of a word", argv: ["s6-svwait", "-t", "x", "web"] },
  {
    name: "s6-svwait tells which option has taken a service directory",
    argv: ["s6-svwait", "-u", "-t", "/run/service/web", "/run/service/db"],
    exception: "the original only prints how it is used",
    expect: {
      code: 100,
      stdout: "",
      stderr: "s6-svwait: usage: s6-svwait [ -U | -u | -d | -D | -r | -R ] [ -a | -o ] [ -t timeout ] servicedir...\n" +
        "s6-svwait: info: -t has taken /run/service/web as its value, which is not a number: give it one, or leave it out\n",
    },
  },
  { name: "s6-svwait of a directory that is missing", argv: ["s6-svwait", "web"], stderr: true },
  { name: "s6-svwait of a file", argv: ["s6-svwait", "web"], files: { web: "" }, stderr: true },
  { name: "s6-svwait without a supervisor", argv: ["s6-svwait", "web"], files: { "web/run": "" } },
  { name: "s6-svlisten1 without a program", argv: ["s6-svlisten1", "web"], stderr: true },
  { name: "s6-svlisten1 knows no -a", argv: ["s6-svlisten1", "-a", "web", "true"] },
  { name: "s6-svlisten1 of a missing directory runs nothing", argv: ["s6-svlisten1", "web", "echo", "x"] },
  {
    name: "s6-svlisten1 without a supervisor runs nothing",
    argv: ["s6-svlisten1", "web", "echo", "x"],
    files: { "web/run": "" },
  },
  { name: "s6-svlisten without a block", argv: ["s6-svlisten", " web", "true"], stderr: true },
  { name: "s6-svlisten of no directory", argv: ["s6-svlisten", "", "true"], stderr: true },
  { name: "s6-svlisten without a program", argv: ["s6-svlisten", " web", ""], stderr: true },
];

/** Rows on the tree: the lines of each. */
export const WAITS: Readonly<Record<string, readonly string[]>> = {
  "s6-svwait ends at once where there is nothing to wait for": [
    "s6-svwait web",
    "s6-svwait -U ready",
    "s6-svwait -d idle",
    "s6-svwait -D failing idle",
    "s6-svwait -uD idle",
    gone("web idle ready failing"),
  ],
  "s6-svwait gives up in time": [
    "s6-svwait -U -t 1000 web",
    "s6-svwait -d -t 1000 web",
    "s6-svwait -r -t 1000 web",
    "s6-svwait -R -t 1000 idle",
    "s6-svwait -a -D -t 1000 idle web",
    "s6-svwait -o -D -t 1000 idle web",
    gone("web idle"),
  ],
  "s6-svwait -d waits": [once("web", `${SVC} -d web`), "s6-svwait -d -t 5000 web"],
  "s6-svwait -u waits": [once("idle", `${SVC} -u idle`), "s6-svwait -u -t 5000 idle"],
  "s6-svwait -D waits for finish": [once("slow", `${SVC} -d slow`), "s6-svwait -D slow", "s6-svstat -r slow"],
  "s6-svwait -r waits for a restart": [once("web", `${SVC} -r web`), "s6-svwait -r -t 5000 web"],
  "s6-svwait -R waits for readiness": [once("ready", `${SVC} -r ready`), "s6-svwait -R -t 5000 ready"],
  "s6-svwait -a wants all at the same time": [
    once("web", `${SVC} -wD -d web; ${SVC} -wu -u idle`),
    "s6-svwait -u -t 1000 web idle",
  ],
  "s6-svwait -r wants all down at the same time": [
    once("web", `${SVC} -r web; ${SVC} -r twin`),
    "s6-svwait -r -t 5000 web twin",
  ],
  "s6-svwait tells of a failure": [once("failing", `${SVC} -u failing`), "s6-svwait -U failing ready"],
  "s6-svwait -o ends with a failure": [once("failing", `${SVC} -u failing`), "s6-svwait -Uo failing idle"],
  "s6-svwait -u is content with a short life": [once("failing", `${SVC} -u failing`), "s6-svwait failing"],
  "s6-svwait notices a supervisor that ends": [once("idle", `${SVC} -x idle`), "s6-svwait idle"],
};

export const cases: readonly Case[] = [
  ...errors,
  ...Object.entries(WAITS).map(([name, lines]) => onTree(name, ...lines)),
  onTree(
    "s6-svlisten1 runs a program once it listens",
    "s6-svlisten1 -D -t 5000 web s6-svc -d web",
    "s6-svlisten1 -u -t 5000 web s6-svc -u web",
    "s6-svlisten1 -U failing s6-svc -u failing",
    "s6-svlisten1 web no-such-program",
    "s6-svlisten1 -d -t 1000 web false",
    "s6-svlisten1 web sh -c 'exit 7'",
  ),
  onTree(
    "s6-svlisten waits for several",
    "s6-svlisten -D -t 1000 ' web' ' twin' '' s6-svc -d web",
    "s6-svlisten -Do -t 5000 ' web' ' twin' '' true",
    "s6-svlisten -U ' failing' ' ready' '' s6-svc -u failing",
    "s6-svlisten -u ' nope' ' web' '' echo x",
  ),
];
