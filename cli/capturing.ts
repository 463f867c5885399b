// Running a command of a course to its end, and what it prints.

import type { ProcessImage } from "../lib/image/image.ts";
import type { Ended } from "../lib/os/ended.ts";
import type { Context } from "./applet.ts";
import { openPipe } from "./pipe.ts";
import { readToEnd } from "./reading.ts";

/** @throws OsError or Failure if it cannot be started, or prints more than memory takes */
export function capture(context: Pick<Context, "os" | "name" | "spawn">, image: ProcessImage): Ended {
  const { os, name } = context;
  const pipe = openPipe(os);
  let pid: number;
  try {
    pid = context.spawn(image.step({ do: "copy", by: name, from: pipe.write, to: 1 }));
  } catch (error) {
    os.close(pipe.read);
    throw error;
  } finally {
    os.close(pipe.write);
  }
  const text = readToEnd(os, pipe.read);
  os.close(pipe.read);
  return { status: os.wait(pid), text };
}
