// What process 1 knows of the services that it supervises, for programs that it answers for. Of all others it knows nothing.

import type { ByteString } from "../../lib/bytes.ts";
import type { Door, Os } from "../../lib/os/os.ts";
import { NeedsProcess } from "../../lib/image/search.ts";
import type { Snapshot } from "../../lib/overlay/journal/snapshot.ts";
import type { Scanner } from "../../lib/supervise/scanner_port.ts";
import { decodeStatus, STATUS_SIZE } from "../../lib/supervise/status.ts";
import type { ServiceReport, Sight } from "../applet.ts";

interface SightPorts {
  readonly os: Pick<Os, "now" | "close"> & { readonly door: Pick<Door, "hold" | "find" | "leadsTo" | "readWhole"> };
  readonly scanner: Pick<Scanner, "services">;
  /** What the container is like now. */
  readonly container: () => Snapshot;
}

export class OwnSight implements Sight {
  constructor(private readonly ports: SightPorts) {}

  now(): ReturnType<Os["now"]> {
    return this.ports.os.now();
  }

  container(): Snapshot {
    return this.ports.container();
  }

  isSupervised(directory: ByteString): boolean {
    return this.within(directory, () => true);
  }

  service(directory: ByteString): ServiceReport {
    const { door } = this.ports.os;
    return this.within(directory, (held) => {
      const status = decodeStatus(door.readWhole("supervise/status", STATUS_SIZE, held));
      if (status === undefined) throw new NeedsProcess();
      return { status, normallyUp: door.find("down", held) === undefined };
    });
  }

  /** With the directory of one of our services held; what the path says must be where the service is. */
  private within<T>(directory: ByteString, work: (held: number) => T): T {
    const { os, scanner } = this.ports;
    const bare = directory.replace(/\/+$/, "");
    const named = scanner.services().filter(({ name, supervised }) => supervised && bare.endsWith(`/${name}`));
    if (!bare.startsWith("/") || named.length === 0) throw new NeedsProcess();
    const held = os.door.hold(bare);
    try {
      const found = os.door.find(".", held);
      if (named.some((service) => this.isThere(service.directory, found))) return work(held);
    } finally {
      os.close(held);
    }
    throw new NeedsProcess();
  }

  private isThere(directory: ByteString, found: ReturnType<Door["find"]>): boolean {
    return found !== undefined && this.ports.os.door.leadsTo(directory, found);
  }
}
