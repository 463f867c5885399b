// Mistakes in images: each gets one clear line that names the file and the cause, and the rest of the container goes on.

import { deepEqual, equal, match } from "node:assert/strict";
import { boot, runToEnd } from "../surroundings/container.ts";
import type { Given } from "../rows/harness.ts";

interface Mistake {
  readonly script: Given;
  readonly cause: RegExp;
}

const MISTAKES: Readonly<Record<string, Mistake>> = {
  "without a first line": { script: "echo hi\n", cause: /has no #! line/ },
  "with a missing interpreter": { script: "#!/bin/nosuch\n", cause: /interpreter \/bin\/nosuch does not exist/ },
  "that is a loop of links": { script: { link: "bad" }, cause: /Too many levels of symbolic links|Symbolic link loop/ },
  "that is empty": { script: "", cause: /empty/ },
};

for (const [how, { script, cause }] of Object.entries(MISTAKES)) {
  Deno.test(`an initialization script ${how} gets one line and the boot goes on`, async () => {
    const files = { "etc/cont-init.d/bad": script, "etc/cont-init.d/good": "#!/bin/sh\necho good\n" };
    const { code, stdout, stderr } = await runToEnd({ files, arguments: ["/bin/echo", "command"] });
    equal(code, 0, stderr);
    match(stdout, /^\[cont-init\.d\] bad: exited 12[67]\.\n\[cont-init\.d\] good: executing/m);
    match(stdout, /^good\n/m);
    match(stdout, /^command\n/m);
    const lines = stderr.split("\n").filter((line) => /cont-init\.d\/bad/.test(line) && !/chmod|chown/.test(line));
    equal(lines.length, 1, stderr);
    match(lines[0]!, cause);
  });
}

for (const [how, { script, cause }] of Object.entries(MISTAKES)) {
  Deno.test(`a service whose run script is one ${how} gets a line, and the others run`, async () => {
    const bad = typeof script === "object" && "link" in script ? { link: "run" } : script;
    const files = {
      "etc/services.d/bad/run": bad,
      "etc/services.d/good/run": "#!/bin/sh\necho good; exec sleep 1000\n",
    };
    await using container = await boot({ files });
    await container.printed("good\n");
    await container.printed("[services.d] done.");
    await container.printed("s6-supervise bad: warning: unable to spawn ./run");
    const lines = container.stderr.split("\n").filter((line) => line.includes("bad"));
    equal(lines.length, 1, container.stderr);
    match(lines[0]!, cause);
    const up = await container.exec(["/command/s6-svstat", "-u", "/var/run/s6/services/good"]);
    deepEqual([up.stdout, up.code], ["true\n", 0]);
  });
}

Deno.test("a service directory without run gets a line, and the others run", async () => {
  const files = {
    "etc/services.d/bad/data/x": "",
    "etc/services.d/good/run": "#!/bin/sh\necho good; exec sleep 1000\n",
  };
  await using container = await boot({ files });
  await container.printed("good\n");
  await container.printed("bad");
  match(container.stderr, /bad.*run.*(No such file|does not exist|missing)/);
  equal((await container.stop(10)).code, 0);
});

Deno.test("a script that is not executable is made so, as services and scripts of images often are not", async () => {
  const plain = (content: string): Given => ({ content, mode: 0o644 });
  const files = {
    "etc/cont-init.d/1": plain("#!/bin/sh\necho script\n"),
    "etc/services.d/work/run": plain("#!/bin/sh\necho service; exec sleep 1000\n"),
  };
  await using container = await boot({ files });
  await container.printed("script\n");
  await container.printed("service\n");
  equal(container.stderr, "");
});

Deno.test("a command that does not exist ends the container with 127 and one line", async () => {
  const { code, stdout, stderr } = await runToEnd({ arguments: ["nosuch", "word"] });
  equal(code, 127);
  match(stdout, /^\[cmd\] nosuch exited 127$/m);
  match(stderr, /^[^\n]*unable to exec nosuch: No such file or directory[^\n]*\n$/);
});

Deno.test("a command that cannot be executed ends the container with 126 and one line", async () => {
  const { code, stdout, stderr } = await runToEnd({ arguments: ["/etc/passwd"] });
  equal(code, 126);
  match(stdout, /^\[cmd\] \/etc\/passwd exited 126$/m);
  match(stderr, /^[^\n]*\/etc\/passwd[^\n]*Permission denied[^\n]*\n$/);
});

Deno.test("without the program the launcher says so and exits 127", async () => {
  const setting = { entrypoint: ["/bin/sh", "-c", "rm /usr/lib/s6-overlay/program; exec /init"] };
  const { code, stderr } = await runToEnd(setting);
  equal(code, 127);
  match(stderr, /^s6-overlay: fatal: unable to exec \/usr\/lib\/s6-overlay\/program: No such file or directory.*\n$/);
});

/** To go on from a checkpoint, nothing need be executed. */
const STARTS = { S6_CHECKPOINT: "0" };

Deno.test("with a program that may not be executed the launcher says so and exits 126", async () => {
  const setting = {
    entrypoint: ["/bin/sh", "-c", "chmod 644 /usr/lib/s6-overlay/program; exec /init"],
    environment: STARTS,
  };
  const { code, stderr } = await runToEnd(setting);
  equal(code, 126);
  match(stderr, /^s6-overlay: fatal: unable to exec \/usr\/lib\/s6-overlay\/program: Permission denied.*\n$/);
});
