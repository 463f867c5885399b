// The system with sockets, for the programs that need them.

import type { SocketOs } from "../lib/os/parts.ts";
import type { Context } from "./applet.ts";

/** Everything there is, and sockets. */
export async function withSockets(context: Context): Promise<SocketOs> {
  return { ...context.os, ...await context.part("sockets") };
}
