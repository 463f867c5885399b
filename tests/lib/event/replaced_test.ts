// Root's part in an event directory of another user, who replaces what root makes there as soon as it is made: with a link, a
// hard link, or something else of root's. Root changes the owner and the mode of nothing that it has not made.

import { deepEqual, throws } from "node:assert/strict";
import { type FifodirOs, makeFifodir } from "../../../lib/event/fifodir.ts";
import { subscribe, type SubscribeOs } from "../../../lib/event/subscribe.ts";
import { files } from "../../../lib/os/file.ts";
import { canIsolate } from "../../surroundings/namespace.ts";

const OTHER = 1000;

/** A directory of root, with a service directory of another user in it. */
class Place {
  readonly path = Deno.makeTempDirSync();
  readonly fifodir = this.at("service/event");

  constructor() {
    Deno.mkdirSync(this.at("service"));
    Deno.chownSync(this.at("service"), OTHER, OTHER);
    files.makeFifo(this.at("control"), 0o600);
    Deno.chmodSync(this.at("control"), 0o600);
    Deno.mkdirSync(this.at("private"), { mode: 0o700 });
  }

  at(name: string): string {
    return `${this.path}/${name}`;
  }

  /** A directory that the other user has made. */
  give(name: string): void {
    Deno.mkdirSync(this.at(name));
    Deno.chownSync(this.at(name), OTHER, OTHER);
  }

  /** Owner, group and mode of each. */
  state(...names: readonly string[]): string[] {
    return names.map((name) => {
      const { uid, gid, mode } = files.lstat(this.at(name));
      return `${name} ${uid}:${gid} ${mode.toString(8)}`;
    });
  }

  /** The calls of root, and what the other user does behind each that makes something: it gets the path of that. */
  attacked(attack: (path: string) => void): SubscribeOs & FifodirOs {
    return {
      ...files,
      now: () => ({ seconds: 1, nanoseconds: 2 }),
      randomBytes: (size) => new Uint8Array(size),
      credentials: () => ({ uid: 0, gid: 0, groups: [] }),
      makeFifoAt: (directory, name, mode) => {
        files.makeFifoAt(directory, name, mode);
        attack(`${this.fifodir}/${name}`);
      },
      makeDirectory: (path, mode) => {
        files.makeDirectory(path, mode);
        attack(path);
      },
    };
  }
}

function story(name: string, work: (place: Place) => void): void {
  const fn = (): void => {
    const place = new Place();
    try {
      work(place);
    } finally {
      Deno.removeSync(place.path, { recursive: true });
    }
  };
  Deno.test({ name, ignore: !canIsolate, fn });
}

type Attack = (path: string, place: Place) => void;

const ATTACKS: Readonly<Record<string, Attack>> = {
  "a link to a fifo of root": (path, place) => Deno.symlinkSync(place.at("control"), path),
  "a hard link to a fifo of root": (path, place) => Deno.linkSync(place.at("control"), path),
  "a link to a directory of root": (path, place) => Deno.symlinkSync(place.at("private"), path),
};

for (const [what, put] of Object.entries(ATTACKS)) {
  story(`root gives away no fifo that it has not made: ${what}`, (place) => {
    place.give("service/event");
    const before = place.state("control", "private");
    const os = place.attacked((path) => {
      Deno.removeSync(path);
      put(path, place);
    });
    try {
      subscribe(os, place.fifodir).close();
    } catch {
      // It may as well not hear anything.
    }
    deepEqual(place.state("control", "private"), before);
  });
}

story("root gives the fifo that it has made to the owner of the directory", (place) => {
  place.give("service/event");
  const listener = subscribe(place.attacked(() => {}), place.fifodir);
  const [{ name }] = [...Deno.readDirSync(place.fifodir)] as [Deno.DirEntry];
  deepEqual(place.state(`service/event/${name}`).map((line) => / (.*) /.exec(line)?.[1]), [`${OTHER}:0`]);
  listener.close();
});

const DIRECTORIES: Readonly<Record<string, Attack>> = {
  "a link to a directory of root": (path, place) => Deno.symlinkSync(place.at("private"), path),
  "a directory of root with something in it": (path, place) => Deno.renameSync(place.at("service/supervise"), path),
  "a directory of its own": (_, place) => place.give("service/event"),
};

for (const [what, put] of Object.entries(DIRECTORIES)) {
  story(`root opens no directory to others that it has not made: ${what}`, (place) => {
    Deno.mkdirSync(place.at("service/supervise"), { mode: 0o700 });
    Deno.writeTextFileSync(place.at("service/supervise/status"), "");
    const os = place.attacked((path) => {
      Deno.removeSync(path);
      put(path, place);
    });
    throws(() => makeFifodir(os, place.fifodir, 7));
    const left = Deno.lstatSync(place.fifodir).isSymlink ? "private" : "service/event";
    deepEqual(place.state(left).filter((line) => / 3730$| 1733$|:7 /.test(line)), []);
  });
}

story("an event directory gets its group and mode, also where another process waits already", (place) => {
  const os = place.attacked((path) => Deno.writeTextFileSync(`${path}/.ftrig1:@4${"0".repeat(23)}:abcdef`, ""));
  makeFifodir(os, place.fifodir, 7);
  deepEqual(place.state("service/event"), ["service/event 0:7 3730"]);
});
