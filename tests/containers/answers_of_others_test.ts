// A process that listens where process 1 answers calls. One that is not process 1 or belongs to another user is sent
// nothing, and not believed.

import { deepEqual } from "node:assert/strict";
import { output } from "../../scripts/command.ts";
import { CollectedProcess } from "../../scripts/container_process.ts";
import { childOf } from "../../scripts/container_terminal.ts";
import { intoContainer, ownNamespaces } from "../../scripts/namespaces.ts";
import { type Root, root } from "../surroundings/quick.ts";

const ignore = Deno.uid() !== 0;

/**
 * Answers every question with a plan that ends with 42. With a word as its argument it says first that this comes later;
 * with two, nothing comes; with three, something is to be done before nothing comes.
 */
const LIAR = `
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/stat.h>
#include <string.h>
#include <unistd.h>
int main(int argc, char **argv) {
  (void)argv;
  static char question[65536];
  unsigned long answer[8 + 7 + 2] = {VERSION, sizeof answer, 0, 1, 0, 0, 0, 0, EXIT_CODE, 9 * 8, 56, 56, 56, 0, 42};
  struct sockaddr_un address = {AF_UNIX, "/var/run/s6/questions"};
  int listener = socket(AF_UNIX, SOCK_SEQPACKET, 0);
  umask(0);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 9)) return 1;
  if (write(1, "listening\\n", 10) < 0) return 1;
  for (;;) {
    int fd = accept(listener, 0, 0);
    if (read(fd, question, sizeof question) > 0) {
      unsigned long later[8] = {VERSION, sizeof later, 0, 0, 0, 0, 0, 1};
      if (argc > 3) answer[7] = 1, answer[8] = UMASK_CODE;
      if (argc > 1 && argc < 4 && write(fd, later, sizeof later) > 0) usleep(50000);
      if (argc != 3 && write(fd, answer, sizeof answer) < 0) continue;
    }
    close(fd);
  }
}
`;

async function liar(made: Root): Promise<void> {
  const { LAYOUT } = await import("../../lib/os/operation.ts");
  const { PLAN_VERSION } = await import("../../lib/os/plan.ts");
  const code = (name: string): string => `${Object.keys(LAYOUT).indexOf(name) + 1}`;
  const source = `${made.path}/liar.c`;
  const codes = LIAR.replace("EXIT_CODE", code("exit")).replace("UMASK_CODE", code("umask"));
  await Deno.writeTextFile(source, codes.replaceAll("VERSION", `${PLAN_VERSION}`));
  await output(["gcc", "-O2", "-static", "-o", `${made.path}/liar`, source]);
}

// $0 root, $1 user, $2 what runs as process 1. /run is ready for any user.
const ENTER = 'mount -t proc proc "$0/proc"; mount -t tmpfs -o mode=1777 run "$0/run"; mount --rbind /dev "$0/dev"; ' +
  'mkdir -m 1777 "$0/run/s6"; exec chroot --userspec="$1" "$0" /bin/sh -c "$2"';

/** What comes of `s6-echo hi` where a process of that user listens. */
async function called(made: Root, user: string, command: string): Promise<readonly [code: number, said: string]> {
  const isolated = new CollectedProcess(
    [...ownNamespaces("pid", "mount"), "sh", "-c", ENTER, made.path, user, command],
  );
  await isolated.printed("listening");
  const first = await childOf(isolated.pid);
  const [program = "", ...args] = [...intoContainer(first), "/command/s6-echo", "hi"];
  const { code, stdout } = await new Deno.Command(program, { args }).output();
  Deno.kill(first, "SIGKILL");
  await isolated.ended;
  return [code, new TextDecoder().decode(stdout)];
}

/** The same for root, whose call may go on by itself now and then, on a busy machine. */
async function answered(made: Root, command: string): ReturnType<typeof called> {
  for (let tries = 20;; tries--) {
    const [code, said] = await called(made, "0:0", command);
    if (code !== 0 || tries === 0) return [code, said];
  }
}

for (
  const [who, user, command] of [
    ["another user as process 1", "65534:65534", "exec /liar"],
    ["root as another process", "0:0", "/liar & wait"],
  ] as const
) {
  Deno.test({
    name: `a call believes nobody else who listens: ${who}`,
    ignore,
    fn: async () => {
      await using made = await root({});
      await liar(made);
      deepEqual(await called(made, user, command), [0, "hi\n"]);
    },
  });
}

Deno.test({
  name: "a call does what process 1 answers, also later, and goes on by itself where no answer follows",
  ignore,
  fn: async () => {
    await using made = await root({});
    await liar(made);
    deepEqual(await answered(made, "exec /liar"), [42, ""]);
    deepEqual(await answered(made, "exec /liar later"), [42, ""]);
    deepEqual(await answered(made, "exec /liar something and nothing"), [111, ""]);
    deepEqual(await called(made, "0:0", "exec /liar later never"), [0, "hi\n"]);
  },
});
