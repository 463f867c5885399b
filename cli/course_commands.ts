// The commands of a course that are not just run to their end, carried out by the course's own process. The launcher does
// the same for a caller (cli/launcher/player.c).

import type { ProcessImage } from "../lib/image/image.ts";
import type { Ended } from "../lib/os/ended.ts";
import type { Way } from "../lib/os/operation.ts";
import type { Context } from "./applet.ts";
import { openPipe } from "./pipe.ts";
import { readToEnd } from "./reading.ts";

type Ports = Pick<Context, "os" | "name" | "spawn">;

/** @throws OsError or Failure if it cannot be started, or prints more than memory takes */
export function carryOut(context: Ports, image: ProcessImage, way: Exclude<Way, "run">): Ended {
  if (way === "leave") return { status: context.spawn(image), text: "" };
  const { os } = context;
  const { pid, ours } = startAtPipe(context, image, way === "writeTo" ? 0 : 1);
  if (way === "capture") {
    const text = readToEnd(os, ours);
    os.close(ours);
    return { status: os.wait(pid), text };
  }
  os.duplicateOnto(ours, way === "writeTo" ? 1 : 0);
  os.close(ours);
  return { status: pid, text: "" };
}

/** Starts it with one end of a pipe at this descriptor; the other end is ours. */
function startAtPipe(context: Ports, image: ProcessImage, fd: 0 | 1): { readonly pid: number; readonly ours: number } {
  const { os, name } = context;
  const pipe = openPipe(os);
  const [theirs, ours] = fd === 1 ? [pipe.write, pipe.read] : [pipe.read, pipe.write];
  try {
    return { pid: context.spawn(image.step({ do: "copy", by: name, from: theirs, to: fd })), ours };
  } catch (error) {
    os.close(ours);
    throw error;
  } finally {
    os.close(theirs);
  }
}
