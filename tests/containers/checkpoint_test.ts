// Programs go on from a checkpoint that was taken when the overlay was built, and where they cannot they start as ever.

import { equal, match } from "node:assert/strict";
import { HOST } from "../../scripts/base.ts";
import { output } from "../../scripts/command.ts";
import { ownNamespaces } from "../../scripts/namespaces.ts";
import { PREFIX } from "../../scripts/tree.ts";
import type { Given } from "../rows/harness.ts";
import { canIsolate } from "../surroundings/namespace.ts";
import { ownCopy } from "../surroundings/overlay_tree.ts";
import { amount } from "../random/amount.ts";
import { limited, quickly, type Root, root, start } from "../surroundings/quick.ts";

const CHECKPOINTS = ["checkpoint", "checkpoint-computing"];
/** Of struct checkpoint in cli/launcher/checkpoint.h. */
const PROCESSOR = 40 + 1024;

const script = (...lines: string[]): Given => ({ content: `#!/bin/sh\n${lines.join("\n")}\n`, mode: 0o755 });

// Which program each process is: process 1, a supervised logger, and one that waits.
const SAY = [
  "s6-svwait -t 20000 -U /run/s6/services/waits",
  'echo "init $(readlink /proc/1/exe) $(cat /proc/1/comm)"',
  'echo "waits $(readlink /proc/$(s6-svstat -o pid /run/s6/services/waits)/exe)"',
  'echo "log $(readlink /proc/$(s6-svstat -o pid /run/s6/services/log)/exe)"',
  "tr '\\0' ' ' </proc/$(s6-svstat -o pid /run/s6/services/log)/cmdline",
  "echo",
  "until test -s /tmp/logged/current; do sleep 0.1; done",
  "s6-svc -wD -T 20000 -d /run/s6/services/log",
  "cat /tmp/logged/current",
];
const FILES: Readonly<Record<string, Given>> = {
  "etc/services.d/waits/run": script("exec s6-notifyoncheck -n 1 -s 1 -d s6-setsid s6-svwait -D ."),
  "etc/services.d/waits/data/check": script("exit 0"),
  "etc/services.d/waits/notification-fd": "3\n",
  "etc/services.d/log/run": script(
    "mkfifo /tmp/lines",
    "{ echo one two; exec sleep 1000; } >/tmp/lines &",
    "exec s6-log n1 /tmp/logged </tmp/lines",
  ),
  "say": script(...SAY),
};

/** Boots it; S6_CHECKPOINT says otherwise for one. */
async function boots(
  image: Root,
  how: "goes on" | "starts",
  environment: Record<string, string> = {},
  before: readonly string[] = [],
): Promise<string> {
  const { code, stdout, stderr } = await quickly(image, { environment, argv: [...before, "/init", "/say"] });
  equal(code, 0, stderr);
  const program = how === "goes on" ? "launcher" : "program";
  match(stdout, new RegExp(`^init ${PREFIX}/${program} `, "m"), stdout + stderr);
  match(stdout, /^one two$/m, stdout + stderr);
  return stdout;
}

const cases = { ignore: !canIsolate || HOST !== "amd64" };

Deno.test({
  ...cases,
  name: "programs go on from the checkpoint, and are seen under the names that they were called by",
  fn: async () => {
    await using image = await root(FILES);
    const stdout = await boots(image, "goes on");
    match(stdout, new RegExp(`^init ${PREFIX}/launcher init$`, "m"));
    match(stdout, /^s6-log n1 \/tmp\/logged $/m);
  },
});

Deno.test({
  ...cases,
  name: "S6_CHECKPOINT=0 has programs start",
  fn: async () => {
    await using image = await root(FILES);
    await boots(image, "starts", { S6_CHECKPOINT: "0" });
  },
});

/** Changes each of an image's checkpoints. */
async function change(image: Root, edit: (file: Deno.FsFile) => Promise<void>): Promise<void> {
  for (const name of CHECKPOINTS) {
    const path = `${image.path}${PREFIX}/${name}`;
    await ownCopy(path);
    using file = await Deno.open(path, { read: true, write: true });
    await edit(file);
  }
}

async function write(file: Deno.FsFile, at: number, bytes: Uint8Array): Promise<void> {
  await file.seek(at, Deno.SeekMode.Start);
  await file.write(bytes);
}

const NO_USE: Readonly<Record<string, (image: Root) => Promise<void>>> = {
  "there is none": async (image) => {
    for (const name of CHECKPOINTS) await Deno.remove(`${image.path}${PREFIX}/${name}`);
  },
  "it is a fifo": async (image) => {
    for (const name of CHECKPOINTS) {
      await Deno.remove(`${image.path}${PREFIX}/${name}`);
      await output(["mkfifo", `${image.path}${PREFIX}/${name}`]);
    }
  },
  "it is cut short": (image) => change(image, (file) => file.truncate(1_000_000)),
  "it is empty": (image) => change(image, (file) => file.truncate(0)),
  "it is of another version": (image) => change(image, (file) => write(file, 0, new Uint8Array([1]))),
  "it is of another program": (image) => change(image, (file) => write(file, 600, new Uint8Array([1, 2, 3, 4]))),
  "the processor lacks what it has seen": (image) =>
    change(image, (file) => write(file, PROCESSOR, new Uint8Array(32).fill(255))),
};

for (const [situation, arrange] of Object.entries(NO_USE)) {
  Deno.test({
    ...cases,
    name: `programs start as ever where ${situation}`,
    fn: async () => {
      await using image = await root(FILES);
      await arrange(image);
      await boots(image, "starts");
    },
  });
}

Deno.test({
  ...cases,
  name: "programs start as ever where their memory is taken already",
  fn: async () => {
    await using image = await root(FILES);
    // Without randomization the stack lies where that of the checkpoint lies.
    await output([
      "gcc",
      "-static",
      "-O1",
      "-o",
      `${image.path}/same-addresses`,
      "tests/surroundings/same_addresses.c",
    ]);
    await boots(image, "starts", {}, ["/same-addresses"]);
  },
});

Deno.test({
  ...cases,
  name: "a program goes on where the clock is earlier than when the checkpoint was taken",
  fn: async () => {
    await using image = await root(FILES);
    const now = Math.floor(Number((await Deno.readTextFile("/proc/uptime")).split(" ")[0]));
    const offsets = [`--monotonic=-${now - 60}`, `--boottime=-${now - 60}`];
    const [program = "", ...earlier] = [...ownNamespaces("time"), ...offsets];
    const wait = "PATH=/command:/bin; s6-echo early && s6-sleep 1 && s6-echo slept";
    const { stdout } = await new Deno.Command(program, {
      args: [...earlier, "chroot", image.path, "/bin/sh", "-c", wait],
    }).output();
    equal(new TextDecoder().decode(stdout), "early\nslept\n");
  },
});

Deno.test({
  ...cases,
  name: "no two that go on from one checkpoint have the same random names",
  fn: async () => {
    const each = amount(500, 100);
    const names = `for i in $(seq ${each}); do s6-uniquename x; done`;
    await using image = await root({ "names": script(`${names} & ${names}; wait`) });
    const container = start(image, { environment: { S6_ANSWER_CALLS: "0" }, argv: ["/init", "/names"] });
    const { code, stdout, stderr } = await limited(container, 200_000);
    equal(code, 0, stderr);
    const made = stdout.split("\n").filter((line) => line.startsWith("x:"));
    equal(made.length, 2 * each, stdout);
    equal(new Set(made.map((name) => name.split(":").at(-1))).size, 2 * each);
  },
});
