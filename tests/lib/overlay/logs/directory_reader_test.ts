// Reading log directories as they are on disk, while a logger writes and rotates them, and such as no logger makes.

import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { utc } from "../../../../lib/log/timezone.ts";
import { Logdir } from "../../../../lib/log/logdir.ts";
import { clocks } from "../../../../lib/os/clock.ts";
import { descriptors } from "../../../../lib/os/descriptor.ts";
import { files } from "../../../../lib/os/file.ts";
import { openLogFiles } from "../../../../lib/overlay/logs/directory_files.ts";
import { DirectoryReader } from "../../../../lib/overlay/logs/directory_reader.ts";
import { endOfLog } from "../../../../lib/overlay/logs/end_of_log.ts";
import { bareLine, type ShownLine, shownLine } from "../../../../lib/overlay/logs/log_line.ts";
import { DEFAULTS } from "../../log/memory_host.ts";
import { bytes } from "../../log/memory_files.ts";

const uid = Deno.uid()!;
const os = { ...files, ...descriptors, ...clocks, credentials: () => ({ uid, gid: Deno.gid()!, groups: [] }) };
const show = (line: string): ShownLine => shownLine(line, { written: utc, shown: utc });
const archive = (moment: number): string => `@${`${moment}`.padStart(24, "0")}.s`;

class Directory implements AsyncDisposable {
  readonly warnings: string[] = [];
  private constructor(readonly path: string) {}

  static async of(content: Readonly<Record<string, string>>): Promise<Directory> {
    const path = await Deno.makeTempDir();
    for (const [name, text] of Object.entries(content)) await Deno.writeTextFile(`${path}/${name}`, text);
    return new Directory(path);
  }

