// The commands of a course that are not just run to their end, carried out by the course's own process. The launcher does
// the same for a caller (cli/launcher/child.c).

import { type ByteString, rawBytes } from "../lib/bytes.ts";
import type { ProcessImage } from "../lib/image/image.ts";
import type { Ended } from "../lib/os/ended.ts";
import { EXIT, Failure, isErrno } from "../lib/report.ts";
import type { ChildCommand, Context, CourseCommand } from "./applet.ts";
import { openPipe } from "./pipe.ts";
import { readPortion, readToEnd } from "./reading.ts";

type Ports = Pick<Context, "os" | "name" | "image" | "spawn">;

/** @throws OsError or Failure if it cannot be started or read, or prints more than memory takes */
export function carryOut(context: Ports, command: CourseCommand): Ended {
  const { os } = context;
  if (command.way === "read") return { status: 0, text: readPortion(os, command.fd) };
  if (command.way === "supply") return { status: supply(context, command.text), text: "" };
  if (command.way === "wait") return { status: os.wait(command.pid), text: "" };
  const { image, way } = command;
  if (way === "leave") return { status: start(context, command, image), text: "" };
  const { pid, ours } = startAtPipe(context, command, way === "writeTo" ? 0 : 1);
  if (way === "readAside") return { status: ours, text: "" };
  if (way === "capture") {
    const text = readToEnd(os, ours);
    os.close(ours);
    return { status: os.wait(pid), text };
  }
  os.duplicateOnto(ours, way === "writeTo" ? 1 : 0);
  os.close(ours);
  return { status: pid, text: "" };
}

/** A descriptor where the text can be read. What a pipe does not hold a child writes while it is read. */
function supply(context: Ports, text: ByteString): number {
  const { os, name, image } = context;
  const pipe = openPipe(os);
  const left = fill(os, pipe.write, text);
  if (left !== "") {
    const writer = image.step({ do: "copy", by: name, from: pipe.write, to: 1 });
    context.spawn(writer.run(["s6-echo", "-n", "--", left]));
  }
  os.close(pipe.write);
  return pipe.read;
}

/** Writes as much as the pipe takes at once and returns the rest. */
function fill(os: Ports["os"], fd: number, text: ByteString): ByteString {
  os.setNonBlocking(fd, true);
  let left = text;
  try {
    while (left !== "") left = left.slice(os.write(fd, rawBytes(left)));
  } catch (error) {
    if (!isErrno(error, "EAGAIN")) throw error;
  }
  os.setNonBlocking(fd, false);
  return left;
}

function start(context: Ports, { apart }: ChildCommand, image: ProcessImage): number {
  return apart ? startApart(context, image) : context.spawn(image);
}

/** Starts it with one end of a pipe at this descriptor; the other end is ours. */
function startAtPipe(
  context: Ports,
  command: ChildCommand,
  fd: 0 | 1,
): { readonly pid: number; readonly ours: number } {
  const { os, name } = context;
  const pipe = openPipe(os);
  const [theirs, ours] = fd === 1 ? [pipe.write, pipe.read] : [pipe.read, pipe.write];
  try {
    const image = command.image.step({ do: "copy", by: name, from: theirs, to: fd });
    return { pid: start(context, command, image), ours };
  } catch (error) {
    os.close(ours);
    throw error;
  } finally {
    os.close(theirs);
  }
}

/** Starts it as a grandchild whose parent is gone already. */
function startApart(context: Ports, image: ProcessImage): number {
  const { os, name } = context;
  const { argv, argv: [command] } = image;
  const pipe = openPipe(os);
  // The parent in between is a background of its own, which then prints the pid for us and ends.
  const told: ByteString = String(pipe.write);
  const quoted = ["fdclose", told, ...argv].map((word) => ` ${word}`);
  const print = ["fdmove", "1", told, "importas", "pid", "!", "s6-echo", "-n", "$pid"];
  const child = context.spawn(
    image.step({ do: "copy", by: name, from: pipe.write, to: pipe.write })
      .run(["background", ...quoted, "", ...print]),
  );
  os.close(pipe.write);
  const pid = readToEnd(os, pipe.read);
  os.close(pipe.read);
  os.wait(child);
  if (pid === "") throw new Failure(EXIT.system, `unable to start ${command}`);
  return Number(pid);
}
