// Compiles the launcher: freestanding C, so that it runs in an image without any libc. The header that it shares with the
// program is printed from the declarations in lib/os.

import { basename, dirname, join } from "node:path";
import { COMPUTING_PROGRAMS } from "../cli/computing.ts";
import { ERRORS } from "../lib/errno.ts";
import { LAYOUT, WAYS } from "../lib/os/operation.ts";
import { PLAN_HEADER, PLAN_VERSION, RECORD_HEADER } from "../lib/os/plan.ts";
import {
  ANSWER_SIZE,
  MOST_RESULTS,
  PATIENCE,
  QUESTION_HEADER,
  QUESTION_SIZE,
  QUESTION_VERSION,
} from "../lib/os/question.ts";
import { QUESTIONS } from "../lib/state_place.ts";
import { FAILED_PLAYER, PLAYER, TOLD } from "../lib/os/player.ts";
import { type Architecture, type BaseKind, HOST } from "./base.ts";
import { output } from "./command.ts";
import { triedCalls } from "./refused_calls.ts";
import { COMPUTING, WAITING, WITHOUT_COMPILER } from "./v8_flags.ts";

const FLAGS = [
  "-std=c11",
  "-Os",
  "-Wall",
  "-Wextra",
  "-Werror",
  "-ffreestanding",
  "-nostdlib",
  "-static",
  "-fno-pie",
  "-no-pie",
  "-fno-stack-protector",
  "-fno-asynchronous-unwind-tables",
  "-fno-tree-loop-distribute-patterns",
  "-s",
  "-Wl,--build-id=none",
  "-Wl,-z,noseparate-code",
  "-Wl,-z,noexecstack",
];

/**
 * The settings of the C library. V8 takes half a megabyte to compile a chunk, and the library would give it back to the
 * system each time, only to have every page of it made anew for the next one. What is kept goes when the process is
 * idle (lib/os/quiet.ts).
 */
export const ALLOCATION: string = [
  "glibc.malloc.trim_threshold=67108864",
  "glibc.malloc.top_pad=1048576",
  "glibc.malloc.mmap_threshold=4194304",
  "glibc.malloc.arena_max=1",
].join(":");

/** Where there is little memory: what is taken ahead of need counts too, and what is not needed any more is given back. */
const SPARING_ALLOCATION: string = [
  "glibc.malloc.trim_threshold=65536",
  "glibc.malloc.top_pad=0",
  "glibc.malloc.mmap_threshold=65536",
  "glibc.malloc.arena_max=1",
].join(":");

/** The header of the player: codes and layouts of the operations, and the names and numbers that both sides know. */
function operationsHeader(architecture: Architecture): string {
  const fields = (names: readonly string[]): string => names.map((name) => `uword ${name};`).join(" ");
  const structs = Object.entries(LAYOUT).map(([name, layout]) => {
    const words = Object.entries(layout).flatMap(([field, kind]) =>
      kind === "words" || kind === "numbers" ? [`${field}_count`, field] : [field]
    );
    return `struct op_${name} { ${fields([...RECORD_HEADER, ...words])} };`;
  });
  const names = Object.keys(LAYOUT);
  const errors = Object.entries(ERRORS).map(([number, error]) =>
    `X(${number}, "${error.slice(error.indexOf(" ") + 1)}")`
  );
  return [
    "// Printed by scripts/launcher.ts from lib/os.",
    `struct plan { ${fields(PLAN_HEADER)} };`,
    `struct operation { ${fields(RECORD_HEADER)} };`,
    ...structs,
    `enum { ${names.map((name, index) => `OP_${name} = ${index + 1}`).join(", ")} };`,
    `enum { ${WAYS.map((way) => `WAY_${way}`).join(", ")} };`,
    `#define NEEDED_CALLS(X) ${triedCalls(architecture)}`,
    `#define OPERATIONS(X) ${names.map((name) => `X(${name})`).join(" ")}`,
    `#define ERRORS(X) ${errors.join(" ")}`,
    `enum { PLAN_VERSION = ${PLAN_VERSION}, TOLD_RUNNING = ${TOLD.running}, TOLD_FAILED = ${TOLD.failed} };`,
    `struct question { ${fields(QUESTION_HEADER)} };`,
    `enum { QUESTION_VERSION = ${QUESTION_VERSION}, QUESTION_SIZE = ${QUESTION_SIZE}, ANSWER_SIZE = ${ANSWER_SIZE} };`,
    `enum { PATIENCE = ${PATIENCE}, MOST_RESULTS = ${MOST_RESULTS} };`,
    `#define QUESTIONS "${QUESTIONS}"`,
    `#define PLAYER "${PLAYER}"`,
    `#define FAILED_PLAYER "${FAILED_PLAYER}"`,
    `#define COMPUTING_PROGRAMS "${COMPUTING_PROGRAMS.map((name) => `${name} `).join("")}"`,
    `#define V8_FLAGS_WAITING "${WAITING}"`,
    `#define V8_FLAGS_COMPUTING "${COMPUTING}"`,
    `#define V8_FLAGS_WITHOUT_COMPILER "${WITHOUT_COMPILER}"`,
    `#define ALLOCATION "${ALLOCATION}"`,
    `#define SPARING_ALLOCATION "${SPARING_ALLOCATION}"`,
    "",
  ].join("\n");
}

/**
 * Compiles the launcher for a program installed under the prefix, and puts the link beside it that players are started
 * by: what runs foreign machine code for the kernel may put the path in the place of argv[0].
 */
export async function compileLauncher(
  architecture: Architecture,
  kind: BaseKind,
  prefix: string,
  to: string,
): Promise<void> {
  const compiler = architecture === HOST
    ? "gcc"
    : architecture === "aarch64"
    ? "aarch64-linux-gnu-gcc"
    : "x86_64-linux-gnu-gcc";
  const defines = [`-DPREFIX="${prefix}"`, ...(kind === "stock" ? ["-DSTOCK"] : [])];
  const printed = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${printed}/operations.h`, operationsHeader(architecture));
    await output([compiler, ...FLAGS, ...defines, "-I", printed, "-o", to, "cli/launcher/launcher.c"]);
    const player = join(dirname(to), PLAYER);
    await Deno.remove(player).catch(() => {});
    await Deno.symlink(basename(to), player);
  } finally {
    await Deno.remove(printed, { recursive: true });
  }
}
