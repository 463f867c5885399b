// What process 1 knows of the services that it supervises, and of files, for programs that it answers for. Of other services
// it knows nothing.

import type { ByteString } from "../../lib/bytes.ts";
import type { Cancel, Door, FileStatus, Os, Reactor } from "../../lib/os/os.ts";
import { NeedsProcess } from "../../lib/image/search.ts";
import type { Snapshot } from "../../lib/overlay/journal/snapshot.ts";
import type { ServiceView } from "../../lib/supervise/ports.ts";
import type { Scanner } from "../../lib/supervise/scanner_port.ts";
import { decodeStatus, STATUS_SIZE } from "../../lib/supervise/status.ts";
import type { ServiceReport, Sight } from "../applet.ts";

interface SightPorts {
  readonly reactor: Pick<Reactor, "after">;
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

  find(path: ByteString): FileStatus | undefined {
    // The caller's own directory is not known here.
    if (!path.startsWith("/")) throw new NeedsProcess();
    return this.ports.os.door.find(path);
  }

  after(milliseconds: number, callback: () => void): Cancel {
    return this.ports.reactor.after(milliseconds, callback);
  }

  isSupervised(directory: ByteString): boolean {
    return this.within(directory, () => true);
  }

  service(directory: ByteString): ServiceReport {
    const { door } = this.ports.os;
    return this.within(directory, (held, services) => {
      const status = decodeStatus(door.readWhole("supervise/status", STATUS_SIZE, held));
      if (status === undefined) throw new NeedsProcess();
      // Where one has taken the place of another that has not ended yet, the path does not say whose events are meant.
      const events = services.length === 1 ? services[0]!.listen : undefined;
      return { status, normallyUp: door.find("down", held) === undefined, events };
    });
  }

  /**
   * With the directory of one of our services held; what the path says must be where the service is, or services, where
   * a former one has not ended yet.
   */
  private within<T>(directory: ByteString, work: (held: number, services: readonly ServiceView[]) => T): T {
    const { os, scanner } = this.ports;
    const bare = directory.replace(/\/+$/, "");
    const named = scanner.services().filter(({ name, supervised }) => supervised && bare.endsWith(`/${name}`));
    if (!bare.startsWith("/") || named.length === 0) throw new NeedsProcess();
    const held = os.door.hold(bare);
    try {
      const found = os.door.find(".", held);
      const there = named.filter((service) => this.isThere(service.directory, found));
      if (there.length > 0) return work(held, there);
    } finally {
      os.close(held);
    }
    throw new NeedsProcess();
  }

  private isThere(directory: ByteString, found: ReturnType<Door["find"]>): boolean {
    return found !== undefined && this.ports.os.door.leadsTo(directory, found);
  }
}
