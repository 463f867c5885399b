// Programs that open, move and close descriptors for what follows. After execline 2.9.

import type { ProcessImage } from "../../lib/image/image.ts";
import type { Os } from "../../lib/os/os.ts";
import { EXIT, invalid, UsageError } from "../../lib/report.ts";
import { type Applet, chain, fork } from "../applet.ts";
import { NO_OPTIONS, unsigned } from "../getopt.ts";
import { openPipe, PRIVATE } from "../pipe.ts";

export const fdmove: Applet = chain({
  name: "fdmove",
  usage: "[ -c ] to from prog...",
  summary: "run a program with a descriptor moved, or copied, to another number",
  help: { c: "leave the old descriptor open" },
  options: "c",
  least: 3,
  next: (image, { options, args, args: [target = "", source = ""] }) => {
    const [from, to] = [unsigned(source), unsigned(target)];
    const copies = options.has("c");
    if (copies && from === to) throw invalid(`unable to copy fd ${from} to itself`, EXIT.system);
    // It stays as it is, open or not.
    if (from === to) return image.run(args.slice(2));
    return image.step({ do: copies ? "copy" : "move", by: "fdmove", from, to, given: true }).run(args.slice(2));
  },
});

export const fdclose: Applet = chain({
  name: "fdclose",
  usage: "fd prog...",
  summary: "run a program with a descriptor closed",
  options: NO_OPTIONS,
  least: 2,
  next: (image, { args, args: [number = ""] }) =>
    image.step({ do: "close", by: "fdclose", fd: unsigned(number) }).run(args.slice(1)),
});

// The rest work on what a number stands for now, so they run in the process that has it.

type Ports = Pick<Os, "isInherited">;

/** Our descriptor for a number that the script knows; undefined if it is closed. */
function actual(os: Ports, image: ProcessImage, fd: number): number | undefined {
  const step = image.steps.findLast((step) =>
    (step.do === "copy" && step.to === fd) || (step.do === "close" && step.fd === fd)
  );
  if (step?.do === "copy") return step.from;
  return step === undefined && os.isInherited(fd) ? fd : undefined;
}

function opened(os: Ports, image: ProcessImage, fd: number): number {
  const found = actual(os, image, fd);
  if (found === undefined) throw invalid(`unable to use fd ${fd}: Bad file descriptor`, EXIT.system);
  return found;
}

export const fdblock: Applet = fork({
  name: "fdblock",
  usage: "[ -n ] fd prog...",
  summary: "run a program with a descriptor set to blocking, or to non-blocking",
  help: { n: "set the descriptor non-blocking" },
  options: "n",
  least: 2,
  run: ({ os, image }, { options, args: [number = "", ...rest] }) => {
    os.setNonBlocking(opened(os, image, unsigned(number)), options.has("n"));
    return image.run(rest);
  },
});

export const fdswap: Applet = fork({
  name: "fdswap",
  usage: "fd1 fd2 prog...",
  summary: "run a program with two descriptors exchanged",
  options: NO_OPTIONS,
  least: 3,
  run: ({ os, image }, { args: [first = "", second = "", ...rest] }) => {
    const [one, two] = [unsigned(first), unsigned(second)];
    const copies = [one, two].map((fd) => os.duplicate(opened(os, image, fd), PRIVATE));
    return image.step({ do: "move", by: "fdswap", from: copies[0]!, to: two })
      .step({ do: "move", by: "fdswap", from: copies[1]!, to: one }).run(rest);
  },
});

export const fdreserve: Applet = fork({
  name: "fdreserve",
  usage: "n prog...",
  summary: "run a program with the numbers of free descriptors in FD0, FD1 and so on",
  options: NO_OPTIONS,
  least: 2,
  run: ({ os, image }, { args: [number = "", ...rest] }) => {
    const wanted = unsigned(number);
    const found: [string, string][] = [];
    for (let fd = 0; found.length < wanted; fd++) {
      if (actual(os, image, fd) === undefined) found.push([`FD${found.length}`, String(fd)]);
    }
    return image.withVariables(found).run(rest);
  },
});

export const piperw: Applet = fork({
  name: "piperw",
  usage: "fdr fdw prog...",
  summary: "run a program with a pipe on two descriptors",
  options: NO_OPTIONS,
  least: 3,
  run: ({ os, image }, { args: [reading = "", writing = "", ...rest] }) => {
    const [read, write] = [unsigned(reading), unsigned(writing)];
    if (read === write) throw new UsageError();
    const pipe = openPipe(os);
    return image.step({ do: "move", by: "piperw", from: pipe.read, to: read })
      .step({ do: "move", by: "piperw", from: pipe.write, to: write }).run(rest);
  },
});
