// Compiles the launcher: freestanding C, so that it runs in an image without any libc.

import { type Architecture, type BaseKind, HOST } from "./base.ts";
import { output } from "./command.ts";

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

/** Compiles the launcher for a program installed under the prefix. */
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
  await output([compiler, ...FLAGS, ...defines, "-o", to, "cli/launcher/launcher.c"]);
}