  reader(follows = false, lines?: number): DirectoryReader {
    const found = openLogFiles(os, { path: this.path, lock: undefined }, (text) => this.warnings.push(text));
    const reader = new DirectoryReader(os, found, show, follows);
    if (lines !== undefined) reader.startWithLast({ lines, bytes: Infinity });
    return reader;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

function rest(reader: DirectoryReader): string {
  let text = "";
  for (let line = reader.next(); line !== undefined; line = reader.next()) text += line.text + (line.ends ? "\n" : "");
  return text;
}

const THREE = { [archive(1)]: "a\nb\n", [archive(2)]: "c\nd\n", current: "e\nf\n", state: "no\n", lock: "" };

Deno.test("archives come before current, and what is no log is not read", async () => {
  await using directory = await Directory.of(THREE);
  equal(rest(directory.reader()), "a\nb\nc\nd\ne\nf\n");
});

Deno.test("the last lines may begin in any file", async () => {
  await using directory = await Directory.of(THREE);
  const all = "a\nb\nc\nd\ne\nf\n";
  for (let most = 0; most <= 7; most++) {
    equal(rest(directory.reader(false, most)), most === 0 ? "" : all.slice(-2 * most));
  }
});

Deno.test("a file that ends in the middle of a line does not run into the next", async () => {
  await using directory = await Directory.of({ [archive(1)]: "a\nhalf", current: "b\nrest" });
  equal(rest(directory.reader()), "a\nhalf\nb\nrest\n");
  equal(rest(directory.reader(false, 3)), "half\nb\nrest\n");
});

Deno.test("the last line waits for its end where there may be more", async () => {
  await using directory = await Directory.of({ current: "a\nhal" });
  const reader = directory.reader(true);
  equal(rest(reader), "a\n");
  await Deno.writeTextFile(`${directory.path}/current`, "f\nb\n", { append: true });
  equal(rest(reader), "half\nb\n");
});

Deno.test("lines without a stamp have the time of those before them", async () => {
  await using directory = await Directory.of({
    current: "none\n2026-07-25 17:20:00.000000005  one\nmore\n@400000006b0bff0609dfd0f8 two\n",
  });
  const reader = directory.reader();
  const times = Array.from({ length: 4 }, () => reader.next()?.at?.nanoseconds);
  deepEqual(times, [undefined, 5, 5, 0x09dfd0f8]);
});

function logdirIn(directory: Directory, archives: number): Logdir {
  const host = { os, mode: 0o644, warn: () => {}, after: () => {}, process: () => {}, idle: () => {} };
  return new Logdir(host, directory.path, { ...DEFAULTS, archives, size: 4096 });
}

const numbered = (number: number): string => `${number} ${"x".repeat(1000)}\n`;

/** Rotations in small files, each of which holds four lines or so. */
for (const step of [1, 3, 7, 20, 50]) {
  for (const looks of [true, false]) {
    const what = `${step} lines${looks ? ", told of each change," : ""}`;
    Deno.test(`a reader that reads after each ${what} misses none and reads none twice, whatever is rotated`, async () => {
      await using directory = await Directory.of({});
      const logdir = logdirIn(directory, 1000);
      const reader = directory.reader(true);
      const lines = Array.from({ length: 200 }, (_, number) => numbered(number));
      let read = "";
      for (const [number, line] of lines.entries()) {
        logdir.write(bytes(line));
        if (looks) reader.look();
        if (number % step === 0) read += rest(reader);
      }
      read += rest(reader);
      equal(read, lines.join(""));
      deepEqual(directory.warnings, []);
      logdir.close();
    });
  }
}

Deno.test("files that are rotated between the look at their names and at themselves are read", async () => {
  await using directory = await Directory.of({});
  const logdir = logdirIn(directory, 1000);
  let written = 0;
  let isFast = false;
  const write = (count: number): void => {
    for (; count > 0; count--) logdir.write(bytes(numbered(written++)));
  };
  const racing = {
    ...os,
    lstatAt: (...[fd, name]: Parameters<typeof os.lstatAt>) => {
      // Several rotations.
      if (isFast && name === "current") write(20);
      isFast = false;
      return os.lstatAt(fd, name);
    },
  };
  const found = openLogFiles(racing, { path: directory.path, lock: undefined }, () => {});
  const reader = new DirectoryReader(racing, found, show, true);
  let read = "";
  for (let round = 0; round < 10; round++) {
    write(3);
    isFast = true;
    read += rest(reader);
  }
  equal(read, Array.from({ length: written }, (_, number) => numbered(number)).join(""));
  logdir.close();
});

/** The lines that a reader reads of those that are written faster, and what it says. */
async function outrun(looks: boolean): Promise<{ readonly read: readonly number[]; readonly warnings: string[] }> {
  await using directory = await Directory.of({});
  const logdir = logdirIn(directory, 3);
  const reader = directory.reader(true);
  const read: number[] = [];
  for (let number = 0; number < 400; number++) {
    logdir.write(bytes(numbered(number)));
    if (looks && number % 10 === 0) reader.look();
    // One line a time, and so it never comes to the end.
    const line = number % 10 === 0 ? reader.next() : undefined;
    if (line !== undefined) read.push(Number.parseInt(line.text));
  }
  for (let line = reader.next(); line !== undefined; line = reader.next()) read.push(Number.parseInt(line.text));
  logdir.close();
  return { read, warnings: directory.warnings };
}

for (const looks of [true, false]) {
  Deno.test(`a reader that is outrun says so, and reads on with what is left${looks ? ", and is shown changes" : ""}`, async () => {
    const { read, warnings } = await outrun(looks);
    ok(read.length < 400 && read.at(-1) === 399, `${read}`);
    deepEqual(read, [...new Set(read)].toSorted((one, other) => one - other));
    // What was removed, or may have been: never silently.
    ok(warnings.length > 0);
    for (const warning of warnings) match(warning, / is written faster than it is read: /);
  });
}

function endOf(directory: Directory, lines: number, bytes: number): string[] {
  const found = openLogFiles(os, { path: directory.path, lock: undefined }, (text) => directory.warnings.push(text));
  try {
    return endOfLog(os, found, (line) => bareLine(line, utc), { lines, bytes }).map(({ text }) => text);
  } finally {
    found.close();
  }
}

Deno.test("the end of a log goes on in older files as far as its limits do", async () => {
  await using directory = await Directory.of(THREE);
  deepEqual(endOf(directory, 3, Infinity), ["d", "e", "f"]);
  deepEqual(endOf(directory, Infinity, Infinity), ["a", "b", "c", "d", "e", "f"]);
  // A line whose begin cannot be told is not taken.
  const byBytes = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((bytes) => endOf(directory, Infinity, bytes).join(""));
  deepEqual(byBytes, ["", "", "", "f", "ef", "ef", "ef", "def", "cdef"]);
});

Deno.test("a line of any length takes no more memory than the limit, and lines in pieces are whole", async () => {
  const long = "x".repeat(200_000);
  await using directory = await Directory.of({ current: `${long}\n${long}\nend\n` });
  deepEqual(endOf(directory, 2, 1_000_000), [long, "end"]);
  deepEqual(endOf(directory, Infinity, 100_000), ["end"]);
});

Deno.test("a log that grows while its end is read has an end all the same", async () => {
  await using directory = await Directory.of({ current: `${"x".repeat(99)}\n`.repeat(100) });
  let count = 0;
  const line = bytes(`${"y".repeat(99)}\n`);
  const growing = {
    ...os,
    read: (_: number, into: Uint8Array<ArrayBuffer>): number => {
      into.set(line);
      return ++count > 10_000 ? 0 : line.length;
    },
  };
  const found = openLogFiles(os, { path: directory.path, lock: undefined }, () => {});
  const seen = (limit: { lines: number; bytes: number }): number =>
    endOfLog(growing, found, (text) => bareLine(text, utc), limit).length;
  equal(seen({ lines: Infinity, bytes: 1000 }), 20);
  equal(seen({ lines: 7, bytes: Infinity }), 7);
  found.close();
});

Deno.test("what is not a regular file of the logger's own is reported and not read", async () => {
  await using directory = await Directory.of({ [archive(5)]: "good\n" });
  await Deno.writeTextFile(`${directory.path}/secret`, "secret\n");
  await Deno.symlink(`${directory.path}/secret`, `${directory.path}/${archive(1)}`);
  await Deno.symlink("/nowhere", `${directory.path}/current`);
  files.makeFifo(`${directory.path}/previous`);
  await Deno.mkdir(`${directory.path}/${archive(2)}`);
  equal(rest(directory.reader()), "good\n");
  deepEqual(directory.warnings.map((text) => text.slice(directory.path.length + 1)), [
    `${archive(1)} is not read: it is a link, not a file`,
    `${archive(2)} is not read: it is a directory, not a file`,
    "previous is not read: it is a fifo, not a file",
    "current is not read: it is a link, not a file",
  ]);
});

Deno.test({
  name: "another user's file that has a second name there is not read",
  ignore: uid !== 0,
  fn: async () => {
    await using directory = await Directory.of({ [archive(1)]: "secret\n", [archive(2)]: "mine\n", current: "" });
    await Deno.chown(directory.path, 65534, 65534);
    await Deno.chown(`${directory.path}/${archive(2)}`, 65534, 65534);
    for (const moment of [1, 2]) {
      await Deno.link(`${directory.path}/${archive(moment)}`, `${directory.path}/other${moment}`);
    }
    equal(rest(directory.reader()), "mine\n");
    match(directory.warnings.join("\n"), /it has another name, and may be a file of user 0 from elsewhere$/);
  },
});

Deno.test({
  name: "a directory behind another user's link is not opened, one behind root's is",
  ignore: uid !== 0,
  fn: async () => {
    await using directory = await Directory.of(THREE);
    await using place = await Directory.of({});
    await Deno.chmod(place.path, 0o755);
    const link = `${place.path}/link`;
    await Deno.symlink(directory.path, link);
    // The temporary directory is for all: what is in it does not count, but the place itself.
    files.close(openLogFiles(os, { path: link, lock: undefined }, () => {}).directory);
    await Deno.chmod(place.path, 0o777);
    throws(
      () => openLogFiles(os, { path: link, lock: undefined }, () => {}),
      /link is a link of user 0, or lies where others can write, and is not followed/,
    );
  },
});

Deno.test("a directory that has not the lock of the logger is not its own", async () => {
  await using directory = await Directory.of(THREE);
  const lock = await Deno.stat(`${directory.path}/lock`);
  const place = { path: directory.path, lock: { device: lock.dev, inode: lock.ino! } };
  files.close(openLogFiles(os, { ...place, lock: files.stat(`${directory.path}/lock`) }, () => {}).directory);
  throws(
    () => openLogFiles(os, { ...place, lock: { ...place.lock, inode: place.lock.inode + 1 } }, () => {}),
    /is not the directory that the logger writes to/,
  );
});
