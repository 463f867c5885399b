// rngseed: a seed for the kernel's random generator, carried from one boot to the next. From s6-linux-utils. A seed is
// never used twice: its file is gone for good before the generator gets it.

import type { ByteString } from "../../lib/bytes.ts";
import { makeDirectories } from "../../lib/directories.ts";
import { systemError } from "../../lib/errno.ts";
import type { Os } from "../../lib/os/os.ts";
import type { Machine } from "../../lib/os/parts.ts";
import { about, ifThere, invalid } from "../../lib/report.ts";
import { type Applet, type Context, utility } from "../applet.ts";
import { printLine } from "../print.ts";

const USUAL_DIRECTORY = "/var/lib/rngseed";
/** Bytes of a seed: what the generator can hold, within these bounds. */
const SIZE = { least: 32, most: 512 };
/** The permissions of a seed say whether it came from a generator that was ready. */
const MODE = { creditable: 0o400, other: 0o600 };

export const rngseed: Applet = utility({
  name: "rngseed",
  usage: "[ -d seeddir ] [ -v verbosity ] [ -r | -R ] [ -n | -N ] [ -w | -W ]",
  summary: "seed the random generator from a file, wait for it, write a seed for the next time",
  help: {
    d: "the directory of the seed (default /var/lib/rngseed)",
    v: "how much is told, from 0 on (default 1)",
    r: "feed the seed to the generator, which may count on it",
    R: "feed the seed to the generator, which is not to count on it",
    n: "do not wait for the generator to be ready",
    N: "wait for the generator to be ready (default)",
    w: "write a new seed, marked as one that may be counted on if the generator is ready",
    W: "write a new seed that is not to be counted on",
  },
  options: "d:v:rRnNwW",
  least: 0,
  run: async (context, { options }) => {
    const keeper = new SeedKeeper(
      context,
      await context.part("machine"),
      options.value("d") ?? USUAL_DIRECTORY,
      options.number("v") ?? 1,
    );
    const [reading, waiting, writing] = [options.last("r", "R"), options.last("n", "N"), options.last("w", "W")];
    if (reading !== undefined) keeper.read(reading === "r");
    if (waiting !== "n") keeper.wait();
    if (writing !== undefined) keeper.write(writing === "w");
    return 0;
  },
});

class SeedKeeper {
  private readonly os: Os;
  private readonly file: ByteString;

  constructor(
    private readonly context: Context,
    private readonly machine: Machine,
    private readonly directory: ByteString,
    private readonly verbosity: number,
  ) {
    this.os = context.os;
    this.file = `${directory}/seed`;
  }

  /** Feeds the seed to the generator, with credit where that is wanted and due. */
  read(wantsCredit: boolean): void {
    this.inform(`reading seed from ${this.file}`);
    const { seed, creditable } = this.take();
    if (wantsCredit && !creditable) this.warn(`${this.file} was not marked as creditable`);
    const isCredited = wantsCredit && creditable;
    this.inform(`seeding with ${8 * seed.length} bits${isCredited ? "" : " without crediting"}`);
    this.machine.addRandom(seed, isCredited ? 8 * seed.length : 0);
  }

  /** The seed, whose file is removed. */
  private take(): { seed: Uint8Array<ArrayBuffer>; creditable: boolean } {
    const { os, file } = this;
    const fd = os.open(file, ["read", "nofollow"]);
    try {
      const seed = new Uint8Array(new ArrayBuffer(SIZE.most));
      const size = about("read from", file, () => os.read(fd, seed));
      if (size === 0) throw invalid(`empty ${file}`);
      const creditable = (os.fstat(fd).mode & 0o222) === 0;
      os.unlink(file);
      this.settle();
      return { seed: seed.slice(0, size), creditable };
    } finally {
      os.close(fd);
    }
  }

  /** Waits until the generator is ready. */
  wait(): void {
    this.inform("waiting for the entropy pool to initialize");
    this.machine.random(1, true);
  }

  /** Writes a new seed, marked as creditable where that is wanted and due. */
  write(wantsCredit: boolean): void {
    const { machine, file } = this;
    this.prepareDirectory();
    const size = seedSize(this.os);
    this.inform(`reading ${8 * size} bits of random to make the seed`);
    const ready = machine.random(size, false);
    const seed = ready ?? this.readEarly(size);
    this.inform(`writing seed to ${file}`);
    this.save(seed, wantsCredit && ready !== undefined ? MODE.creditable : MODE.other);
  }

  /** From a generator that is not ready yet. */
  private readEarly(size: number): Uint8Array<ArrayBuffer> {
    const fd = this.os.open("/dev/urandom", ["read"]);
    const seed = new Uint8Array(new ArrayBuffer(size));
    const got = this.os.read(fd, seed);
    this.os.close(fd);
    return seed.slice(0, got);
  }

  private prepareDirectory(): void {
    const { os, directory } = this;
    makeDirectories(os, directory, { mode: 0o700, parents: true, report: () => {} });
    const { kind, mode } = os.stat(directory);
    if (kind !== "directory") throw systemError("mkdir", directory, "ENOTDIR");
    if ((mode & 0o077) === 0) return;
    this.warn(`${directory} has permissive modes, changing it to 0700`);
    os.chmod(directory, 0o700);
  }

  /** Replaces the file at once, and so that it outlives a crash. */
  private save(seed: Uint8Array<ArrayBuffer>, mode: number): void {
    const { os, file } = this;
    const temporary = `${file}.new`;
    about("write to", file, () => {
      ifThere(() => os.unlink(temporary));
      const fd = os.open(temporary, ["write", "create", "exclusive"], mode);
      try {
        os.writeAll(fd, seed);
        os.fsync(fd);
        os.rename(temporary, file);
      } catch (error) {
        os.unlink(temporary);
        throw error;
      } finally {
        os.close(fd);
      }
      this.settle();
    });
  }

  /** What has happened to the names in the directory is on the disk. */
  private settle(): void {
    const fd = this.os.open(this.directory, ["read", "directory"]);
    this.os.fsync(fd);
    this.os.close(fd);
  }

  private warn(text: string): void {
    if (this.verbosity > 0) this.context.warn(text);
  }

  private inform(text: string): void {
    if (this.verbosity > 1) printLine(this.os, `${this.context.name}: info: ${text}`);
  }
}

function seedSize(os: Pick<Os, "readFile">): number {
  try {
    const bits = Number(os.readFile("/proc/sys/kernel/random/poolsize"));
    return Math.max(SIZE.least, Math.min(SIZE.most, Math.floor(bits / 8)));
  } catch {
    return SIZE.least;
  }
}
