// Process 1's own lines where others have names: they go through the relay as well, so that none comes into the middle of
// another's line. As long as no relay is there, process 1 writes them itself, as it does its very last ones.

import { type ByteString, byteString } from "../../bytes.ts";
import type { Os } from "../../os/os.ts";
import type { Outlet, Pipes } from "../../os/parts.ts";
import { isErrno } from "../../report.ts";
import type { Console } from "./console.ts";
import type { KeptStream, KeptStreams } from "./kept_streams.ts";

interface OwnLinesPorts {
  readonly os: Pick<Os, "read" | "write">;
  readonly pipes: Pick<Pipes, "held">;
  readonly kept: Pick<KeptStreams, "has">;
}

/** What is to be carried on, and the pipe to the relay. */
interface CarriedConsole {
  readonly console: Pick<Console, "divert" | "resume">;
  readonly stream: KeptStream;
  readonly outlet: Outlet;
}

export class OwnLines {
  private readonly carried: CarriedConsole[] = [];
  private isDiverted = false;

  constructor(private readonly ports: OwnLinesPorts) {}

  /** @param stream its writing end does not wait */
  add(console: CarriedConsole["console"], stream: KeptStream, fd: number): void {
    const outlet = { fd, write: (from: Uint8Array<ArrayBuffer>) => this.ports.os.write(fd, from) };
    this.carried.push({ console, stream, outlet });
    if (this.isDiverted) console.divert(outlet);
  }

  /** A relay is there. */
  divert(): void {
    this.isDiverted = true;
    for (const { console, outlet } of this.carried) console.divert(outlet);
  }

  /** What is said from now on comes behind all that the relay has still to write. */
  hold(): void {
    this.isDiverted = true;
    for (const { console } of this.carried) console.divert(undefined);
  }

  /** There is no relay, nor will there be one soon: process 1 writes what none has read, and what is said from now on. */
  resume(): void {
    if (!this.isDiverted) return;
    this.isDiverted = false;
    for (const { console, stream } of this.carried) console.resume(this.unread(stream));
  }

  private unread({ id, read }: KeptStream): ByteString {
    const { os, pipes, kept } = this.ports;
    let text = "";
    if (!kept.has(id)) return text;
    try {
      for (let size = pipes.held(read); size > 0; size = pipes.held(read)) {
        const room = new Uint8Array(size);
        text += byteString(room.subarray(0, os.read(read, room)));
      }
    } catch (error) {
      if (!isErrno(error, "EAGAIN")) throw error;
    }
    return text;
  }
}
