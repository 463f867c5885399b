// The pipes that process 1 holds for pipelines: what the holder is to be at the first connection, and who gets an end.

import { deepEqual, equal, throws } from "node:assert/strict";
import { ProcessImage } from "../../../../lib/image/image.ts";
import type { FileStatus, Os } from "../../../../lib/os/os.ts";
import { HeldPipes } from "../../../../lib/overlay/rc/held_pipes.ts";
import type { HeldFiles } from "../../../../lib/overlay/rc/held_start.ts";
import { HOLDER_RIGHTS } from "../../../../lib/overlay/variable_names.ts";
import type { Longrun } from "../../../../lib/rc/graph.ts";
import { HOLDER_FROM_SERVICE, internalServices } from "../../../../lib/rc/internal_services.ts";
import { SIGNAL } from "../../../../lib/signals.ts";

const DIRECTORY = 5;
const NEIGHBOUR = "/run/service/web/../s6rc-fdholder";

/** The holder's directory for these consumers, as it is compiled. */
function directoryOf(consumers: readonly string[], more: Readonly<Record<string, string>> = {}): HeldFiles {
  const longruns = consumers.map((name) => ({ name, producers: ["one"] }) as unknown as Longrun);
  const services = internalServices(longruns, { waits: false, user: undefined, rights: HOLDER_RIGHTS });
  const files = new Map(services).get("s6rc-fdholder")!;
  const textOf = (path: string): string => {
    const file = files[path]!;
    return file.kind === "link" ? "" : file.text;
  };
  return { fd: DIRECTORY, read: (path) => more[path] ?? textOf(path), keep: (fd) => fd };
}

/** @param first the number of the next descriptor, from which on all are free, but for those that are in `low` */
function pipesWith({ first = 20, low = [] as number[], soft = 1024, inode = 1, foundAt = NEIGHBOUR } = {}): HeldPipes {
  const numbers = [...low];
  const next = (): number => numbers.shift() ?? first++;
  const held = new Map([[DIRECTORY, "own"]]);
  const os = {
    pipe: () => ({ read: next(), write: next() }),
    close: (fd: number) => void held.delete(fd),
    leavesRoom: () => true,
    limits: () => ({ soft: BigInt(soft), hard: BigInt(soft) }),
    door: {
      hold: (path: string) => {
        held.set(200, path);
        return 200;
      },
      find: (_: string, fd: number) => {
        const own = held.get(fd) === "own" || held.get(fd) === foundAt;
        return { inode: own ? inode : 9, device: 1 } as FileStatus;
      },
    },
  };
  return new HeldPipes(os as unknown as Pick<Os, "close" | "door" | "leavesRoom" | "limits" | "pipe">);
}

Deno.test("at the first connection the holder has all pipes, and its environment tells their names", () => {
  const { words, steps, variables } = pipesWith().await(directoryOf(["a", "b"]));
  equal(words.join(" "), "/command/s6-fdholderd -k -n 256 -i data/rules");
  const copies = steps.flatMap((step) => step.do === "copy" ? [[step.from, step.to]] : []);
  deepEqual(copies, [[20, 3], [21, 4], [22, 5], [23, 6]]);
  const set = [...variables!].filter(([, value]) => value !== undefined);
  deepEqual(set.map(([name, value]) => `${name}=${value}`), [
    "S6_FD#=4",
    ...["S6_FD_0=3", "S6_FDID_0=pipe:s6rc-r-a", "S6_FD_1=4", "S6_FDID_1=pipe:s6rc-w-a"],
    ...["S6_FD_2=5", "S6_FDID_2=pipe:s6rc-r-b", "S6_FD_3=6", "S6_FDID_3=pipe:s6rc-w-b"],
  ]);
});

Deno.test("a limit that the container's environment has for descriptors is none of a pipe", () => {
  const { variables } = pipesWith().await(directoryOf(["a"]));
  const removed = [...variables!].filter(([, value]) => value === undefined).map(([name]) => name);
  deepEqual(removed, ["S6_FDLIMIT_0", "S6_FDLIMIT_1"]);
});

