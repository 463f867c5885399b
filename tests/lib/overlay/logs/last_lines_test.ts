import { deepEqual, equal } from "node:assert/strict";
import { files } from "../../../../lib/os/file.ts";
import { lastLines } from "../../../../lib/overlay/logs/last_lines.ts";

const BLOCK = 65536;

async function inFile<T>(content: string, work: (fd: number) => T): Promise<T> {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, content);
  const fd = files.open(path, ["read"]);
  try {
    return work(fd);
  } finally {
    files.close(fd);
    await Deno.remove(path);
  }
}

const last = (content: string, lines: number, bytes = Infinity): Promise<{ found: number; text: string }> =>
  inFile(content, (fd) => {
    const { found, position, size } = lastLines(files, fd, { lines, bytes });
    equal(size, content.length - position);
    return { found, text: content.slice(position) };
  });

Deno.test("the last lines of a short file", async () => {
  const rows: readonly (readonly [content: string, most: number, found: number, text: string])[] = [
    ["", 3, 0, ""],
    ["a\nb\nc\n", 0, 0, ""],
    ["a\nb\nc\n", 1, 1, "c\n"],
    ["a\nb\nc\n", 2, 2, "b\nc\n"],
    ["a\nb\nc\n", 3, 3, "a\nb\nc\n"],
    ["a\nb\nc\n", 4, 3, "a\nb\nc\n"],
    ["a\nb\nc", 1, 1, "c"],
    ["\n", 1, 1, "\n"],
    ["\n\n\n", 2, 2, "\n\n"],
    ["a", 5, 1, "a"],
  ];
  for (const [content, most, found, text] of rows) deepEqual(await last(content, most), { found, text });
});

Deno.test("of a number of bytes only those lines are the last that are in them as a whole", async () => {
  const content = "aaaa\nbb\n\nc\n";
  const rows: readonly (readonly [bytes: number, text: string])[] = [
    [0, ""],
    [1, ""],
    [2, ""],
    [3, "c\n"],
    [4, "\nc\n"],
    [6, "\nc\n"],
    [7, "bb\n\nc\n"],
    [10, "bb\n\nc\n"],
    [11, content],
  ];
  for (const [bytes, text] of rows) {
    deepEqual(await last(content, Infinity, bytes), { found: text.split("\n").length - 1, text });
  }
  deepEqual(await last(content, 1, 7), { found: 1, text: "c\n" });
  deepEqual(await last("no end at all", Infinity, 5), { found: 0, text: "" });
});

Deno.test("bytes are counted across blocks", async () => {
  const line = `${"x".repeat(999)}\n`;
  const content = line.repeat(300);
  equal((await last(content, Infinity, 150_500)).found, 150);
  equal((await last(content, 100, 150_500)).found, 100);
});

Deno.test("a line end at any place about the border of two blocks is counted once", async () => {
  for (let shift = -3; shift <= 3; shift++) {
    const tail = "y".repeat(BLOCK + shift);
    const content = `first\n${"x".repeat(10)}\n${tail}\n`;
    deepEqual(await last(content, 1), { found: 1, text: `${tail}\n` });
    deepEqual((await last(content, 2)).text.length, content.length - "first\n".length);
    deepEqual(await last(content, 9), { found: 3, text: content });
  }
});

Deno.test("a file of zeros that looks endless is not searched to its begin", async () => {
  const path = await Deno.makeTempFile();
  await Deno.truncate(path, 2 ** 40);
  const fd = files.open(path, ["read"]);
  let read = 0;
  const os = { ...files, read: (from: number, into: Uint8Array<ArrayBuffer>) => (read++, files.read(from, into)) };
  const { found, position } = lastLines(os, fd, { lines: 1, bytes: Infinity });
  files.close(fd);
  await Deno.remove(path);
  equal(found, 1);
  equal(2 ** 40 - position, read * BLOCK);
  equal(read, 256);
});