Deno.test("no pipe of the holder takes the number of one that is still to be copied", () => {
  for (const low of [[], [9], [4, 5], [3, 4, 5, 6], [6, 12], [30, 8, 5]]) {
    const { steps } = pipesWith({ low }).await(directoryOf(["a", "b"]));
    const copies = steps.flatMap((step) => step.do === "copy" ? [step] : []);
    const targets = copies.map(({ to }) => to);
    equal(new Set(targets).size, 4);
    deepEqual(copies.filter(({ from }) => targets.includes(from)), [], low.join(" "));
  }
});

Deno.test("other files than s6-rc-compile makes, and more pipes than there is room for, are for a process", () => {
  const many = Array.from({ length: 101 }, (_, index) => `consumer${index}`);
  const cases: readonly [HeldPipes, HeldFiles, RegExp][] = [
    [pipesWith(), directoryOf(["a"], { run: "#!/bin/sh\n" }), /its run is another/],
    [pipesWith(), directoryOf(many), /more than 100 pipes/],
    [pipesWith({ soft: 36 }), directoryOf(["a"]), /unable to hold its pipes/],
    [pipesWith(), directoryOf(["a".repeat(250)]), /unable to name the pipe of/],
  ];
  for (const [pipes, directory, why] of cases) throws(() => pipes.await(directory), why);
});

Deno.test("a signal ends it as it would end s6-fdholderd, or means nothing to it", () => {
  const { ends } = pipesWith().await(directoryOf(["a"]));
  deepEqual([SIGNAL.TERM, SIGNAL.HUP, SIGNAL.QUIT, SIGNAL.USR1, SIGNAL.WINCH].map(ends), [
    256,
    undefined,
    SIGNAL.QUIT,
    SIGNAL.USR1,
    undefined,
  ]);
  equal(pipesWith().await(directoryOf([])).ends(SIGNAL.TERM), 0);
});

const START = ProcessImage.of(["run"]).step({ by: "web", do: "session" })
  .step({ by: "web", do: "directory", path: "/run/service/web" });

/** What an image gets of a holder with one pipe. */
function given(
  image: ProcessImage,
  wish: { readonly socket?: string; readonly name?: string; readonly foundAt?: string; readonly held?: boolean } = {},
): number | undefined {
  const { socket = HOLDER_FROM_SERVICE, name = "pipe:s6rc-w-a", foundAt = NEIGHBOUR, held = true } = wish;
  const pipes = pipesWith({ foundAt });
  pipes.await(directoryOf(["a"])).held!(held);
  const last = pipes.give(image, socket, name)?.steps.at(-1);
  return last?.do === "copy" && last.to === 0 ? last.from : undefined;
}

Deno.test("a chain of a service beside it has the pipe that it would ask for", () => {
  equal(given(START), 21);
  equal(given(START, { name: "pipe:s6rc-r-a" }), 20);
});

Deno.test("what is not held, another socket, and another user's chain are for the holder itself", () => {
  const nobody = { uid: 65534, gid: 65534, groups: [] };
  const others: readonly (number | undefined)[] = [
    given(START, { name: "pipe:s6rc-w-b" }),
    given(START, { socket: "/run/else/s" }),
    given(START, { foundAt: "/run/elsewhere" }),
    given(START, { held: false }),
    given(START.step({ by: "s6-setuidgid", do: "credentials", credentials: nobody })),
    given(START.step({ by: "cd", do: "directory", path: "/srv" })),
    given(ProcessImage.of(["run"])),
  ];
  deepEqual(others, others.map(() => undefined));
});

Deno.test("a number that the chain has made its own is none of process 1's", () => {
  equal(given(START.step({ by: "fdmove", do: "copy", from: 1, to: 21, given: true })), undefined);
  equal(given(START.step({ by: "redirfd", do: "open", fd: 21, path: "/x", flags: ["read"], mode: 0 })), undefined);
});
